"""Misspelt values: seldom seen, and a few letters away from one that is seen often.

Only where a field says the same things over and over. Free text has rare words by nature.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import PrivateAttr

from core.arrays import Mask, Numbers
from core.quality.learning.check import Check, TextCheck
from core.quality.learning.column import Column
from core.quality.learning.distance import Neighbours
from core.quality.learning.evidence import Evidence
from core.quality.learning.question import Answers, Itself, Question, Words, lower_words
from core.quality.rule import Metric, QualityRule

MAX_WORDS = 1000
_CLOSED = 0.9
"""Values seen thrice and more make up so much of a field that says the same over and over."""
_OFTEN = 5
_TIMES = 8
"""A right spelling is seen so many times as often as a wrong one."""
_EDITS_EVERY = 5
_SHORT_WORTH = {1: 0.0, 2: 0.3, 3: 0.4, 4: 0.7}
_MAX_KNOWN_ANSWERS = 50_000
_ENOUGH = 50
_CROWDED = 0.25
_SOME = 200
_INFLECTED_WORTH = 0.5
"""A plural, or another form of the word."""
_PYTHON_WORD = re.compile(r"[^\W_]*[^\W\d_][^\W_]*")


class Spelt(TextCheck):
    """A value (or, `by_word`, each of its words) is no misspelling of a usual one.

    `counts` says how often each was seen in the sample. They are values of the stream: they are
    for comparing alone and belong in no text.
    """

    tolerated: ClassVar[float] = 0.2
    weight: ClassVar[float] = 0.9
    check: Literal["spelling"] = "spelling"
    by_word: bool
    counts: Mapping[str, int]
    _answers: dict[str, float] = PrivateAttr(default_factory=dict)

    def question(self) -> Question:
        return Words() if self.by_word else Itself()

    def strange(self, answers: Answers) -> Mask:
        usual = self._known
        if self.by_word:
            return np.array([not usual.issuperset(words or ()) for words in answers], np.bool_)
        return np.array([text not in usual for text in answers], np.bool_)

    def worth(self, texts: Sequence[str]) -> Numbers:
        return np.array([self.likeness(text) for text in texts])

    def likeness(self, text: str) -> float:
        """How much the text looks like a misspelling, 0 to 1."""
        known = self._answers.get(text)
        if known is None:
            if len(self._answers) >= _MAX_KNOWN_ANSWERS:
                self._answers.clear()
            words = words_of(text) if self.by_word else (text,)
            known = self._answers[text] = max(map(self._misspelt, words), default=0.0)
        return known

    def crowding(self) -> float:
        """The share of usual spellings that are near misses of another usual one.

        Where they are many (first names, say) a near miss proves nothing.
        """
        some = self._usual[:: 1 + len(self._usual) // _SOME]
        crowded = [any(True for _ in self._near(word)) for word in some]
        return sum(crowded) / max(1, len(crowded))

    def merged(self, other: Check) -> Self | None:
        """The counts of both."""
        if not isinstance(other, Spelt) or other.by_word is not self.by_word:
            return None
        counts = Counter(self.counts)
        counts.update(other.counts)
        return self.joined(other, {"counts": _commonest(counts)})

    @cached_property
    def _usual(self) -> list[str]:
        return [word for word, count in self.counts.items() if count >= _OFTEN]

    @cached_property
    def _known(self) -> frozenset[str | None]:
        return frozenset({None, *self._usual})

    @cached_property
    def _most(self) -> int:
        return max(self.counts.values(), default=0)

    @cached_property
    def _neighbours(self) -> Mapping[str, Neighbours]:
        """By the digits in them: what differs in its digits is numbered otherwise, not misspelt."""
        alike: dict[str, list[str]] = {}
        for word in self._usual:
            alike.setdefault(_digits(word), []).append(word)
        return {digits: Neighbours(words) for digits, words in alike.items()}

    def _misspelt(self, word: str) -> float:
        worth = _SHORT_WORTH.get(len(word), 1.0)
        if not worth:
            return 0.0
        needed = _TIMES * max(1, self.counts.get(word, 0))
        if needed > self._most:
            return 0.0
        near = (right for right in self._near(word) if self.counts[right] >= needed)
        return worth * max((_alike(word, right) for right in near), default=0.0)

    def _near(self, word: str) -> Iterator[str]:
        neighbours = self._neighbours.get(_digits(word))
        if neighbours and not word.isdecimal():
            yield from neighbours.near(word, max(1, len(word) // _EDITS_EVERY))


def _alike(word: str, right: str) -> float:
    inflected = word.startswith(right) or right.startswith(word)
    return _INFLECTED_WORTH if inflected else 1.0


def learn_spelling(column: Column) -> list[Check]:
    texts = column.texts.drop_nulls()
    if len(texts) < _ENOUGH:
        return []
    checks: list[Check] = []
    words = lower_words(texts)
    several = float(words.list.len().mean() or 0) > 1.5  # type: ignore[arg-type]
    for by_word, each in ((False, texts), (True, words.explode().drop_nulls())):
        if by_word and not several:
            continue
        counts = dict(each.value_counts(sort=True).iter_rows())
        checks += _learnt(column, by_word, counts, len(each))
    return checks


def _learnt(column: Column, by_word: bool, counts: dict[str, int], seen: int) -> list[Check]:
    closed = sum(count for count in counts.values() if count >= 3)
    if not 2 <= len(counts) <= 2 * MAX_WORDS or closed < _CLOSED * seen:
        return []
    nothing = Evidence(broken=0, seen=seen)
    rule = _rule(column, by_word, nothing)
    draft = Spelt(rule=rule, evidence=nothing, by_word=by_word, counts=_commonest(counts))
    if draft.crowding() > _CROWDED:
        return []
    broken = sum(counts[word] for word in counts if draft.likeness(word) > 0)
    evidence = Evidence(broken=broken, seen=seen)
    return [
        draft.model_copy(update={"rule": _rule(column, by_word, evidence), "evidence": evidence})
    ]


def _rule(column: Column, by_word: bool, evidence: Evidence) -> QualityRule:
    what = "words" if by_word else "values"
    said = evidence.said().replace("values", what)
    return QualityRule(
        id="words" if by_word else "spelling",
        metric=Metric.SPELLING,
        field=column.path,
        inferred=True,
        reason=f"{said} are no near misses of a usual one",
    )


def _commonest(counts: Mapping[str, int]) -> dict[str, int]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return dict(ordered[:MAX_WORDS])


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def words_of(text: str) -> list[str]:
    return _PYTHON_WORD.findall(text.lower())
