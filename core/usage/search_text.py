"""A search's text as it may be kept: what is personal in it is taken out."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 80
"""Characters that are kept."""

_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+")
_LINK = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+")
_NUMBER = re.compile(r"\+?\d(?:[\s()./-]*\d){3,}")
"""Four digits or more, however they are grouped: telephones, accounts, dates of birth."""
_SECRET = re.compile(r"[^\s<>]{33,}")
"""Longer than words and nearly all names of topics are: tokens, hashes, keys."""


def normalised(text: str) -> str:
    """In lower case and one spacing, with marks for what may tell of a person; may be empty."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = "".join(c if c.isprintable() else " " for c in plain)
    for pattern, mark in (
        (_LINK, "<link>"),
        (_EMAIL, "<e-mail>"),
        (_NUMBER, "<number>"),
        (_SECRET, "<long>"),
    ):
        plain = pattern.sub(mark, plain)
    return " ".join(plain.split())[:LONGEST].strip()
