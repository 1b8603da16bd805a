"""The patterns of `prompts/misuse.yaml`, compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import prompts

Patterns = tuple[re.Pattern[str], ...]

_FLAGS = re.IGNORECASE | re.DOTALL
_GAP = r"(?:(?=[^\w-])|(?<=\s))"
"""A gap begins behind a whole word: not within `ignore-previous-instructions`, which is a name."""

_GAPS = {
    "..": r"(?:\S+\s+){0,4}?",
    "...": rf"{_GAP}.{{0,40}}?\b",
    "....": rf"{_GAP}.{{0,100}}?\b",
}
_SPACE = re.compile(r" (?!\?)")
_LIST = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Misuse:
    """`orders` are how a clause begins, `unless_asked` is looked for in what is no question."""

    orders: Patterns
    spared: Patterns
    unless_asked: Patterns
    anywhere: Patterns


@cache
def patterns() -> Misuse:
    written = prompts.misuse()
    lists = {name: _alternatives(entries) for name, entries in written.words.items()}
    raw = [re.compile(_filled(pattern, lists), _FLAGS) for pattern in written.raw]
    return Misuse(
        orders=_compiled(written.orders, lists),
        spared=_compiled(written.spared, lists),
        unless_asked=_compiled(written.unless_asked, lists),
        anywhere=(*_compiled(written.anywhere, lists), *raw),
    )


def _compiled(written: Sequence[str], lists: Mapping[str, str]) -> Patterns:
    return tuple(re.compile(_expression(pattern, lists), _FLAGS) for pattern in written)


def _alternatives(entries: Sequence[str]) -> str:
    return "|".join(_SPACE.sub(r"\\s+", _word(entry)) for entry in entries)


def _word(entry: str) -> str:
    """A `*` after a letter lets the word go on; an apostrophe may be a typographic one."""
    return (
        re.sub(r"(?<=[\w-])\*", r"\\w*", entry).replace("'", "['’]") if _is_plain(entry) else entry
    )


def _is_plain(entry: str) -> bool:
    """Whether an entry is words rather than an expression of its own."""
    return re.search(r"[\\[\]]|\(\?", entry) is None


def _filled(pattern: str, lists: Mapping[str, str]) -> str:
    return _LIST.sub(lambda found: f"(?:{lists[found[1]]})", pattern)


def _expression(pattern: str, lists: Mapping[str, str]) -> str:
    """Words in order, with whitespace between them, from the begin to the end of a word."""
    found = "" if pattern.startswith("{name}") else r"\b"
    words = _tokens(pattern)
    for word, following in zip(words, [*words[1:], ""], strict=True):
        found += _step(word, following, lists)
    return found if found.endswith("$") else found + r"(?!\w)"


def _step(word: str, following: str, lists: Mapping[str, str]) -> str:
    if word in _GAPS:
        return _GAPS[word]
    space = "" if following in ("", "...", "....") else r"\s+"
    if word.endswith("?"):
        return f"(?:{_group(word[:-1], lists)}{space})?"
    return _group(word, lists) + space


def _group(word: str, lists: Mapping[str, str]) -> str:
    return _filled(_SPACE.sub(r"\\s+", _word(word)), lists)


def _tokens(pattern: str) -> list[str]:
    """Split at the spaces outside of parentheses."""
    words, depth = [""], 0
    for letter in pattern:
        depth += (letter == "(") - (letter == ")")
        if letter == " " and depth == 0:
            words.append("")
        else:
            words[-1] += letter
    return words
