"""How alike the fields of two schemas are, each with each: one matrix."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.arrays import Mask
from core.similarity.comparable import ComparedField, Vectors
from core.similarity.meaning import likeness
from core.similarity.type_fit import type_fit
from core.similarity.values import alike, shared

Fields = tuple[ComparedField, ...]
Matrix = NDArray[np.float64]
Known = Mask

TOLD, PLACED = 0.15, 0.1
"""Weight of name with description and of the whole path; the name alone has what is left."""
FLATTENED = 0.95
"""How alike `address.city` and `address_city` are: what the whole paths say, where that is more."""
ARRAY, DEPTH = 0.75, 0.97
"""What an array, and what a record, that only one side has around its field leaves of the sum.

Records come and go as events are flattened; a field of many items is mostly another.
"""
VALUES, VALUES_ALONE = 0.3, 0.6
"""Weight of the values' looks, where the names can be read by the model and where they cannot."""
SHARED = 0.2
"""What is added where all values of one side are the other's as well."""


def named_likeness(left: Fields, right: Fields, vectors: Vectors) -> tuple[Matrix, Known]:
    """From 0 to 1, and where both names can be read by the model; shape (left, right) both.

    max(.75 name + .15 told + .1 path, .95 path) x type x nesting. The name is the better of word
    and vector likeness, and a description never makes less of it than the name alone; equal fields
    get 1.
    """
    words = _table(left, right, lambda a, b: likeness(a.meaning, b.meaning))
    name, readable = _cosines(left, right, vectors, lambda field: field.called)
    told, _ = _cosines(left, right, vectors, lambda field: field.told)
    placed, _ = _cosines(left, right, vectors, lambda field: field.placed)
    name = np.maximum(name, words)
    read = (1 - TOLD - PLACED) * name + TOLD * np.maximum(name, told) + PLACED * placed
    names = np.where(readable, np.maximum(read, FLATTENED * placed), words)
    fits = _table(left, right, lambda a, b: type_fit(a.field, b.field).factor)
    return names * fits * _nesting(left, right), readable


def with_values(left: Fields, right: Fields, names: Matrix, readable: Known) -> Matrix:
    """The likeness of names mixed with that of the values, where both sides have any."""
    if not any(field.values for field in left) or not any(field.values for field in right):
        return names
    looks = _table(left, right, _looks)
    same = _table(left, right, _same)
    weight = np.where(readable, VALUES, VALUES_ALONE)
    mixed = np.minimum((1 - weight) * names + weight * looks + SHARED * same, 1.0)
    return np.where(looks >= 0, mixed, names)


def _looks(one: ComparedField, other: ComparedField) -> float:
    """-1 where a side has no values."""
    return alike(one.values, other.values) if one.values and other.values else -1.0


def _same(one: ComparedField, other: ComparedField) -> float:
    return shared(one.values, other.values) if one.values and other.values else 0.0


def _nesting(left: Fields, right: Fields) -> Matrix:
    arrays = _apart(left, right, lambda field: field.path.count("[]"))
    records = _apart(left, right, lambda field: field.path.count("."))
    return np.asarray(ARRAY**arrays * DEPTH**records)


def _apart(left: Fields, right: Fields, count: Callable[[ComparedField], int]) -> Matrix:
    mine, theirs = ([count(field) for field in side] for side in (left, right))
    return np.abs(np.subtract.outer(mine, theirs)).astype(np.float64)


def _table(
    left: Fields, right: Fields, cell: Callable[[ComparedField, ComparedField], float]
) -> Matrix:
    return np.array([[cell(a, b) for b in right] for a in left]).reshape(len(left), len(right))


def _cosines(
    left: Fields, right: Fields, vectors: Vectors, text: Callable[[ComparedField], str]
) -> tuple[Matrix, Known]:
    """Cosines, never negative, and where both texts have a vector."""
    mine, theirs = ([vectors.get(text(field)) for field in side] for side in (left, right))
    size = next((len(row) for row in (*mine, *theirs) if row is not None), 1)
    rows = [np.array([np.zeros(size) if v is None else v for v in side]) for side in (mine, theirs)]
    known = [np.array([row is not None for row in side], bool) for side in (mine, theirs)]
    products = rows[0].reshape(-1, size) @ rows[1].reshape(-1, size).T
    texts = [np.array([text(field) for field in side], object) for side in (left, right)]
    same = np.equal.outer(*texts).astype(bool)
    return np.where(same, 1.0, np.clip(products, 0.0, 1.0)), np.logical_and.outer(*known)
