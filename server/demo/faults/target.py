"""Where a fault goes: the topic and the field that can have it, by what the topic's fields are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from server.demo.faults.fault import Fault
from server.demo.faults.harm import HARMS
from server.demo.field import Field, Type
from server.demo.topic import FLAWLESS, Event, Topic, Writing
from server.demo.wire.schema import schema_text

_FILLED = (Type.REAL, Type.WHOLE, Type.CHOICE, Type.TEXT)
"""What a burst of nulls hits, the likeliest first; of numbers, what a flip of type does."""
_MISSING_AT_MOST = 0.2
_DEVICES = ("machines", "vehicles")
_CLOCKS = (Type.INSTANT, Type.INSTANT_TEXT, Type.WHOLE)
_UNREADABLE = (Writing.TEXT, Writing.RAW_AVRO)
"""Without fields, or with fields that nobody knows who has no schema at hand."""
_IN_SCHEMA = (Writing.REGISTERED_AVRO, Writing.REGISTERED_PROTOBUF)
"""Bytes that only a schema can read, which the registry must have first."""


class UnknownTopicError(Exception):
    """The fault was asked for on a topic that the fleet does not have, or that has no messages."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"No topic {name} with messages is in the demo fleet here. `headwater sources` lists "
            "what there is; leave --topic out to have one chosen."
        )


class UnsuitableTopicError(Exception):
    """The topic cannot have this fault; the text says which can."""

    def __init__(self, fault: Fault, name: str, takers: Sequence[str]) -> None:
        super().__init__(
            f"{name} has nothing that {fault.value} could happen to in the way it is written. "
            f"Topics that take it: {', '.join(takers) or 'none of those here'}."
        )


@dataclass(frozen=True, slots=True)
class Target:
    """`ill` is the topic as the fault makes it; `event` the kind of record that has the `field`.

    With `new_schema` the fault's records need a schema that is to be registered: the newest version
    of the ill topic's event.
    """

    fault: Fault
    topic: Topic
    event: str
    field: str | None
    ill: Topic
    new_schema: bool = False

    @property
    def newest(self) -> bool:
        """Whether the fault's records must be written under the newest version to have it."""
        if self.field is None:
            return False
        return self.new_schema or _event(self.topic, self.event).fields[self.field].since > 1


def target_of(
    fault: Fault, topics: Sequence[Topic], owned: Collection[str] = (), name: str | None = None
) -> Target:
    """The topic of that name, else the likeliest: `owned` and sound, in no need of a new schema.

    Raises UnknownTopicError and UnsuitableTopicError.
    """
    takers = {target.topic.name: target for target in targets(fault, topics)}
    if name is None:
        if not takers:
            raise UnsuitableTopicError(fault, "The fleet", ())
        return min(takers.values(), key=lambda target: _order(target, owned))
    if name not in {topic.name for topic in topics if topic.count}:
        raise UnknownTopicError(name)
    if name not in takers:
        raise UnsuitableTopicError(fault, name, sorted(takers))
    return takers[name]


def targets(fault: Fault, topics: Sequence[Topic]) -> Iterator[Target]:
    """One for each topic that can have the fault."""
    for topic in topics:
        if topic.count and (found := _target(fault, topic)):
            yield found


def _order(target: Target, owned: Collection[str]) -> tuple[bool, bool, bool, bool, float, int]:
    topic = target.topic
    return (
        topic.name not in owned,
        topic.defects != FLAWLESS,
        target.new_schema,
        len(topic.events) > 1,
        topic.tombstones,
        -topic.count,
    )


def _target(fault: Fault, topic: Topic) -> Target | None:
    if fault is Fault.VOLUME_DROP:
        return Target(fault, topic, "", None, topic)
    if topic.writing in _UNREADABLE:
        return None
    for event in sorted(topic.events, key=lambda event: -event.weight):
        if fitting := _candidates(fault, topic, event):
            return _on_field(fault, topic, event, fitting[0])
    return None


def _candidates(fault: Fault, topic: Topic, event: Event) -> list[str]:
    """The fields that fit, the likeliest first; filled ones, or a hit would not show in each."""
    missing = _MISSING_AT_MOST if fault is Fault.NULL_BURST else 0.0
    filled = {n: f for n, f in event.fields.items() if f.absent + f.null <= missing}
    fitting = [name for name, field in filled.items() if _fits(fault, topic, field)]
    if fault in (Fault.NULL_BURST, Fault.TYPE_FLIP):
        fitting.sort(key=lambda name: _FILLED.index(event.fields[name].shape.type))
    return fitting


def _fits(fault: Fault, topic: Topic, field: Field) -> bool:
    shape = field.shape
    match fault:
        case Fault.TYPE_FLIP:
            number = shape.type in (Type.REAL, Type.WHOLE) and not field.event_time
            return number and topic.writing is not Writing.CSV
        case Fault.NULL_BURST:
            return shape.type in _FILLED and not field.event_time
        case Fault.LATE_DATA | Fault.CLOCK_SKEW:
            return field.event_time and shape.type in _CLOCKS
        case Fault.DUPLICATES:
            return shape.type is Type.UUID
        case Fault.ENUM_DRIFT:
            return shape.type is Type.CHOICE and len(shape.symbols) > 1
        case Fault.UNIT_CHANGE:
            ratio = shape.high is not None and shape.high <= 1
            return shape.type is Type.REAL and not ratio
        case Fault.STUCK_SENSOR:
            measured = shape.type is Type.REAL and None not in (shape.low, shape.high)
            return measured and topic.about in _DEVICES
    return False


def _on_field(fault: Fault, topic: Topic, event: Event, name: str) -> Target:
    if fault not in HARMS:
        return Target(fault, topic, event.name, name, topic)
    harmed = replace(event, fields={**event.fields, name: HARMS[fault](event.fields[name])})
    others = (harmed if other is event else other for other in topic.events)
    ill = replace(topic, events=tuple(others), defects=FLAWLESS)
    differs = schema_text(topic, event, event.versions) != schema_text(ill, harmed, event.versions)
    new_schema = differs and topic.writing in _IN_SCHEMA
    return Target(fault, topic, event.name, name, ill, new_schema)


def _event(topic: Topic, name: str) -> Event:
    return next(event for event in topic.events if event.name == name)
