"""Messages of one topic as a watcher took them, and as columns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any, cast

import numpy as np

from core.arrays import Ints
from core.decoding.column import Schemas
from core.decoding.decoded import DecodedBatch, FailureReason, Format, SchemaRef
from core.decoding.framing import VALUE_HEADER, Headers
from core.decoding.message import Message
from core.decoding.payload import decode, referenced_schemas
from core.decoding.registered import RegisteredSchema, SchemaKind
from core.quality.columns.avro_block import NoColumnsError
from core.quality.columns.avro_columns import AvroColumns
from core.quality.columns.batch import Batch
from core.quality.columns.epochs import put_epochs
from core.quality.columns.rows import rows_batch
from core.quality.columns.typed_json import JsonColumns
from core.quality.columns.wanted import Wanted

_FRAMED = 0
_CONTEXT, _NOWHERE = 64, -1
_PREFIX = 5
"""Bytes before a framed payload: the zero and the schema id."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Arrays and sequences of equal length, in the order of arrival within each partition.
    `arrived_ms` is the record's timestamp in epoch milliseconds. `headers` only where any record
    has some, `keys` where they are needed."""

    partitions: Ints
    offsets: Ints
    arrived_ms: Ints
    values: Sequence[bytes | None]
    keys: Sequence[bytes | None] | None = None
    headers: Sequence[Headers] | None = None

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was made of an intake. `unread` are the places of messages that cannot be decoded, with
    the reason; `schemas` counts the registered schemas that the values name."""

    batches: Sequence[Batch]
    unread: Mapping[int, FailureReason]
    tombstones: Ints
    schemas: Mapping[str, int] = field(default_factory=dict)


class SchemasMissingError(Exception):
    """The intake names schemas that have not been asked for: ask, then take it again."""

    def __init__(self, refs: frozenset[SchemaRef]) -> None:
        super().__init__(f"{len(refs)} schemas are to be asked for")
        self.refs = refs


class Reader:
    """Reads what one set of rules wants; compiled readers are kept by schema."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._json = JsonColumns(wanted)
        self._avro: dict[SchemaRef, AvroColumns | None] = {}
        self._before: list[Message] = []
        """What came last of what is told by its company: one line of a table says little."""

    def take(self, intake: Intake, schemas: Schemas) -> Taken:
        """Raises SchemasMissingError for schemas that `schemas` does not hold; those that it holds
        as None are unknown to the registry."""
        sorted_out = _SortedOut.of(intake)
        missing = sorted_out.refs - schemas.keys()
        if missing:
            raise SchemasMissingError(frozenset(missing))
        batches: list[Batch] = []
        loose = list(sorted_out.loose)
        counts: Counter[str] = Counter()
        for ref, places in sorted_out.framed.items():
            counts[str(ref.id)] += len(places)
            loose += self._framed(intake, schemas[ref], places, batches)
        if sorted_out.plain:
            batch, other = self._json.read(sorted_out.plain, _at(intake, sorted_out.plain))
            batches.append(batch)
            loose += [sorted_out.plain[at] for at in other]
        unread = self._loose(intake, sorted(loose), schemas, batches)
        return Taken(batches, unread, np.asarray(sorted_out.tombstones, np.int64), counts)

    def _framed(
        self,
        intake: Intake,
        schema: RegisteredSchema | None,
        places: Sequence[int],
        batches: list[Batch],
    ) -> Sequence[int]:
        """Those that could not be read as columns."""
        if schema is None or schema.kind is SchemaKind.PROTOBUF:
            return places
        payloads = [value[_PREFIX:] for value in _at(intake, places)]
        if schema.kind is SchemaKind.JSON_SCHEMA:
            batch, other = self._json.read(places, payloads)
            batches.append(batch)
            return [places[at] for at in other]
        reader = self._avro_of(schema)
        if reader is None:
            return places
        try:
            batches.append(reader.read(places, payloads))
        except NoColumnsError:
            return places
        return []

    def _avro_of(self, schema: RegisteredSchema) -> AvroColumns | None:
        if schema.ref not in self._avro:
            try:
                self._avro[schema.ref] = AvroColumns(schema, self._wanted)
            except NoColumnsError:
                self._avro[schema.ref] = None
        return self._avro[schema.ref]

    def _loose(
        self, intake: Intake, places: list[int], schemas: Schemas, batches: list[Batch]
    ) -> dict[int, FailureReason]:
        """Everything else, decoded as a scan decodes it."""
        if not places:
            return {}
        messages = [_message(intake, place) for place in places]
        decoded = decode([*self._before, *messages], schemas)
        known = len(self._before)
        self._before = [*self._before, *messages][-_CONTEXT:]
        for at, message in enumerate(self._before):
            self._before[at] = replace(message, offset=_NOWHERE)
        # The places stand where offsets do: see `_message`.
        unread = {
            failure.offset: failure.reason
            for failure in decoded.failures
            if failure.offset != _NOWHERE
        }
        for rows in self._rows(decoded, places, known):
            if self._wanted.columns or self._wanted.roots:
                # Where rules speak of fields, what has none was meant to be something else.
                unread |= {
                    place: FailureReason.BROKEN_PAYLOAD
                    for place, value in rows
                    if not isinstance(value, dict)
                }
            batches.append(rows_batch([row for row in rows if row[0] not in unread], self._wanted))
        return unread

    def _rows(
        self, decoded: DecodedBatch, places: Sequence[int], known: int
    ) -> Iterator[list[tuple[int, object]]]:
        for group in decoded.values:
            if group.format in (Format.AVRO, Format.AVRO_CONTAINER):
                for value in group.values:
                    put_epochs(value, self._wanted.epochs)
            yield [
                (places[at - known], value)
                for at, value in zip(group.places, group.values, strict=True)
                if at >= known
            ]


@dataclass(frozen=True, slots=True)
class _SortedOut:
    plain: Sequence[int]
    framed: Mapping[SchemaRef, Sequence[int]]
    loose: list[int]
    tombstones: list[int]
    refs: set[SchemaRef]

    @staticmethod
    def of(intake: Intake) -> _SortedOut:
        headed = _headed(intake)
        everywhere = range(len(intake))
        if not headed:
            # The common cases at full speed: JSON objects alone, or one schema alone.
            opening = _common(intake.values)
            if opening == b"{":
                return _SortedOut(everywhere, {}, [], [], set())
            ref = None if opening is None else _named(opening)
            if ref is not None:
                return _SortedOut([], {ref: everywhere}, [], [], {ref})
        plain: list[int] = []
        loose: list[int] = []
        tombstones: list[int] = []
        by_prefix: dict[bytes, list[int]] = defaultdict(list)
        for place, value in enumerate(intake.values):
            if value is None:
                tombstones.append(place)
            elif place in headed:
                loose.append(place)
            elif value[:1] == b"{":
                plain.append(place)
            elif value[:1] == b"\0" and len(value) >= _PREFIX:
                by_prefix[value[:_PREFIX]].append(place)
            else:
                loose.append(place)
        framed: dict[SchemaRef, list[int]] = {}
        refs: set[SchemaRef] = set()
        for prefix, places in by_prefix.items():
            ref = _named(prefix)
            if ref is None:
                loose += places
            else:
                framed[ref] = places
                refs.add(ref)
        if headed:
            refs |= referenced_schemas([_message(intake, place) for place in sorted(headed)])
        return _SortedOut(plain, framed, loose, tombstones, refs)


def _common(values: Sequence[bytes | None]) -> bytes | None:
    """What all begin with: `{`, or one schema's prefix; None for anything else."""
    first = values[0] if values else None
    if first is None:
        return None
    length = _PREFIX if first[:1] == b"\0" else 1
    opening: Callable[[Any], bytes] = itemgetter(slice(length))
    try:
        found = set(map(opening, values))
    except TypeError:
        # One of them is a tombstone.
        return None
    return found.pop() if len(found) == 1 else None


def _at(intake: Intake, places: Sequence[int]) -> Sequence[bytes]:
    """Values of messages that have one."""
    if len(places) == len(intake):
        return cast("Sequence[bytes]", intake.values)
    return [intake.values[place] or b"" for place in places]


def _named(prefix: bytes) -> SchemaRef | None:
    number = int.from_bytes(prefix[1:], "big")
    framed = len(prefix) == _PREFIX and prefix[0] == _FRAMED
    return SchemaRef(id=number) if framed and 0 < number < 2**31 else None


def _headed(intake: Intake) -> set[int]:
    """Places of messages that name their schema in a header."""
    if intake.headers is None:
        return set()
    return {
        place
        for place, headers in enumerate(intake.headers)
        if any(name == VALUE_HEADER for name, _ in headers)
    }


def _message(intake: Intake, place: int) -> Message:
    """As decoding takes it; its place stands where its offset would, so that failures name it."""
    headers = intake.headers[place] if intake.headers is not None else ()
    return Message(0, place, -1, None, intake.values[place], headers)
