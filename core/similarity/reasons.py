"""Why two fields were matched, in few words that a person can check."""

from __future__ import annotations

from core.similarity.comparable import ComparedField, Vectors
from core.similarity.meaning import Meaning, cut_short
from core.similarity.type_fit import type_fit
from core.similarity.values import alike, shared

_WORTH_SAYING = 0.5
_SOME = 0.05


def reasons(left: ComparedField, right: ComparedField, vectors: Vectors) -> tuple[str, ...]:
    """Names first, then types and values; nothing that was not looked at."""
    said = [
        _by_name(left, right, vectors),
        _by_description(left, right, vectors),
        type_fit(left.field, right.field).says,
        *_by_values(left, right),
    ]
    return tuple(reason for reason in said if reason)


def _by_name(left: ComparedField, right: ComparedField, vectors: Vectors) -> str:
    mine, theirs = left.meaning, right.meaning
    if left.field.name == right.field.name:
        return "same name"
    if mine.spelt == theirs.spelt:
        return "same name, spelt otherwise"
    if mine.terms == theirs.terms:
        return "names mean the same"
    if mine.core and mine.core == theirs.core:
        return "same name but for what marks it"
    if mine.when and theirs.when:
        return "both say when it happened"
    if cut_short(mine, theirs):
        return "one name is the beginning of the other"
    common = _common(mine, theirs)
    cosine = _cosine(left.called, right.called, vectors)
    near = f"names {cosine:.2f} alike" if cosine >= _WORTH_SAYING else ""
    return ", ".join(part for part in (near, common) if part)


def _common(mine: Meaning, theirs: Meaning) -> str:
    both = set(mine.terms) & set(theirs.terms)
    return f"{len(both)} of {len(set(mine.terms) | set(theirs.terms))} words" if both else ""


def _by_description(left: ComparedField, right: ComparedField, vectors: Vectors) -> str:
    if not left.field.doc or not right.field.doc:
        return ""
    cosine = _cosine(left.told, right.told, vectors)
    return f"descriptions {cosine:.2f} alike" if cosine >= _WORTH_SAYING else ""


def _by_values(left: ComparedField, right: ComparedField) -> list[str]:
    if left.values is None or right.values is None:
        return []
    found = alike(left.values, right.values)
    same = shared(left.values, right.values)
    return [
        f"values look {found:.2f} alike" if found >= _WORTH_SAYING else "",
        f"{same:.0%} of the values are the other's too" if same >= _SOME else "",
    ]


def _cosine(one: str, other: str, vectors: Vectors) -> float:
    mine, theirs = vectors.get(one), vectors.get(other)
    return float(mine @ theirs) if mine is not None and theirs is not None else 0.0
