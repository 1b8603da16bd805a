"""Characters that do not belong: damaged text anywhere, and signs that a field never has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar, Literal, Self

import numpy as np
import polars as pl

from core.arrays import Mask, Numbers
from core.quality.learning.check import Check, TextCheck
from core.quality.learning.column import Column
from core.quality.learning.evidence import Evidence
from core.quality.learning.question import Has, Question, having
from core.quality.rule import Metric, QualityRule

_LOST = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\x{fffd}\x{e000}-\x{f8ff}]"
_SOUND = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff]*"
_MISREAD = r"[ÃÂ][\x{80}-\x{bf}]|â€|Ã[ƒ‚¢©¨±³¶¼]"
"""UTF-8 read as Latin-1 or Windows-1252."""
_STRAY = r"[\x20-\x7e][\x{300}-\x{36f}]"
"""A mark on an ASCII sign that makes no letter: none is left where text is composed (NFC)."""
_MARK = r"[\x{300}-\x{36f}]"
_SUSPICIOUS = f"{_LOST}|{_MISREAD}|{_MARK}"
"""What is damaged has one of these; a mark may well belong where it is."""
_MAX_SIGNS = 8
_PROSE = 40
_RARE = 0.005
_RARE_SIGN = 0.02
_ENOUGH = 200
_NATURAL = frozenset(".,'’-&()/:;\"!?")
_NATURAL_WORTH = 0.4


class Undamaged(TextCheck):
    """A text was not spoilt on its way: no replacement or control characters, nothing misread.

    It needs no evidence from the stream, but a field where it is common may be binary on purpose.
    """

    tolerated: ClassVar[float] = 0.6
    weight: ClassVar[float] = 0.95
    check: Literal["undamaged"] = "undamaged"

    def question(self) -> Question:
        return Has(_SUSPICIOUS)

    def worth(self, texts: Sequence[str]) -> Numbers:
        return _damaged(pl.Series(texts, dtype=pl.String)).astype(np.float64)


class Signed(TextCheck):
    """A text has no signs, digits or letters but those that the field has."""

    tolerated: ClassVar[float] = 0.03
    weight: ClassVar[float] = 0.75
    check: Literal["signs"] = "signs"
    signs: frozenset[str]

    def question(self) -> Question:
        return Has(_other_than(self.signs))

    def worth(self, texts: Sequence[str]) -> Numbers:
        unnatural = having(pl.Series(texts, dtype=pl.String), _other_than(self.signs | _NATURAL))
        return np.where(unnatural, 1.0, _NATURAL_WORTH)

    def merged(self, other: Check) -> Self | None:
        """The signs of both."""
        if not isinstance(other, Signed):
            return None
        signs = self.signs | other.signs
        return self.joined(other, {"signs": signs}, pattern=pattern_of(signs))


def learn_characters(column: Column) -> list[Check]:
    texts = column.texts.drop_nulls()
    if not len(texts):
        return []
    broken = int(_damaged(texts).sum())
    evidence = Evidence(broken=broken, seen=len(texts))
    reason = f"{evidence.said()} are undamaged text"
    rule = _rule(column, "undamaged", _SOUND, reason)
    return [Undamaged(rule=rule, evidence=evidence), *_learn_signs(column, texts)]


def _learn_signs(column: Column, texts: pl.Series) -> list[Check]:
    seen = len(texts)
    length = texts.str.len_chars().mean()
    if seen < _ENOUGH or length is None or float(length) > _PROSE:  # type: ignore[arg-type]
        return []
    counts = _signs(texts)
    usual = frozenset(sign for sign, count in counts.items() if count > _rare(sign) * seen)
    if len(counts) > _MAX_SIGNS + len(usual) or len(usual) > _MAX_SIGNS:
        return []
    broken = int(having(texts, _other_than(usual)).sum())
    evidence = Evidence(broken=broken, seen=seen)
    reason = f"{evidence.said()} have no other signs"
    rule = _rule(column, "signs", pattern_of(usual), reason)
    return [Signed(rule=rule, evidence=evidence, signs=usual)]


def _rare(sign: str) -> float:
    return _RARE if sign in _NATURAL or sign in "a9" else _RARE_SIGN


def _signs(texts: pl.Series) -> dict[str, int]:
    """In how many texts each sign is; all letters count as `a`, all digits as `9`."""
    plain = texts.str.replace_all(r"[\pL\pM]+", "a").str.replace_all(r"\pN+", "9")
    each = plain.str.replace_all(r"\s+", "").str.split("").list.unique().explode()
    tally = each.drop_nulls().value_counts()
    counts = dict(zip(tally.to_series(0).to_list(), tally.to_series(1).to_list(), strict=True))
    counts.pop("", None)
    return counts


def _damaged(texts: pl.Series) -> Mask:
    found = having(texts, f"{_LOST}|{_MISREAD}")
    marked = having(texts, _MARK)
    if marked.any():
        places = np.flatnonzero(marked)
        composed = texts.gather(places).str.normalize("NFC")
        found[places] |= having(composed, _STRAY)
    return found


def _other_than(signs: frozenset[str]) -> str:
    return f"[^{_class(signs)}]"


def _class(signs: frozenset[str]) -> str:
    parts = [r"\s"]
    for sign in sorted(signs):
        parts.append({"a": r"\pL\pM", "9": r"\pN"}.get(sign, f"\\x{{{ord(sign):x}}}"))
    return "".join(parts)


def pattern_of(signs: frozenset[str]) -> str:
    """The same for a rule, whose expressions know no classes of Unicode."""
    kinds = [{"a": r"[^\W\d_]", "9": r"\d"}.get(sign, re.escape(sign)) for sign in sorted(signs)]
    return f"(?:{'|'.join([chr(92) + 's', *kinds])})*"


def _rule(column: Column, name: str, pattern: str, reason: str) -> QualityRule:
    return QualityRule(
        id=name,
        metric=Metric.PATTERN,
        field=column.path,
        pattern=pattern,
        inferred=True,
        reason=reason,
    )
