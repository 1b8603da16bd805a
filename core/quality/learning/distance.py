"""How many single-character edits lie between two texts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

_BINS = 61


def edits(left: str, right: str, at_most: int) -> int | None:
    """Levenshtein's distance, two neighbours swapped counting as one; None above `at_most`.

    Bit-parallel (Myers 1999, in Hyyrö's form with transpositions of 2003): one step of whole
    numbers for each character.
    """
    if abs(len(left) - len(right)) > at_most:
        return None
    found = _distance(left, right) if left and right else max(len(left), len(right))
    return found if found <= at_most else None


class Neighbours:
    """Words to look for near ones in; most are ruled out by their letters alone, all at once."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = tuple(sorted(words, key=len))
        self._lengths = [len(word) for word in self._words]
        bags = [_bag(word) for word in self._words]
        self._bags = np.array(bags, np.int16).reshape(-1, _BINS)

    def near(self, word: str, at_most: int) -> Iterator[str]:
        """The words other than `word` at most so many edits away."""
        start = bisect_left(self._lengths, len(word) - at_most)
        end = bisect_right(self._lengths, len(word) + at_most)
        unlike = self._bags[start:end] - _bag(word)
        added = np.maximum(unlike, 0).sum(axis=1)
        lost = added - unlike.sum(axis=1)
        for place in np.flatnonzero(np.maximum(added, lost) <= at_most).tolist():
            other = self._words[start + place]
            if other != word and edits(word, other, at_most) is not None:
                yield other


def _bag(word: str) -> npt.NDArray[np.int16]:
    """How often each letter is in it, in bins; letters that share one let more through."""
    bins = np.frombuffer(word.encode("utf-32-le"), np.uint32) % _BINS
    return np.bincount(bins, minlength=_BINS).astype(np.int16)


def _distance(left: str, right: str) -> int:
    places: dict[str, int] = {}
    for number, sign in enumerate(left):
        places[sign] = places.get(sign, 0) | 1 << number
    full, last = (1 << len(left)) - 1, 1 << len(left) - 1
    up, down, diagonal, before, count = full, 0, 0, 0, len(left)
    for sign in right:
        match = places.get(sign, 0)
        swapped = (((~diagonal) & match) << 1) & before
        diagonal = (((match & up) + up) ^ up) | match | down | swapped
        across = down | ~(diagonal | up)
        back = diagonal & up
        count += bool(across & last) - bool(back & last)
        across = (across << 1 | 1) & full
        up = ((back << 1) | ~(diagonal | across)) & full
        down = across & diagonal & full
        before = match
    return count
