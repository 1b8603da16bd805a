"""Regular expressions of rules: matched in a time that grows with the text and no faster.

The columns' engine (Rust's `regex`) has no backtracking, and so no look-around and no references.
What it cannot take is never tried with another engine: a pattern such as `(a+)+$` would hang
Python's on one hostile message. https://docs.rs/regex/latest/regex/#untrusted-input

The engine is imported when it is first asked: it takes half a second, and every command of the
command line reads rules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

LONGEST = 500
"""Characters of a pattern."""
LARGEST = 1_000
"""Parts that a pattern may have with its counted repetitions written out: the worst time that a
text takes is its length times these."""

WEIGHTY = 50
r"""What a class of all scripts weighs (`\w`, `\p{L}`): it is compiled to some dozens of parts."""

_COUNTED = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_CLASSES = tuple("wWdDsSpPbB")


def refusal(pattern: str) -> str | None:
    """Why no message can be held against the pattern; None where it can."""
    if len(pattern) > LONGEST:
        return f"it is longer than {LONGEST} characters"
    if _size(pattern) > LARGEST:
        return f"its repetitions come to more than {LARGEST} parts; repeat fewer times"
    return _uncompiled(pattern)


def weight(pattern: str) -> int:
    """How much there is to compile; 1,000 take about 13 ms."""
    return _size(pattern, WEIGHTY)


def whole(pattern: str) -> str:
    """The pattern such that it takes all of a text."""
    return rf"\A(?:{pattern})\z"


def unlike(texts: Sequence[str], pattern: str) -> list[bool]:
    """Which of the texts the pattern does not match as a whole; none for one that is refused."""
    if not texts or refusal(pattern) is not None:
        return [False] * len(texts)
    return (~_series(texts).str.contains(whole(pattern))).to_list()


def _series(texts: Sequence[str]) -> pl.Series:
    import polars as pl

    try:
        return pl.Series(texts, dtype=pl.String)
    except UnicodeEncodeError:  # half of a surrogate pair, which some JSON has
        return pl.Series([text.encode("utf-8", "replace").decode() for text in texts])


@lru_cache(maxsize=1_024)
def _uncompiled(pattern: str) -> str | None:
    import polars as pl

    for each in (pattern, whole(pattern)):  # `a)|(b` is none, though it is one in parentheses
        try:
            pl.Series([""]).str.contains(each)
        except pl.exceptions.ComputeError as error:
            return _reason(str(error))
    return None


def _reason(said: str) -> str:
    """The engine's own words without its picture of the place."""
    told = re.search(r"error: ([^\n]+)\n*(?!.*error: )", said.split("regex error:")[-1], re.DOTALL)
    detail = told.group(1).strip() if told else " ".join(said.split())
    if "size limit" in said:
        return "it is too large when it is compiled; repeat fewer times"
    if "look-around" in detail or "backreference" in detail:
        return (
            "look-ahead, look-behind and references to groups are not supported, for they can "
            "take for ever on a message; write what a value may be, or use an expression"
        )
    return f"it is no regular expression in Rust's syntax ({detail[:120]})"


def _size(pattern: str, of_a_class: int = 1) -> int:
    """How many parts the pattern has when `{m,n}` is written out, groups within groups."""
    sizes: list[int] = [0]
    last = at = 0
    while at < len(pattern):
        char, step = pattern[at], 1
        if char == "\\":
            step = 2
            last = of_a_class if pattern[at + 1 : at + 2] in _CLASSES else 1
            sizes[-1] += last
        elif char == "[":
            step = _class_length(pattern, at)
            last = of_a_class if any(f"\\{c}" in pattern[at : at + step] for c in _CLASSES) else 1
            sizes[-1] += last
        elif char == "(":
            sizes.append(0)
        elif char == ")" and len(sizes) > 1:
            last = max(sizes.pop(), 1)
            sizes[-1] += last
        elif counted := _COUNTED.match(pattern, at):
            step = counted.end() - at
            times = max(int(counted.group(2) or counted.group(1)), 1)
            sizes[-1] += last * (times - 1)
            last *= times
        elif char not in "*+?|":
            sizes[-1], last = sizes[-1] + 1, 1
        at += step
    return sum(sizes)


def _class_length(pattern: str, start: int) -> int:
    """Of a character class, with those within it: `[a-z&&[^b]]`, `[]a]`."""
    depth, at = 1, start + 1
    at += pattern[at : at + 1] == "^"
    at += pattern[at : at + 1] == "]"
    while at < len(pattern) and depth:
        if pattern[at] == "\\":
            at += 1
        else:
            depth += (pattern[at] == "[") - (pattern[at] == "]")
        at += 1
    return at - start
