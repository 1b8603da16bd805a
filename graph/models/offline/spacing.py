"""Whitespace of a request, evened out before patterns look at it."""

from __future__ import annotations

import re

_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")
_REPEATED = re.compile(r"([^\w\s])\1{3,}")


def evened(text: str) -> str:
    """Single blanks and line ends, no long runs of one sign: patterns stay fast on any text."""
    return _REPEATED.sub(r"\1\1\1", _LINES.sub("\n", _BLANKS.sub(" ", text))).strip()
