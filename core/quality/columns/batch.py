"""Records of one micro-batch as columns, and those that fit in none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import polars as pl

from core.arrays import Ints

ABSENT = msgspec.UNSET
"""A root that the record does not have; a null is None."""

Places = Ints
"""Places of records in their micro-batch."""


@dataclass(frozen=True, slots=True)
class Batch:
    """`frame` has a row for each place; a column is named by its path, `roots` holds the values
    that rules look into record by record. `odd` are records with a value that is not of its
    column's type: they are judged whole. A place occurs once: a message that holds many records is
    as bad as the worst of them (`odd` may name it often).
    """

    frame: pl.DataFrame
    places: Places
    roots: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    odd: Sequence[tuple[int, Any]] = ()


def places_of(places: Sequence[int]) -> Places:
    """As an array; a range is not counted through."""
    if isinstance(places, range):
        return np.arange(places.start, places.stop, places.step, dtype=np.int64)
    return np.asarray(places, np.int64)


def frame_of(
    columns: Mapping[str, Sequence[Any]], types: Mapping[str, pl.DataType]
) -> pl.DataFrame:
    """Columns of values that are of their types, or None."""
    made = [pl.Series(path, values, types[path], strict=True) for path, values in columns.items()]
    return pl.DataFrame(made)
