"""The life of an alert, from findings alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.alerts.alert import AlertStatus
from core.alerts.deeds import (
    AlertResolvedError,
    MuteEndError,
    acknowledge,
    mute,
    resolve,
    unmute,
)
from core.alerts.event import EventKind
from core.alerts.finding import Finding, Position
from core.alerts.policy import AlertPolicy
from core.quality.rule import Metric, Severity
from tests.unit.alerts.looks import Stream, at, finding, holding

JANE = "user:default/jane"
BROKEN = finding()
HELD = holding(BROKEN)


def recovered(policy: AlertPolicy | None = None) -> Stream:
    """Opened at 0, holding from 10 on, resolved at 40."""
    stream = Stream(policy or AlertPolicy())
    for seconds, seen in ((0, BROKEN), (10, HELD), (39, HELD), (40, HELD)):
        stream.look(seconds, seen)
    return stream


def test_an_alert_opens_holds_for_a_while_and_is_resolved_once() -> None:
    stream = Stream()

    stream.look(0, BROKEN)
    assert (stream.only.status, stream.only.opened_at) == (AlertStatus.OPEN, at(0))
    stream.look(5, BROKEN)
    stream.look(10, HELD)
    stream.look(39, HELD)
    assert stream.only.active
    stream.look(40, HELD)
    stream.look(41, HELD)

    assert stream.kinds == [EventKind.OPENED, EventKind.RESOLVED]
    assert stream.told == stream.kinds
    assert stream.only.resolved is not None
    assert (stream.only.resolved.by, stream.only.resolved.at) == (None, at(40))
    assert [event.number for _, event in stream.events] == [1, 2]


def test_what_holds_opens_nothing() -> None:
    stream = Stream()

    stream.look(0, HELD, holding(finding("amount")))

    assert stream.alerts == {}


@pytest.mark.parametrize(
    ("second", "alerts"),
    [
        (finding("amount", 59), 1),
        (finding("amount", 61), 2),
        (finding("amount", -60), 1),
        (finding("amount", 600, schema_ids=("17",)), 1),
        (finding("amount", 600, schema_ids=("18",)), 2),
        (finding("customer_id", 600, metric=Metric.NULL_RATE), 1),
        (finding(None, 600, metric=Metric.VOLUME), 2),
    ],
)
def test_findings_of_one_cause_are_one_alert(second: Finding, alerts: int) -> None:
    first = finding(schema_ids=("17",))
    apart, together = Stream(), Stream()

    apart.look(0, first)
    apart.look(700, first, second)
    together.look(700, second, first)

    assert len(apart.active) == len(together.active) == alerts
    assert (EventKind.GREW in apart.kinds) is (alerts == 1)


def test_one_deploy_that_breaks_six_fields_is_one_alert_and_one_notice() -> None:
    stream = Stream()
    broken = [finding(f"f{number}", since=number * 7) for number in range(6)]

    for number in range(1, 7):
        stream.look(number * 7, *broken[:number])

    assert len(stream.only.findings) == 6
    assert stream.told == [EventKind.OPENED]
    assert "f0" in stream.only.title
    assert "3 more" in stream.only.title


def test_silence_and_a_low_volume_are_the_same_trouble() -> None:
    stream = Stream()
    quiet = finding(None, 0, metric=Metric.VOLUME)
    stream.look(0, quiet)
    stream.look(300, quiet, finding(None, 290, metric=Metric.FRESHNESS))

    assert [each.metric for each in stream.only.findings] == [Metric.VOLUME, Metric.FRESHNESS]


def test_it_is_resolved_only_when_all_of_it_holds() -> None:
    stream = Stream()
    other = finding("amount")
    stream.look(0, BROKEN, other)

    stream.look(10, HELD, other)
    stream.look(600, HELD, other)
    assert stream.only.active
    stream.look(610, HELD, holding(other))
    stream.look(640, HELD, holding(other))

    assert not stream.only.active


def test_what_a_look_says_nothing_of_stays_as_it_is() -> None:
    stream = Stream()
    stream.look(0, BROKEN)

    stream.look(10)
    stream.look(10_000)
    assert stream.only.active

    stream.look(10_010, HELD)
    stream.look(10_020, BROKEN)
    stream.look(10_040, HELD)
    assert stream.only.active


def test_a_rule_that_is_no_more_ends_its_alert() -> None:
    stream = Stream()
    stream.look(0, BROKEN)

    stream.look(5, retired=(BROKEN.rule_id,))

    assert stream.kinds == [EventKind.OPENED, EventKind.RESOLVED]
    assert "in force no longer" in stream.events[-1][1].said


def test_a_relapse_reopens_the_same_alert_and_must_hold_twice_as_long() -> None:
    stream = recovered()

    again = finding(since=100)
    stream.look(100, again)
    assert (stream.only.status, stream.only.reopened) == (AlertStatus.REOPENED, 1)
    assert stream.only.since == at(100)
    stream.look(110, holding(again))
    stream.look(169, holding(again))
    assert stream.only.active
    stream.look(170, holding(again))

    assert stream.kinds == [
        EventKind.OPENED, EventKind.RESOLVED, EventKind.REOPENED, EventKind.RESOLVED
    ]  # fmt: skip


def test_after_the_cool_down_it_is_a_new_alert() -> None:
    stream = recovered(AlertPolicy(cooldown_seconds=600))

    stream.look(641, finding(since=641))

    assert [one.status for one in stream.alerts.values()] == [
        AlertStatus.RESOLVED, AlertStatus.OPEN
    ]  # fmt: skip


def test_the_same_beginning_found_again_never_opens_twice() -> None:
    """Though the cool-down is over: a store keeps one alert of a cause."""
    stream = recovered(AlertPolicy(cooldown_seconds=600))
    stream.policy = AlertPolicy(cooldown_seconds=10_000)

    stream.look(641, BROKEN)

    assert stream.only.status is AlertStatus.REOPENED


def test_a_flap_within_the_time_to_hold_is_told_to_nobody() -> None:
    stream = Stream()

    for number in range(100):
        stream.look(number * 10, BROKEN if number % 2 == 0 else HELD)

    assert stream.told == [EventKind.OPENED]


@pytest.mark.parametrize("period", [40, 100, 300, 900])
def test_an_even_flap_is_told_a_few_times_and_then_stays_open(period: int) -> None:
    stream = Stream()

    for second in range(0, 24 * 3_600, 5):
        stream.look(second, BROKEN if second % period < 5 else HELD)

    assert len(stream.alerts) == 1
    assert len(stream.told) <= 2 + 2 * (period // 30).bit_length()
    assert stream.only.active


def test_it_escalates_and_never_falls() -> None:
    stream = Stream()
    mild = finding(severity=Severity.WARNING)
    stream.look(0, mild)
    stream.look(5, mild, finding("amount"))
    stream.look(10, mild, holding(finding("amount")))

    assert stream.kinds == [EventKind.OPENED, EventKind.GREW, EventKind.ESCALATED]
    assert stream.told == [EventKind.OPENED, EventKind.ESCALATED]
    assert stream.only.severity is Severity.ERROR


def test_figures_are_those_of_the_beginning_and_of_now() -> None:
    stream = Stream()
    places = tuple(Position(partition=0, offset=number) for number in range(30))
    for number, place in enumerate(places):
        seen = finding(figures={"broken": float(number)}, positions=(place,))
        stream.look(number, seen)

    (kept,) = stream.only.findings
    assert (kept.first["broken"], kept.last["broken"]) == (0, 29)
    assert [each.offset for each in kept.positions] == [0, 1, 2, 3, 4, 25, 26, 27, 28, 29]


def test_somebody_who_looks_after_it_is_known_until_it_reopens() -> None:
    stream = Stream()
    stream.look(0, BROKEN)

    stream.keep(acknowledge(stream.only, JANE, at(5), "on it"))
    assert acknowledge(stream.only, JANE, at(6), "on it") is None
    stream.look(10, HELD)
    stream.look(40, HELD)
    with pytest.raises(AlertResolvedError):
        acknowledge(stream.only, JANE, at(41), None)
    assert stream.only.acknowledged is not None
    stream.look(60, finding(since=60))

    assert stream.only.acknowledged is None
    assert stream.only.status is AlertStatus.REOPENED


def test_what_a_person_resolved_and_is_still_broken_comes_back() -> None:
    """A person cannot silence a rule for ever by resolving it."""
    stream = Stream()
    stream.look(0, BROKEN)
    stream.keep(resolve(stream.only, JANE, at(10), "fixed in 2.1"))
    assert resolve(stream.only, JANE, at(11), "again") is None

    stream.look(20, BROKEN, finding("amount", 5))
    assert stream.active == []
    stream.look(10_000, BROKEN)

    assert stream.only.status is AlertStatus.REOPENED
    assert stream.events[-1][1].said == (
        f"{JANE} resolved it, and it is still broken: `customer_id` is missing where it is "
        "required."
    )


def test_what_a_person_resolved_and_held_is_a_relapse_when_it_breaks() -> None:
    stream = Stream()
    stream.look(0, BROKEN)
    stream.keep(resolve(stream.only, JANE, at(10), "fixed"))

    stream.look(20, HELD)
    stream.look(30, finding(since=30))

    assert stream.only.status is AlertStatus.REOPENED
    assert stream.events[-1][1].said.startswith("Broken again: ")


def test_a_muted_alert_is_counted_and_not_told() -> None:
    stream = Stream()
    stream.look(0, BROKEN)
    stream.keep(mute(stream.only, JANE, at(1), at(3_600), "a migration"))

    stream.look(10, HELD)
    stream.look(40, HELD)
    stream.look(100, finding(since=100))
    assert stream.told == [EventKind.OPENED]
    assert stream.only.reopened == 1

    stream.look(3_600, finding(since=100))

    assert stream.told == [EventKind.OPENED, EventKind.UNMUTED]
    assert stream.only.muted is None
    assert "2 changes of it went untold" in stream.events[-1][1].said


@pytest.mark.parametrize("until", [-5, 0, 91 * 86_400])
def test_a_mute_has_an_end_that_is_ahead(until: float) -> None:
    stream = Stream()
    stream.look(0, BROKEN)

    with pytest.raises(MuteEndError):
        mute(stream.only, JANE, at(0), at(until), None)


def test_the_same_mute_again_changes_nothing_and_it_can_be_taken_back() -> None:
    stream = Stream()
    stream.look(0, BROKEN)
    muting: Callable[[], object] = lambda: mute(stream.only, JANE, at(1), at(60), None)  # noqa: E731
    stream.keep(mute(stream.only, JANE, at(1), at(60), None))
    assert muting() is None

    stream.keep(unmute(stream.only, JANE, at(2)))
    assert unmute(stream.only, JANE, at(3)) is None
    stream.look(10, HELD)
    stream.look(40, HELD)

    assert stream.told == [EventKind.OPENED, EventKind.RESOLVED]


@pytest.mark.parametrize(
    ("findings", "title"),
    [
        (
            [BROKEN],
            "orders.v1: `customer_id` is missing where it is required, since 2026-03-01 10:00:00 "
            "UTC (owned by group:default/orders)",
        ),
        (
            [finding("a"), finding("b")],
            "orders.v1: `a` and `b`: each is missing where it is required, since",
        ),
        (
            [finding("a"), finding("a", metric=Metric.TYPE)],
            "orders.v1: `a` is missing where it is required, and 1 other finding (`a`), since",
        ),
        ([finding(None, metric=Metric.LAG)], "orders.v1: the topic is read with too much lag"),
    ],
)
def test_its_title_names_topic_field_what_since_and_owner(
    findings: list[Finding], title: str
) -> None:
    stream = Stream()
    stream.look(0, *findings)

    assert stream.only.title.startswith(title)
