"""Texts with parts set off: words of a query marked, names in backticks as code. Always escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

_WORD = re.compile(r"\w{2,}")
_MOST_WORDS = 20
_CODE = re.compile(r"`([^`]+)`")


def words_of(query: str) -> tuple[str, ...]:
    """The words to mark, longest first so that the longer of two is marked whole."""
    found = dict.fromkeys(_WORD.findall(query.lower()))
    return tuple(sorted(found, key=len, reverse=True))[:_MOST_WORDS]


def mark(text: str, words: Sequence[str]) -> Markup:
    """`text` with each of these words, in any case, within <mark>."""
    if not words:
        return escape(text)
    pattern = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
    return _set_off(text, pattern, Markup("<mark>{}</mark>"))


def code(text: str) -> Markup:
    """What stands in backticks as code."""
    return _set_off(text, _CODE, Markup("<code>{}</code>"))


def _set_off(text: str, pattern: re.Pattern[str], form: Markup) -> Markup:
    parts: list[Markup] = []
    at = 0
    for match in pattern.finditer(text):
        parts.append(escape(text[at : match.start()]))
        parts.append(form.format(match.group(match.lastindex or 0)))
        at = match.end()
    parts.append(escape(text[at:]))
    return Markup("").join(parts)
