"""Whether an expression over fields can say anything: what it compares must be of one kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from core.quality.expression import Node
from core.schema.model import Field, Kind, Logical


class _Side(StrEnum):
    NUMBER = "a number"
    TEXT = "a text"
    FLAG = "a flag"


_SIDES: Mapping[Kind, _Side] = {
    Kind.INTEGER: _Side.NUMBER,
    Kind.NUMBER: _Side.NUMBER,
    Kind.STRING: _Side.TEXT,
    Kind.BOOLEAN: _Side.FLAG,
}
_COMPARED = frozenset({"==", "!=", "<", "<=", ">", ">="})
_COUNTED = frozenset({"+", "-", "*", "/", "abs"})
_OF_NUMBERS = frozenset({"abs", "length", "time", "-", "*", "/"})


def contradiction(node: Node, fields: Mapping[str, Field]) -> str | None:
    """The first comparison or sum of things that can never be compared or added, in words; None
    where there is none, or where types are not known."""
    return next(_contradictions(node, fields), None)


def _contradictions(node: Node, fields: Mapping[str, Field]) -> Iterator[str]:
    for part in node.parts:
        yield from _contradictions(part, fields)
    sides = [_side(part, fields) for part in node.parts]
    if node.op in _COMPARED and None not in sides and sides[0] is not sides[1]:
        left, right = (_said(*each) for each in zip(node.parts, sides, strict=True))
        hint = "; time(...) makes a number of a time" if _Side.FLAG not in sides else ""
        yield f"{left} {node.op} {right} compares what cannot be compared{hint}"
    if node.op in _COUNTED and _Side.FLAG in sides:
        yield f"{node.op} is not for flags"
    if node.op in _COUNTED - {"+"} and _Side.TEXT in sides:
        at = sides.index(_Side.TEXT)
        yield f"{node.op} is for numbers, not for {_said(node.parts[at], _Side.TEXT)}"


def _said(node: Node, side: _Side | None) -> str:
    return f"{node.given} ({side})" if node.op in ("field", "literal") else f"({side})"


def _side(node: Node, fields: Mapping[str, Field]) -> _Side | None:
    match node.op:
        case "literal":
            return _literal(node.given)
        case "field":
            return _of_field(fields[node.given]) if node.given in fields else None
        case "lower":
            return _Side.TEXT
        case "+":
            return _side(node.parts[0], fields) or _side(node.parts[1], fields)
        case op if op in _OF_NUMBERS:
            return _Side.NUMBER
    return _Side.FLAG


def _literal(given: object) -> _Side:
    if isinstance(given, bool):
        return _Side.FLAG
    return _Side.NUMBER if isinstance(given, int | float) else _Side.TEXT


def _of_field(place: Field) -> _Side | None:
    """A decimal is a text once it is decoded."""
    if place.logical is Logical.DECIMAL and Kind.BYTES in place.kinds:
        return _Side.TEXT
    kinds = place.kinds - {Kind.NULL}
    sides = {_SIDES.get(kind) for kind in kinds}
    return sides.pop() if len(sides) == 1 else None
