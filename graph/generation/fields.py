"""A model's flat list of fields as a schema's tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.schema.model import ITEMS, Bounds, Field, Kind, Logical
from graph.generation.proposal import FieldProposal

_KINDS: dict[str, tuple[Kind, Logical | None]] = {
    "string": (Kind.STRING, None),
    "integer": (Kind.INTEGER, None),
    "number": (Kind.NUMBER, None),
    "decimal": (Kind.BYTES, Logical.DECIMAL),
    "boolean": (Kind.BOOLEAN, None),
    "timestamp": (Kind.INTEGER, Logical.EPOCH_MILLIS),
    "date": (Kind.INTEGER, Logical.DATE),
    "uuid": (Kind.STRING, Logical.UUID),
    "email": (Kind.STRING, Logical.EMAIL),
    "uri": (Kind.STRING, Logical.URI),
    "ip": (Kind.STRING, Logical.IP),
    "phone": (Kind.STRING, Logical.PHONE),
    "currency": (Kind.STRING, Logical.CURRENCY),
    "country": (Kind.STRING, Logical.COUNTRY),
    "bytes": (Kind.BYTES, None),
    "object": (Kind.OBJECT, None),
}

_NUMBERS = ("integer", "number", "decimal")
_PRECISION, _SCALE = 18, 4
"""Digits of a decimal of which nobody said how many it has."""


@dataclass(slots=True)
class _Place:
    """A step of paths: what was said of it, and what lies below."""

    said: FieldProposal | None = None
    below: dict[str, _Place] = field(default_factory=dict)


def tree_of(fields: Sequence[FieldProposal]) -> tuple[Field, ...]:
    """The fields below the root. `a.b` makes an object of `a`, `a[].b` an array of objects."""
    root = _Place()
    for said in fields:
        place = root
        for step in said.path.replace("[]", f".{ITEMS}").split("."):
            place = place.below.setdefault(step, _Place())
        place.said = said
    return tuple(_field(name, place) for name, place in root.below.items())


def _field(name: str, place: _Place) -> Field:
    said = place.said
    optional = said is not None and not said.required
    doc = said.doc if said is not None else ""
    if not place.below:
        return _leaf(name, said, optional=optional, doc=doc)
    kind = Kind.ARRAY if ITEMS in place.below else Kind.OBJECT
    children = tuple(_field(step, below) for step, below in place.below.items())
    return Field(name, frozenset({kind}), optional, children, doc=doc)


def _leaf(name: str, said: FieldProposal | None, *, optional: bool, doc: str) -> Field:
    kind, logical = _KINDS[said.type if said is not None else "string"]
    kinds = frozenset({kind, Kind.NULL} if optional else {kind})
    made = Field(name, kinds, optional, logical=logical, doc=doc)
    if said is None:
        return made
    enum = tuple(dict.fromkeys(said.values)) or None if kind is Kind.STRING else None
    return Field(
        name,
        made.kinds,
        optional,
        enum=enum,
        logical=None if enum else logical,
        bounds=_bounds(said),
        doc=doc,
    )


def _bounds(said: FieldProposal) -> Bounds:
    digits = (_PRECISION, _SCALE) if said.type == "decimal" else (None, None)
    if said.type not in _NUMBERS:
        return Bounds(pattern=said.pattern if said.type == "string" else None)
    return Bounds(said.minimum, said.maximum, precision=digits[0], scale=digits[1])
