"""How alike fields are by name and type, each pair of different fields worked out once.

The fields of a fleet are few but for their values: every second topic has a `customer_id`.
"""

from __future__ import annotations

from collections.abc import Hashable
from operator import itemgetter

import numpy as np

from core.similarity.comparable import Comparable, ComparedField, Vectors
from core.similarity.field_likeness import Known, Matrix, named_likeness
from core.similarity.type_fit import form_of

_CELLS = 1_000_000
"""What is known at once, at most: some 100 MB."""
_SIDES = 5_000


class LikenessTable:
    """Fields are the same to it that `named_likeness` cannot tell apart; for one thread."""

    def __init__(self) -> None:
        self._forget()

    def between(
        self, left: Comparable, right: Comparable, vectors: Vectors
    ) -> tuple[Matrix, Known]:
        """As `named_likeness` of all fields of both."""
        if self._cells > _CELLS:
            self._forget()
        rows, columns = self._places(left), self._places(right)
        if not rows or not columns:
            empty = np.zeros((len(rows), len(columns)))
            return empty, empty.astype(bool)
        self._ensure(rows, columns, vectors)
        pick = itemgetter(*columns)
        packed = np.array([pick(self._known[row]) for row in rows], np.float64)
        packed = packed.reshape(len(rows), len(columns))
        readable = packed >= 0
        return np.where(readable, packed, -1 - packed), readable

    def _ensure(self, rows: list[int], columns: list[int], vectors: Vectors) -> None:
        wanted = set(columns)
        lacking = [row for row in set(rows) if not wanted <= self._known[row].keys()]
        if not lacking:
            return
        new = sorted({column for row in lacking for column in wanted - self._known[row].keys()})
        names, readable = named_likeness(
            tuple(self._fields[row] for row in lacking),
            tuple(self._fields[column] for column in new),
            vectors,
        )
        # Those that the model cannot read are kept below zero.
        for row, cells in zip(lacking, np.where(readable, names, -1 - names).tolist(), strict=True):
            self._known[row].update(zip(new, cells, strict=True))
        self._cells += len(lacking) * len(new)

    def _places(self, side: Comparable) -> list[int]:
        known = self._sides.get(id(side))
        if known is None:
            if len(self._sides) >= _SIDES:
                self._sides.clear()
            # With the side itself, so that no other takes its place in memory.
            known = self._sides[id(side)] = side, [self._place(field) for field in side.fields]
        return known[1]

    def _place(self, field: ComparedField) -> int:
        key = _key(field)
        place = self._ids.get(key)
        if place is None:
            place = self._ids[key] = len(self._fields)
            self._fields.append(field)
            self._known.append({})
        return place

    def _forget(self) -> None:
        self._ids: dict[Hashable, int] = {}
        self._fields: list[ComparedField] = []
        self._known: list[dict[int, float]] = []
        self._sides: dict[int, tuple[Comparable, list[int]]] = {}
        self._cells = 0


def _key(field: ComparedField) -> Hashable:
    """All that `named_likeness` looks at."""
    return (
        field.called,
        field.placed,
        field.told,
        field.meaning,
        form_of(field.field),
        field.field.enum,
        field.path.count("[]"),
        field.path.count("."),
    )
