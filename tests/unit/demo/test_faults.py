"""Faults: where they go, what they do to a message, and that they keep to their time."""

from __future__ import annotations

from collections.abc import Callable
from statistics import fmean, median
from typing import Any

import pytest

from core.quality.expression import moment
from server.demo.faults.fault import SHARES, Fault
from server.demo.faults.harm import AHEAD, FACTOR, stranger
from server.demo.faults.order import OWNED
from server.demo.faults.target import (
    Target,
    UnknownTopicError,
    UnsuitableTopicError,
    target_of,
    targets,
)
from server.demo.fleet import TOPICS
from server.demo.story import Record
from server.demo.topic import FLAWLESS, Topic, Writing
from tests.unit.demo.faults import BEGINS, ENDS, faulty, rows, tell

BY_NAME = {topic.name: topic for topic in TOPICS}
_LOOKED_AT = 40


def on_fields(*faults: Fault) -> pytest.MarkDecorator:
    """All topics that take them; columns have no names, so what is in them is looked at apart."""
    found = [target for fault in faults for target in targets(fault, TOPICS)]
    mine = [target for target in found if target.topic.writing is not Writing.CSV]
    return pytest.mark.parametrize("target", mine, ids=named)


def named(target: Target) -> str:
    return f"{target.fault.value}-{target.topic.name}"


def harmed(target: Target, share: float = 1.0) -> list[Record]:
    """Some of the messages that are hit."""
    told = [told for _, told in tell(faulty(target, share), seconds=180) if told.hit]
    return [told.record for told in told if told.record][:_LOOKED_AT]


def values(target: Target, records: list[Record]) -> list[Any]:
    return [row.get(str(target.field)) for row in rows(target, records)]


def sound(target: Target) -> list[Any]:
    """The field's values before the fault, where there are any."""
    told = [told.record for _, told in tell(faulty(target), seconds=_LOOKED_AT) if told.record]
    mine = [r for r in told if r.event == target.event and r.value is not None]
    if target.topic.defects != FLAWLESS:
        return []
    return [value for value in values(target, mine) if value is not None]


@on_fields(Fault.TYPE_FLIP, Fault.NULL_BURST, Fault.ENUM_DRIFT)
def test_every_hit_record_can_be_read_and_has_the_fault(target: Target) -> None:
    hits = harmed(target)
    assert len(hits) >= 5
    shown = SHOWN[target.fault]
    assert [v for v in values(target, hits) if not shown(target, v, hits)] == []
    assert [v for v in sound(target) if shown(target, v, hits)] == []


def _is_text(target: Target, value: Any, hits: list[Record]) -> bool:
    return isinstance(value, str)


def _is_null(target: Target, value: Any, hits: list[Record]) -> bool:
    return value is None


def _is_stranger(target: Target, value: Any, hits: list[Record]) -> bool:
    event = next(event for event in target.topic.events if event.name == target.event)
    symbols = event.fields[str(target.field)].shape.symbols
    return not any(str(value) == s or str(value).endswith(_proto(s)) for s in symbols)


def _proto(symbol: str) -> str:
    return "_" + symbol.upper().replace("-", "_")


SHOWN: dict[Fault, Callable[[Target, Any, list[Record]], bool]] = {
    Fault.TYPE_FLIP: _is_text,
    Fault.NULL_BURST: _is_null,
    Fault.ENUM_DRIFT: _is_stranger,
}


def delays(target: Target, records: list[Record]) -> list[float]:
    """Seconds from the event, as the record tells it, to the message's own time."""
    found = []
    for record, value in zip(records, values(target, records), strict=True):
        at = moment(value)
        assert at is not None
        found.append(record.timestamp_ms / 1000 - at)
    return found


@on_fields(Fault.LATE_DATA, Fault.CLOCK_SKEW)
def test_event_times_are_hours_late_or_ahead_and_the_messages_own_time_is_right(
    target: Target,
) -> None:
    hits = harmed(target)
    found = delays(target, hits)
    if target.fault is Fault.LATE_DATA:
        assert min(found) >= 2 * 3_600 - 1
        assert max(found) <= 6 * 3_600 + 3
    else:
        assert {round(delay / 10) * 10 for delay in found} == {-AHEAD.total_seconds()}
    assert min(r.timestamp_ms for r in hits) >= BEGINS.timestamp() * 1000
    assert max(r.timestamp_ms for r in hits) <= ENDS.timestamp() * 1000 + 2_000


@on_fields(Fault.UNIT_CHANGE, Fault.STUCK_SENSOR)
def test_a_unit_changes_by_a_thousand_and_a_stuck_reading_stays(target: Target) -> None:
    found = [float(value) for value in values(target, harmed(target))]
    if target.fault is Fault.STUCK_SENSOR:
        assert len(set(found)) == 1
    elif before := sound(target):
        factor = median(map(abs, found)) / median(abs(float(value)) for value in before)
        assert FACTOR / 5 < factor < FACTOR * 5


def test_a_column_of_csv_is_emptied_and_rescaled() -> None:
    nulls = target_of(Fault.NULL_BURST, TOPICS, name="vendor_import_csv")
    assert all(b";;" in (record.value or b"") for record in harmed(nulls))
    scaled = target_of(Fault.UNIT_CHANGE, TOPICS, name="vendor_import_csv")
    spent = [float((r.value or b"").split(b";")[-2]) for r in harmed(scaled)]
    assert fmean(spent) > 10_000_000


@pytest.mark.parametrize("fault", Fault)
def test_a_fault_keeps_to_its_time_and_its_share(fault: Fault) -> None:
    told = tell(faulty(target_of(fault, TOPICS, OWNED), share=0.4))
    hits = [at for at, told in told if told.hit]
    assert hits
    assert all(BEGINS <= at < ENDS for at in hits)
    assert 0.28 < len(hits) / 200 < 0.52
    assert {at for at, told in told if told.record} >= {at for at, _ in told if at >= ENDS}


@pytest.mark.parametrize("fault", Fault)
def test_the_same_seed_plants_the_same_and_another_seed_other_hits(fault: Fault) -> None:
    target = target_of(fault, TOPICS, OWNED)
    assert tell(faulty(target)) == tell(faulty(target_of(fault, TOPICS, OWNED)))
    hits = [[at for at, told in tell(faulty(target, seed=s)) if told.hit] for s in ("7", "8")]
    assert hits[0] != hits[1]


def test_duplicates_are_records_that_came_a_little_before() -> None:
    target = target_of(Fault.DUPLICATES, TOPICS, OWNED)
    seen: set[bytes | None] = set()
    for _, told in tell(faulty(target)):
        assert told.record
        assert told.hit == (told.record.value in seen)
        seen.add(told.record.value)


def test_a_drop_of_volume_sends_less_and_nothing_else() -> None:
    target = target_of(Fault.VOLUME_DROP, TOPICS, OWNED)
    told = tell(faulty(target, share=0.9))
    held = sum(told.record is None for _, told in told)
    assert 160 <= held <= 197
    assert all(told.hit == (told.record is None) for _, told in told)


@pytest.mark.parametrize("fault", Fault)
def test_by_default_a_fault_goes_to_a_sound_topic_that_somebody_owns(fault: Fault) -> None:
    target = target_of(fault, TOPICS, OWNED)
    assert target.topic.name in OWNED
    assert target.topic.defects.rate <= 0.01
    assert not target.new_schema
    assert 0 < SHARES[fault] <= 1


def test_a_topic_that_cannot_have_the_fault_is_refused_with_those_that_can() -> None:
    with pytest.raises(UnsuitableTopicError, match=r"logistics-edi-messages.*supplier-events"):
        target_of(Fault.NULL_BURST, TOPICS, name="logistics-edi-messages")
    with pytest.raises(UnsuitableTopicError, match=r"iot\.sensors\.temperature"):
        target_of(Fault.STUCK_SENSOR, TOPICS, name="supplier-events")
    with pytest.raises(UnknownTopicError, match="nowhere"):
        target_of(Fault.NULL_BURST, TOPICS, name="nowhere")


@pytest.mark.parametrize("name", ["fraud_features_online", "logistics-edi-messages"])
def test_where_nobody_can_read_fields_only_the_volume_can_drop(name: str) -> None:
    assert [f for f in Fault for _ in targets(f, [BY_NAME[name]])] == [Fault.VOLUME_DROP]


def test_a_schema_forbids_another_type_so_it_comes_with_a_new_version() -> None:
    def needs(fault: Fault, topic: str) -> bool:
        return target_of(fault, TOPICS, name=topic).new_schema

    assert needs(Fault.TYPE_FLIP, "payments.payouts.v1")
    assert needs(Fault.NULL_BURST, "payments.payouts.v1")
    assert not needs(Fault.LATE_DATA, "payments.payouts.v1")
    assert not needs(Fault.TYPE_FLIP, "orders.orders.v4")


def test_a_stranger_among_symbols_is_written_as_they_are() -> None:
    assert stranger(("RED", "GREEN")) == "ON_HOLD"
    assert stranger(("in-stock", "sold")) == "on-hold"
    assert stranger(("open", "on_hold")) == "migrated"


def test_only_topics_that_are_there_are_chosen() -> None:
    present: list[Topic] = [BY_NAME["supplier-events"], BY_NAME["logistics-edi-messages"]]
    assert target_of(Fault.NULL_BURST, present, OWNED).topic.name == "supplier-events"
    with pytest.raises(UnsuitableTopicError, match="none of those here"):
        target_of(Fault.STUCK_SENSOR, present, OWNED)
