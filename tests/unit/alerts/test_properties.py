"""What holds of the life of alerts, whatever the findings."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from core.alerts.alert import AlertStatus
from core.alerts.deeds import resolve
from core.alerts.event import EventKind
from core.alerts.finding import Finding
from core.alerts.policy import AlertPolicy
from core.quality.rule import Metric, Severity
from tests.unit.alerts.looks import Stream, at, finding, holding

POLICY = AlertPolicy(cause_seconds=60, hold_seconds=30, cooldown_seconds=600)

KINDS = [
    ("a", Metric.REQUIRED),
    ("a", Metric.NULL_RATE),
    ("b", Metric.RANGE),
    ("c", Metric.TYPE),
    (None, Metric.VOLUME),
]

looked = st.lists(
    st.tuples(
        st.integers(1, 200),
        st.lists(st.sampled_from(["broken", "holds", "unseen"]), min_size=5, max_size=5),
        st.booleans(),
    ),
    max_size=60,
)


def seen(second: int, states: list[str], since: dict[int, int]) -> list[Finding]:
    """The findings of a look; each keeps its beginning as long as it is broken."""
    out = []
    for number, state in enumerate(states):
        name, metric = KINDS[number]
        if state == "unseen":
            continue
        begun = since.setdefault(number, second) if state == "broken" else second
        if state == "holds":
            since.pop(number, None)
        severity = Severity.WARNING if number % 2 else Severity.ERROR
        made = finding(name, begun, metric=metric, severity=severity)
        out.append(made if state == "broken" else holding(made))
    return out


@settings(max_examples=200)
@given(looked)
def test_there_are_never_two_open_alerts_of_one_thing(
    looks: list[tuple[int, list[str], bool]],
) -> None:
    stream, second, since = Stream(POLICY), 0, dict[int, int]()
    for step, states, resolving in looks:
        second += step
        before = {one.id: one for one in stream.alerts.values()}
        found = seen(second, states, since)
        stream.look(second, *found)

        keys = Counter(each.key for one in stream.active for each in one.findings)
        assert not keys or max(keys.values()) == 1
        grace_over = [
            one for one in stream.alerts.values() if one.resolved is None or one.resolved.by is None
        ]
        known = {each.key for one in grace_over if one.active for each in one.findings}
        if len(grace_over) == len(stream.alerts):
            assert {(each.rule_id, each.field) for each in found if each.broken} <= known
        for one in stream.alerts.values():
            was = before.get(one.id)
            assert was is None or not (
                was.severity is Severity.ERROR and one.severity is Severity.WARNING
            )
        if resolving and stream.active:
            stream.keep(resolve(stream.active[0], "user:default/jane", at(second), "done"))


@settings(max_examples=200)
@given(looked)
def test_what_opened_and_holds_long_enough_is_resolved_exactly_once(
    looks: list[tuple[int, list[str], bool]],
) -> None:
    stream, second, since = Stream(POLICY), 0, dict[int, int]()
    for step, states, _ in looks:
        second += step
        stream.look(second, *seen(second, states, since))
    for _ in range(2):
        second += int(POLICY.longest_hold_seconds) + 1
        stream.look(second, *seen(second, ["holds"] * 5, since))

    assert stream.active == []
    for number, one in stream.alerts.items():
        kinds = Counter(event.kind for of, event in stream.events if of == number)
        assert kinds[EventKind.OPENED] == 1
        assert kinds[EventKind.RESOLVED] == 1 + kinds[EventKind.REOPENED] == 1 + one.reopened
        assert [e.number for of, e in stream.events if of == number] == [
            *range(1, one.transitions + 1)
        ]
        assert one.status is AlertStatus.RESOLVED


@settings(max_examples=150)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=400))
def test_however_a_stream_flaps_it_is_told_of_a_bounded_number_of_times(gaps: list[int]) -> None:
    """Each resolution takes twice as long as the one before: as many as fit, and one opening."""
    stream, second, broken = Stream(POLICY), 0, True
    for gap in gaps:
        made = finding(since=second)
        stream.look(second, made if broken else holding(made))
        second, broken = second + gap, not broken

    assert len(stream.alerts) == 1
    times = len(stream.told)
    assert times <= 2 * (1 + (second // 30 + 1).bit_length())
