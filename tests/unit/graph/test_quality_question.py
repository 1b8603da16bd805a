"""A question about quality is read for which topics it means, and since when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from graph.models.offline.quality_question import QualityAsk, QualityQuestion, read

NOW = datetime(2026, 3, 5, 14, 30, tzinfo=UTC)
TALKED_OF = (("orders-raw", "orders_clean"),)


def asked(text: str) -> QualityQuestion:
    return read(text, TALKED_OF, NOW)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("how good is supplier-events?", "supplier-events"),
        ("why is supplier_data_raw at 55?", "supplier_data_raw"),
        ("has the score of passenger-counts dropped this month", "passenger-counts"),
        ("look up the owner of fare.zones. And why are there so many nulls in it?", "fare.zones"),
        ("how good is it?", "orders-raw"),
        ("can I trust this topic?", "orders-raw"),
    ],
)
def test_a_named_topic_is_measured(text: str, name: str) -> None:
    assert (asked(text).ask, asked(text).names) == (QualityAsk.SCORE, (name,))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("what broke in orders today?", "orders"),
        ("how fresh is the price feed", "price"),
        ("is the payments stream healthy", "payments"),
        ("how complete is the address data", "address"),
        ("something is off with the weather feed", "weather"),
        ("what went wrong with the claims feed", "claims"),
    ],
)
def test_a_topic_that_is_only_described_is_looked_up_by_its_words(text: str, words: str) -> None:
    assert (asked(text).ask, asked(text).words) == (QualityAsk.SCORE, words)


@pytest.mark.parametrize(
    "text",
    ["which topics are worst?", "give me the ten unhealthiest topics", "how good is our data?"],
)
def test_all_are_ranked_where_none_is_meant(text: str) -> None:
    assert (asked(text).ask, asked(text).names) == (QualityAsk.RANKING, ())


@pytest.mark.parametrize(
    ("text", "words", "team"),
    [
        ("is anything wrong right now?", "", None),
        ("what broke today?", "", None),
        ("rules that fired today", "", None),
        ("any open incidents with tariffs?", "tariffs", None),
        ("alerts for the harbour team", "", "harbour"),
    ],
)
def test_alerts_are_asked_for_outright_or_of_all(text: str, words: str, team: str | None) -> None:
    question = asked(text)

    assert (question.ask, question.words, question.team) == (QualityAsk.ALERTS, words, team)


@pytest.mark.parametrize("text", ["explain alert 12", "why did alarm #12 open?"])
def test_an_alert_is_asked_for_by_its_number(text: str) -> None:
    assert (asked(text).ask, asked(text).alert_id) == (QualityAsk.ALERT, 12)


def test_some_are_compared() -> None:
    both = asked("which is better, ticket-sold or ticket-scanned?")

    assert (both.ask, both.names) == (QualityAsk.RANKING, ("ticket-sold", "ticket-scanned"))
    assert asked("find order topics, then check the quality of them").names == TALKED_OF[0]


def test_the_time_that_is_spoken_of_counts() -> None:
    assert asked("what broke in orders today?").since == datetime(2026, 3, 5, tzinfo=UTC)
    assert asked("how good is supplier-events?").since is None
