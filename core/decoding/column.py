"""The keys or the values of a sample on their way to being decoded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from core.decoding.decoded import FailureReason, Format, Group, SchemaRef
from core.decoding.framing import Headers
from core.decoding.registered import RegisteredSchema

Schemas = Mapping[SchemaRef, RegisteredSchema | None]


@dataclass(slots=True)
class Cell:
    """One key or value; `index` is its message's place in the sample, `size` its encoded size."""

    index: int
    data: bytes
    size: int
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Miss:
    """A cell that could not be decoded."""

    cell: Cell
    reason: FailureReason
    detail: str


@dataclass(slots=True)
class _Bucket:
    values: list[object] = field(default_factory=list)
    size: int = 0
    messages: int = 0
    places: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Column:
    """Collects decoded cells by format and schema, and those that could not be decoded."""

    misses: list[Miss] = field(default_factory=list)
    _buckets: dict[tuple[Format, SchemaRef | None, str | None], _Bucket] = field(
        default_factory=dict
    )

    def add(self, cell: Cell, values: Iterable[object], written: Format) -> None:
        """One cell without a schema, which may hold many values."""
        self.add_all([(cell, list(values))], written)

    def add_all(
        self,
        decoded: Sequence[tuple[Cell, list[object]]],
        written: Format,
        ref: SchemaRef | None = None,
        type_name: str | None = None,
    ) -> None:
        """Many cells of one format and schema."""
        if decoded:
            bucket = self._buckets.setdefault((written, ref, type_name), _Bucket())
            bucket.values.extend(chain.from_iterable(values for _, values in decoded))
            bucket.size += sum(cell.size for cell, _ in decoded)
            bucket.messages += len(decoded)
            for cell, values in decoded:
                bucket.places.extend([cell.index] * len(values))

    def miss(self, cell: Cell, reason: FailureReason, detail: str) -> None:
        self.misses.append(Miss(cell, reason, detail))

    def groups(self) -> tuple[Group, ...]:
        """Largest first, so that the first one is the dominant one."""
        made = (
            Group(written, ref, tuple(b.values), b.size, b.messages, type_name, tuple(b.places))
            for (written, ref, type_name), b in self._buckets.items()
        )
        return tuple(sorted(made, key=lambda group: -group.messages))
