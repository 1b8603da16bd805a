"""A mapping applied to messages: each comes through whole, or is rejected with its reasons."""

from __future__ import annotations

import math
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from typing import Any

from core.inference.form import form_of, shape_of
from core.schema.model import Field, Kind, Schema
from core.unify.mapping import FieldMapping, Mapping
from core.unify.values import ValueRefusedError, applied

_SHAPE = 40


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a message does not come through; `shape` is its value's redacted shape."""

    to: str
    path: str | None
    reason: str
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """`message` is None where there are refusals."""

    message: dict[str, Any] | None
    refusals: tuple[Refusal, ...] = ()


class Carrier:
    """Runs one source's mapping into one unified schema; safe to share."""

    def __init__(self, mapping: Mapping, unified: Schema) -> None:
        places = dict(unified.walk())
        self._fields = [
            (one, tuple(one.path.split(".")) if one.path else (), tuple(one.to.split(".")),
             places[one.to])
            for one in mapping.fields
        ]  # fmt: skip
        filled = {one.to for one in mapping.fields}
        self._never = tuple(
            Refusal(path, None, "is required, and this source has none")
            for path, place in places.items()
            if not place.optional and not _groups(place) and "[" not in path and path not in filled
        )

    def carry(self, value: object) -> Carried:
        """The unified message, or why there is none."""
        if not isinstance(value, AnyMapping):
            return Carried(None, (Refusal("", None, "is no object with fields"),))
        message: dict[str, Any] = {}
        refusals = list(self._never)
        for one, path, to, place in self._fields:
            found = _at(value, path) if path else None
            try:
                made = _made(one, found, place)
            except ValueRefusedError as error:
                refusals.append(Refusal(one.to, one.path, str(error), redacted(found)))
                continue
            if made is not None:
                _put(message, to, made)
            elif not place.optional and Kind.NULL not in place.kinds:
                refusals.append(Refusal(one.to, one.path, "is required, and missing or null"))
        return Carried(None, tuple(refusals)) if refusals else Carried(message)


def redacted(value: object) -> str:
    """The shape of a value: what may be shown of it."""
    if isinstance(value, str):
        return shape_of(value, form_of(value))[:_SHAPE]
    if isinstance(value, float) and not math.isfinite(value):
        return "no finite number"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "9" * min(len(str(abs(int(value)))), _SHAPE)
    return {bool: "flag", type(None): "null", dict: "object", list: "array"}.get(
        type(value), type(value).__name__
    )


def _made(one: FieldMapping, value: object, place: Field) -> object:
    for step in one.steps:
        value = applied(step, value)
    if value is not None and place.enum is not None and value not in place.enum:
        raise ValueRefusedError("is none of the symbols")
    return value


def _at(value: object, path: tuple[str, ...]) -> object:
    for name in path:
        if not isinstance(value, AnyMapping):
            return None
        value = value.get(name)
    return value


def _put(message: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    for name in path[:-1]:
        message = message.setdefault(name, {})
    message[path[-1]] = value


def _groups(place: Field) -> bool:
    """A record only groups what is carried itself."""
    return place.kinds - {Kind.NULL} == {Kind.OBJECT} and bool(place.children)
