"""The shape of a record: the names of its keys, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from typing import Any

from core.inference.coerce import field_name

_FEW_SHAPES = 4
"""So many shapes are quicker to sift out one by one, in C, than record by record."""


def shapes_of(records: Sequence[dict[str, Any]]) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    """The records by their keys, in the order of the keys; unusable key names are mended."""
    keys = list(map(tuple, records))
    grouped: dict[tuple[Any, ...], list[dict[str, Any]]] = {shape: [] for shape in set(keys)}
    if len(grouped) <= _FEW_SHAPES:
        for shape in grouped:
            grouped[shape] = list(compress(records, map(shape.__eq__, keys)))
    else:
        for shape, record in zip(keys, records, strict=True):
            grouped[shape].append(record)
    return _mended(grouped)


def _mended(
    grouped: dict[tuple[Any, ...], list[dict[str, Any]]],
) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    mended: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for keys, records in grouped.items():
        names = tuple(map(field_name, keys))
        alike = records
        if names != keys or len(set(names)) < len(names):
            names, alike = _renamed(names, records)
        if names in mended:
            mended[names] += alike
        else:
            mended[names] = alike
    return mended


def _renamed(
    names: tuple[str, ...], records: list[dict[str, Any]]
) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """Records under mended names; of keys that become one name the last stays, as in JSON."""
    renamed = [dict(zip(names, record.values(), strict=True)) for record in records]
    return tuple(dict.fromkeys(names)), renamed
