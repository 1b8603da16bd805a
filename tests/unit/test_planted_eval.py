"""The eval of planted faults: which alert answers a fault, what it costs, and clean traffic."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.decoding.message import Message
from core.decoding.payload import decode, referenced_schemas
from evals.clean_traffic import clean_topics, merged
from evals.planted import figures, places, told
from evals.season import Season
from evals.sighting import Lookout
from evals.simulated_topic import SimulatedTopic, ill
from evals.trial import Outcome, Trial
from server.demo.faults.account import Account, Phase, Planted
from server.demo.faults.episode import Episode
from server.demo.faults.fault import Fault
from server.demo.faults.target import target_of
from server.demo.fleet import TOPICS
from server.demo.population import populate

BEGINS = datetime(2026, 3, 4, 5, 0, tzinfo=UTC)
ENDS = BEGINS + timedelta(seconds=60)


def second(number: float) -> datetime:
    """So many seconds after the fault's beginning."""
    return BEGINS + timedelta(seconds=number)


def alert(
    name: int, opened: float, *findings: tuple[str, str | None], status: str = "open"
) -> dict[str, Any]:
    return {
        "id": name,
        "source": "payments",
        "status": status,
        "opened_at": second(opened).isoformat(),
        "findings": [
            {"metric": metric, "field": field, "since": second(opened - 1.5).isoformat()}
            for metric, field in findings
        ],
    }


def planted(phase: Phase, **more: Any) -> Planted:
    return Planted(
        phase=phase,
        fault=Fault.NULL_BURST,
        topic="payments",
        event="Payment",
        field="amount",
        share=0.5,
        begins=BEGINS,
        ends=ENDS,
        **more,
    )


def tried(looks: Sequence[tuple[float, list[dict[str, Any]]]]) -> Trial:
    """A trial at 1,000 messages a second, half of them hit, that saw the alerts at those times."""
    trial, account = Trial(), Account()
    trial.hear(planted(Phase.PLANNED))
    for tenth in range(-10, 601):
        account.arrived, account.hit = max(0, tenth * 100), max(0, tenth * 50)
        trial.count(second(tenth / 10), account)
    for at, alerts in looks:
        if at >= 0:
            trial.hear(planted(Phase.BEGUN if at < 60 else Phase.ENDED))
        trial.look(alerts, second(at))
    return trial


def test_a_fault_is_found_when_its_alert_opens_and_is_over_when_that_resolves() -> None:
    found = alert(7, 4.0, ("null_rate", "amount"))
    over = found | {"status": "resolved"}
    trial = tried([(-1, []), (2, []), (4.2, [found]), (61, [found]), (75, [over])])
    outcome = trial.outcome()
    assert trial.done
    assert outcome.seconds == 4.0
    assert (outcome.messages, outcome.hits) == (4_000, 2_000)
    assert outcome.names_field
    assert outcome.recovered == 15
    assert outcome.written()["found"] is True
    assert outcome.start_off == 2.5
    said = "4.0 s, 4000 messages, 2000 hit, by null_rate, since +2.50 s; resolved 15 s"
    assert said in told(outcome)


def test_what_was_open_before_the_fault_is_no_answer_to_it() -> None:
    old = alert(1, -30, ("pattern", "iban"))
    trial = tried([(-1, [old]), (10, [old]), (61, [old]), (95, [old])])
    assert trial.done
    assert trial.outcome().sighting is None
    assert trial.outcome().open_before == 1
    assert "not found" in told(trial.outcome())


def test_a_finding_that_joins_an_open_alert_counts_from_when_it_is_seen() -> None:
    old = alert(1, -30, ("pattern", "iban"))
    joined = alert(1, -30, ("pattern", "iban"), ("null_rate", "amount"))
    outcome = tried([(-1, [old]), (3, [old]), (5, [joined])]).outcome()
    assert outcome.seconds == 5
    assert outcome.names_field


def test_an_alert_that_was_over_and_comes_back_is_news() -> None:
    old = alert(1, -30, ("null_rate", "amount"))
    again = old | {"status": "reopened", "reopened_at": second(9).isoformat()}
    looks = [(-1, [old]), (3, [old | {"status": "resolved"}]), (9.5, [again])]
    assert tried(looks).outcome().seconds == 9


def test_an_alert_about_another_field_is_found_and_said_to_miss_the_field() -> None:
    outcome = tried([(-1, []), (8, [alert(2, 8, ("range", "total"))])]).outcome()
    assert outcome.sighting is not None
    assert outcome.names_field is False


def test_what_is_over_before_the_fault_is_forgotten() -> None:
    lookout = Lookout()
    lookout.before([alert(1, -9, ("range", "total"), status="resolved")])
    assert lookout.known == set()


def test_figures_count_what_was_not_found() -> None:
    quick = tried([(-1, []), (2, [alert(3, 2, ("null_rate", "amount"))])]).outcome()
    slow = tried([(-1, []), (6, [alert(3, 6, ("range", "total"))])]).outcome()
    missed = tried([(-1, []), (61, [])]).outcome()
    lines = figures([quick, slow, missed])
    assert lines[0] == "planted: 3, found 2, resolved by themselves 0"
    assert "4.0 s, 4000 messages, 2000 hit" in lines[1]
    assert lines[2] == "the field is named: 1 of 2"
    assert lines[3].endswith("+0.50 s at least, +4.50 s at most, median +2.50 s")
    assert figures([missed]) == ["planted: 1, found 0, resolved by themselves 0"]


def test_a_trial_without_a_plan_has_no_outcome() -> None:
    with pytest.raises(ValueError, match="no fault"):
        Trial().outcome()


def test_nine_faults_go_to_nine_topics() -> None:
    found = dict(places())
    assert set(found) == set(Fault)
    assert len(set(found.values())) == 9


def test_a_day_swings_about_its_mean() -> None:
    season = Season(2.0, 1.2, 14)
    came = Counter(
        at.hour for at in season.arrivals(datetime(2026, 3, 4, tzinfo=UTC), 24, random.Random(7))
    )
    assert came[2] == 0
    assert 1.9 * 2.0 * 3_600 < came[14] < 2.3 * 2.0 * 3_600
    assert came.total() == pytest.approx(2.0 * 86_400, rel=0.05)


def test_50_clean_topics_of_all_kinds_can_be_read_and_come_in_order() -> None:
    topics = clean_topics(BEGINS)
    assert len({topic.name for topic in topics}) == 50
    assert len({topic.topic.writing for topic in topics}) >= 6
    known = {ref: schema for topic in topics for ref, schema in topic.schemas.items()}
    assert len(known) == sum(len(topic.schemas) for topic in topics)
    by_topic: dict[str, list[Message]] = {}
    before = 0
    for name, message in merged(topics, BEGINS, 0.5):
        by_topic.setdefault(name, []).append(message)
        assert message.timestamp_ms > before - 2_000
        before = max(before, message.timestamp_ms)
    assert len(by_topic) > 40
    for messages in by_topic.values():
        batch = decode(messages, {ref: known[ref] for ref in referenced_schemas(messages)})
        assert batch.failures == ()


def read_nulls(topic: SimulatedTopic, hours: float) -> list[float]:
    """The event times, in seconds after the start, of records whose total is null."""
    found = []
    for message in topic.messages(BEGINS, hours):
        row = decode([message], topic.schemas).values[0].values[0]
        assert isinstance(row, dict)
        if row["amount"] is None:
            found.append(message.timestamp_ms / 1000 - BEGINS.timestamp())
    return found


def test_a_fault_at_a_simulated_clock_has_its_hour_and_its_schema() -> None:
    target = target_of(Fault.NULL_BURST, TOPICS, name="payments.payouts.v1")
    assert target.new_schema
    episode = Episode(BEGINS + timedelta(hours=1), BEGINS + timedelta(hours=2), 0.5)
    world = populate(7, BEGINS.date())
    nulls = read_nulls(ill(target, episode, Season(0.1, 0.0, 12), world, "7", 1), 3)
    assert 120 < len(nulls) < 240
    assert min(nulls) >= 3_600
    assert max(nulls) <= 7_202


def test_outcomes_of_faults_without_a_field_name_none() -> None:
    without = planted(Phase.ENDED).model_copy(update={"field": None})
    assert Outcome(without, None, None, None, None, None, 0).names_field is None
