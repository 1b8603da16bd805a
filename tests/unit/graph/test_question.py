"""A discovery question is read for what it asks, in many phrasings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.source import SourceChangeKind, SourceKind
from graph.draft import Aspect
from graph.models.offline.question import Ask, Question, named_source, read

NOW = datetime(2026, 3, 5, 14, 30, tzinfo=UTC)  # a Thursday
LATEST, EARLIER = ("refunds.v1",), ("orders-raw", "orders_clean")


def asked(text: str) -> Question:
    return read(text, [LATEST, EARLIER], NOW)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I need supplier data", "supplier data"),
        ("which topics have customer e-mail addresses?", "customer e-mail addresses"),
        ("can you find me topics that mention iban?", "iban"),
        ("do we have anything on employee absences", "employee absences"),
        ("where do I find anything about churn?", "churn"),
        ("Ich brauche Lieferantendaten", "Lieferantendaten"),
        ("find supplier topics", "supplier"),
        ("which topics track price changes?", "which topics track price changes"),
        ("list all topics about invoices", "invoices"),
    ],
)
def test_a_need_for_data_becomes_a_search_for_its_words(text: str, words: str) -> None:
    question = asked(text)

    assert (question.ask, question.text) == (Ask.SEARCH, words)


@pytest.mark.parametrize(
    ("text", "name", "aspect"),
    [
        ("what is in supplier-events?", "supplier-events", Aspect.OVERVIEW),
        ("describe `weather`", "weather", Aspect.OVERVIEW),
        ("supplier_data_raw", "supplier_data_raw", Aspect.OVERVIEW),
        ("who owns fraud-alerts?", "fraud-alerts", Aspect.OWNER),
        ("whom do I contact about web.clicks", "web.clicks", Aspect.OWNER),
        ("who reads card-payments", "card-payments", Aspect.CONSUMERS),
        ("which fields does orders.v2 have", "orders.v2", Aspect.FIELDS),
        ("partitions and retention of invoice-lines", "invoice-lines", Aspect.CONFIGURATION),
        ("how many messages are in user-logins", "user-logins", Aspect.SIZE),
        ("what format is sensor-readings in", "sensor-readings", Aspect.FORMAT),
    ],
)
def test_a_named_source_is_described_by_the_side_that_was_asked_about(
    text: str, name: str, aspect: Aspect
) -> None:
    question = asked(text)

    assert (question.ask, question.name, question.aspect) == (Ask.DESCRIBE, name, aspect)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("and who consumes it?", "refunds.v1"),
        ("show me its fields", "refunds.v1"),
        ("tell me more about the first one", "refunds.v1"),
        ("who owns the second one?", "orders_clean"),
    ],
)
def test_it_and_the_second_one_mean_the_latest_answer_that_has_as_many(
    text: str, name: str
) -> None:
    assert asked(text).name == name


def test_it_means_nothing_when_the_words_say_what_is_looked_for() -> None:
    assert asked("show me everything with iban numbers in it").name is None
    assert read("who consumes it?", [], NOW).name is None


@pytest.mark.parametrize(
    ("text", "kind", "name", "since"),
    [
        ("what's new", None, None, None),
        ("what changed since yesterday?", None, None, datetime(2026, 3, 4, tzinfo=UTC)),
        ("any new topics since Monday", "new", None, datetime(2026, 3, 2, tzinfo=UTC)),
        ("which topics vanished today", "vanished", None, datetime(2026, 3, 5, tzinfo=UTC)),
        (
            "what changed in supplier-events in the last 2 hours",
            None,
            "supplier-events",
            datetime(2026, 3, 5, 12, 30, tzinfo=UTC),
        ),
        ("what changed since 2026-02-01", None, None, datetime(2026, 2, 1, tzinfo=UTC)),
        ("what changed in the last 99999999999 days", None, None, NOW - timedelta(days=3650)),
    ],
)
def test_changes_are_asked_for_by_kind_source_and_time(
    text: str, kind: str | None, name: str | None, since: datetime | None
) -> None:
    question = asked(text)

    assert question.ask is Ask.CHANGES
    assert (question.change, question.name, question.since) == (
        SourceChangeKind(kind) if kind else None,
        name,
        since,
    )


@pytest.mark.parametrize(
    ("text", "kind", "place", "data_format", "has_schema"),
    [
        ("list unmanaged topics of procurement", SourceKind.DISCOVERED, "procurement", None, None),
        ("show all data products of the finance domain", SourceKind.MANAGED, "finance", None, None),
        ("how many topics does marketing have", None, "marketing", None, None),
        ("how many topics are there?", None, None, None, None),
        ("list avro topics of the payments team", None, "payments", "avro", None),
        ("topics without a registered schema", None, None, None, False),
    ],
)
def test_a_list_is_narrowed_by_kind_place_format_and_schema(
    text: str,
    kind: SourceKind | None,
    place: str | None,
    data_format: str | None,
    has_schema: bool | None,
) -> None:
    question = asked(text)

    assert question.ask is Ask.LIST
    assert (question.kind, question.place, question.data_format, question.has_schema) == (
        kind,
        place,
        data_format,
        has_schema,
    )


@pytest.mark.parametrize(
    ("text", "kind", "place", "data_format"),
    [
        ("topics without an owner", None, None, None),
        ("which topics have no owner?", None, None, None),
        ("how many unowned topics are there", None, None, None),
        ("list discovered csv topics that nobody owns", SourceKind.DISCOVERED, None, "csv"),
        ("list topics in avro without any owner", None, None, "avro"),
        ("topics of procurement that have no known owner", None, "procurement", None),
    ],
)
def test_topics_without_an_owner_are_listed(
    text: str, kind: SourceKind | None, place: str | None, data_format: str | None
) -> None:
    question = asked(text)

    assert (question.ask, question.has_owner) == (Ask.LIST, False)
    assert (question.kind, question.place, question.data_format) == (kind, place, data_format)


@pytest.mark.parametrize("text", ["which supplier topics have no owner?", "supplier without owner"])
def test_those_about_a_subject_are_searched_for(text: str) -> None:
    question = asked(text)

    assert (question.ask, question.text, question.has_owner) == (Ask.SEARCH, "supplier", False)


def test_a_named_topic_without_an_owner_is_described() -> None:
    question = asked("does supplier-events have no owner?")

    assert (question.ask, question.aspect) == (Ask.DESCRIBE, Aspect.OWNER)


@pytest.mark.parametrize(
    "text", ["customer e-mail in real-time", "since 2026-01-01", "version 1.2", "a/b.c", "x@y.org"]
)
def test_ordinary_words_dates_and_addresses_are_no_topic_names(text: str) -> None:
    assert named_source(text) is None
