"""Several descriptions of one place made one: all of them hold, or any of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.schema.model import Field, Kind, Logical

_STRUCTURED = frozenset({Kind.OBJECT, Kind.MAP})


def united(fields: Sequence[Field]) -> Field:
    """Any of them holds (`anyOf`, a union): kinds add up, a member absent from one is optional."""
    result = fields[0]
    for field in fields[1:]:
        result = _united(result, field)
    return result


def conjoined(fields: Sequence[Field]) -> Field:
    """All of them hold (`allOf`): kinds narrow, a member required by one is required."""
    result = fields[0]
    for field in fields[1:]:
        result = _conjoined(result, field)
    return result


def _united(a: Field, b: Field) -> Field:
    kinds = a.kinds | b.kinds
    return replace(
        a,
        kinds=kinds - {Kind.INTEGER} if Kind.NUMBER in kinds else kinds,
        children=_united_children(a, b),
        enum=_united_enum(a, b),
        logical=a.logical if a.logical == b.logical or _null_only(b) else _if_null(a, b),
        bounds=a.bounds if a.bounds == b.bounds or _null_only(b) else Field("", kinds).bounds,
        doc=a.doc or b.doc,
        tags=a.tags | b.tags,
    )


def _null_only(field: Field) -> bool:
    return field.kinds == {Kind.NULL}


def _if_null(a: Field, b: Field) -> Logical | None:
    return b.logical if _null_only(a) else None


def _united_enum(a: Field, b: Field) -> tuple[str | int, ...] | None:
    if a.enum is not None and b.enum is not None:
        return tuple(dict.fromkeys((*a.enum, *b.enum)))
    if _null_only(a):
        return b.enum
    return a.enum if _null_only(b) else None


def _united_children(a: Field, b: Field) -> tuple[Field, ...]:
    """Members of records that only one side has are optional; the other side's kinds matter."""
    both_records = bool(a.kinds & _STRUCTURED) and bool(b.kinds & _STRUCTURED)
    mine = {child.name: child for child in a.children}
    theirs = {child.name: child for child in b.children}
    children = []
    for name in {**mine, **theirs}:
        one, other = mine.get(name), theirs.get(name)
        if one is not None and other is not None:
            joined = _united(one, other)
            children.append(replace(joined, optional=one.optional or other.optional))
        elif (only := one or other) is not None:
            children.append(replace(only, optional=only.optional or both_records))
    return tuple(children)


def _conjoined(a: Field, b: Field) -> Field:
    mine = {child.name: child for child in a.children}
    for child in b.children:
        one = mine.get(child.name)
        if one is None:
            mine[child.name] = child
        else:
            joined = _conjoined(one, child)
            mine[child.name] = replace(joined, optional=one.optional and child.optional)
    return replace(
        a,
        kinds=_narrowed(a.kinds, b.kinds),
        children=tuple(mine.values()),
        enum=a.enum if b.enum is None else _shared_enum(a.enum, b.enum),
        logical=a.logical or b.logical,
        bounds=a.bounds if a.bounds != Field("", frozenset()).bounds else b.bounds,
        doc=a.doc or b.doc,
        tags=a.tags | b.tags,
    )


def _narrowed(a: frozenset[Kind], b: frozenset[Kind]) -> frozenset[Kind]:
    """Kinds that both allow; one side that says nothing, or contradicts, does not narrow."""
    if not a or not b:
        return a or b
    if Kind.MAP in a | b and a & _STRUCTURED and b & _STRUCTURED:
        return (a & b) - {Kind.MAP} | {Kind.OBJECT}
    if {Kind.INTEGER, Kind.NUMBER} <= a | b:
        return (a & b) | {Kind.INTEGER}
    return (a & b) or (a | b)


def _shared_enum(
    a: tuple[str | int, ...] | None, b: tuple[str | int, ...]
) -> tuple[str | int, ...]:
    return b if a is None else tuple(symbol for symbol in a if symbol in b) or b
