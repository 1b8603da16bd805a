"""What the fields of a discovered topic are: its key, its event time, what is sensitive."""

from __future__ import annotations

from collections.abc import Iterator

from core.drafting.ontology import Attribute, ontology
from core.names import parts_of
from core.schema.model import Field, Kind, Logical, Schema
from core.source import SourceDetail

_TIMES = frozenset(
    {Logical.DATE_TIME, Logical.EPOCH_SECONDS, Logical.EPOCH_MILLIS, Logical.EPOCH_MICROS}
)
_EVENT_TIMES = ("event", "occurred", "happened", "timestamp", "ts", "time", "created")
"""Words of a field's name that tell when it happened, the surest first."""

_PERSONAL = {
    Logical.EMAIL: "an e-mail address",
    Logical.PHONE: "a telephone number",
    Logical.IP: "a network address",
}
_STRUCTURES = frozenset({Kind.OBJECT, Kind.ARRAY, Kind.MAP})
_LONGEST_PHRASE = 3


def certain(schema: Schema) -> Iterator[tuple[str, Field]]:
    """The fields that every message has, by path: never absent, and no part of a list or map."""
    yield from _certain("", schema.root)


def key_of(source: SourceDetail, schema: Schema) -> str | None:
    """The field that the message's key repeats, where one does and every message has it."""
    fields = {path: place for path, place in certain(schema) if not place.kinds & _STRUCTURES}
    named = [name for name in source.report.key_fields if name in fields]
    return named[0] if len(named) == 1 else None


def event_time_of(schema: Schema) -> str | None:
    """The time that every message tells: the one whose name says so, or the only one."""
    times = [path for path, place in certain(schema) if place.logical in _TIMES]
    for word in _EVENT_TIMES:
        if named := [path for path in times if word in parts_of(path.rpartition(".")[2])]:
            return named[0]
    return times[0] if len(times) == 1 else None


def sensitive_of(schema: Schema) -> tuple[str, ...]:
    """Fields that are personal by what their values are, or by what their names mean."""
    return tuple(
        path for path, place in schema.walk() if place.logical in _PERSONAL or _is_sensitive(place)
    )


def attribute_of(name: str) -> Attribute | None:
    """What the ontology knows of a field by the last words of its name."""
    words = [part.lower() for part in parts_of(name)]
    known = ontology().attributes
    for length in range(min(_LONGEST_PHRASE, len(words)), 0, -1):
        if found := known.get(" ".join(words[-length:])):
            return found
    return None


def _is_sensitive(place: Field) -> bool:
    known = attribute_of(place.name)
    return known is not None and known.sensitive is not None and not place.kinds & _STRUCTURES


def _certain(path: str, parent: Field) -> Iterator[tuple[str, Field]]:
    if parent.kinds != {Kind.OBJECT}:
        return
    for child in parent.children:
        if child.optional or child.nullable:
            continue
        here = f"{path}.{child.name}" if path else child.name
        yield here, child
        yield from _certain(here, child)
