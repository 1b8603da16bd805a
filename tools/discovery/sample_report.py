"""The report on a sample, out of what was decoded and inferred."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from core.decoding.decoded import DecodedBatch, Failure, Group
from core.inference.render import Inferred
from core.report import (
    EventKindCount,
    FailedPosition,
    FailureCount,
    FormatCount,
    SampleReport,
    StrayCount,
    schema_label,
)

_POSITIONS = 5
"""So many failed messages of each reason are named by their position."""

_MAX_HEADERS = 50
_COMPARED = 50
"""So many messages are looked at to find the field that the key repeats."""
_MISSES = 0.05
"""This share of them may hold another value there."""


def report_of(
    batch: DecodedBatch, inferred: Inferred | None, kinds: Sequence[EventKindCount]
) -> SampleReport:
    """Counts, positions and names; no value of any message."""
    headers = sorted(batch.header_names.items(), key=lambda item: (-item[1], item[0]))
    return SampleReport(
        messages=batch.messages,
        bytes=batch.bytes,
        values=_formats(batch.values),
        keys=_formats(batch.keys),
        key_fields=_key_fields(batch),
        unkeyed=batch.unkeyed,
        tombstones=batch.tombstones,
        headers=dict(headers[:_MAX_HEADERS]),
        failures=_failures(batch.failures),
        strays=_strays(inferred),
        event_kinds=tuple(kinds),
    )


def inferred_kinds(inferred: Inferred) -> tuple[EventKindCount, ...]:
    """Event kinds that a field of the messages tells apart."""
    return tuple(
        EventKindCount(
            name=kind.name,
            told_by=kind.discriminator,
            messages=kind.count,
            share=kind.share,
            fields=len(kind.fields),
        )
        for kind in inferred.kinds
    )


def _formats(groups: Iterable[Group]) -> tuple[FormatCount, ...]:
    by_format: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        by_format[group.format].append(group)
    counts = (
        FormatCount(
            format=name,
            messages=sum(group.messages or len(group.values) for group in alike),
            bytes=sum(group.bytes for group in alike),
            schemas=tuple(sorted({schema_label(g.schema) for g in alike if g.schema})),
        )
        for name, alike in by_format.items()
    )
    return tuple(sorted(counts, key=lambda count: (-count.messages, count.format)))


def _failures(failures: Iterable[Failure]) -> tuple[FailureCount, ...]:
    by_reason: dict[str, list[Failure]] = defaultdict(list)
    for failure in failures:
        by_reason[failure.reason].append(failure)
    return tuple(
        FailureCount(
            reason=reason, messages=len(alike), positions=tuple(_positions(alike[:_POSITIONS]))
        )
        for reason, alike in sorted(by_reason.items())
    )


def _positions(failures: Iterable[Failure]) -> Iterator[FailedPosition]:
    for failure in failures:
        yield FailedPosition(
            partition=failure.partition,
            offset=failure.offset,
            size=failure.size,
            detail=failure.detail[:300],
        )


def _strays(inferred: Inferred | None) -> tuple[StrayCount, ...]:
    if inferred is None:
        return ()
    return tuple(
        StrayCount(messages=stray.count, share=stray.share, fields=stray.fields[:20])
        for stray in inferred.strays
    )


def _key_fields(batch: DecodedBatch) -> tuple[str, ...]:
    """The fields of structured keys, or the value's field that a plain key repeats."""
    keys = [key for group in batch.keys for key in group.values[:_COMPARED]]
    if not keys:
        return ()
    if isinstance(keys[0], Mapping):
        return tuple(str(name) for name in list(keys[0])[:5])
    repeated = _repeated(
        {str(key) for group in batch.keys for key in group.values if not isinstance(key, list)},
        [value for group in batch.values for value in group.values[:_COMPARED]],
    )
    return (repeated,) if repeated else ()


def _repeated(keys: set[str], values: Sequence[object]) -> str | None:
    """The top-level field whose values are (nearly) always one of the keys, most telling first."""
    records = [value for value in values if isinstance(value, Mapping)]
    misses = int(_MISSES * len(records))
    # A field with fewer misses than that is in one of the first records.
    names = dict.fromkeys(name for record in records[: misses + 1] for name in record)
    hits = {name: _hits(name, keys, records, misses) for name in names}
    always = [name for name, found in hits.items() if found]
    return max(always, key=lambda name: (len(hits[name]), -len(name)), default=None)


def _hits(
    name: object, keys: set[str], records: Sequence[Mapping[Any, object]], misses: int
) -> set[str]:
    """The keys that a field repeats; none where more records than `misses` do not."""
    found: set[str] = set()
    for record in records:
        text = _key_text(record.get(name))
        if text is not None and text in keys:
            found.add(text)
        elif misses:
            misses -= 1
        else:
            return set()
    return found


def _key_text(value: object) -> str | None:
    """A value as a plain key would be written; None for what no key can be."""
    plain = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value) if plain else None
