"""Whether a decoded record has the shape that its schema says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.quality.record import kinds_of
from core.schema.model import ITEMS, VALUES, Field, Kind

_DEEPEST = 32


def conforms(record: Any, root: Field) -> bool:
    """Fields that the schema does not know are let be: readers pass over them."""
    return _fits(record, root, 0)


def _fits(value: Any, field: Field, depth: int) -> bool:
    if depth > _DEEPEST or not field.kinds:
        return True
    found = kinds_of(value) & field.kinds
    if not found:
        # Decoding writes dates, decimals and the like as text, whatever lay on the topic.
        return isinstance(value, str) and field.logical is not None
    if Kind.OBJECT in found and isinstance(value, dict):
        return all(_holds(value, child, depth) for child in field.children)
    if Kind.MAP in found and isinstance(value, dict):
        inner = _named(field, VALUES)
        return inner is None or all(_fits(one, inner, depth + 1) for one in value.values())
    if Kind.ARRAY in found and isinstance(value, list):
        inner = _named(field, ITEMS)
        return inner is None or all(_fits(one, inner, depth + 1) for one in value)
    return True


def _holds(record: Mapping[str, Any], child: Field, depth: int) -> bool:
    if child.name not in record:
        return child.optional
    return _fits(record[child.name], child, depth + 1)


def _named(field: Field, name: str) -> Field | None:
    return next((child for child in field.children if child.name == name), None)


def always_there(fields: Mapping[str, Field]) -> frozenset[str]:
    """Paths of plain fields of the record itself that may be neither absent nor null."""
    return frozenset(
        path
        for path, field in fields.items()
        if path == field.name and not field.optional and not field.nullable and field.kinds
    )
