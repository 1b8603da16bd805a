"""Foreign texts in Markdown answers: they show as they are and do nothing."""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~@&]|(?<=www)\.|:(?=//))", re.IGNORECASE)


def plain(text: str, limit: int = 300) -> str:
    """One line of text in which nothing is markup, a link or a control character."""
    return _escaped(_line(text, limit))


def code(text: str, limit: int = 300) -> str:
    """A name as a code span that it cannot end."""
    return f"`{_line(text, limit).replace('`', chr(0x2019))}`"


def prose(text: str, limit: int = 600) -> str:
    """A sentence whose `code spans` stay, and all else of it is plain text."""
    pieces = _line(text, limit).split("`")
    if len(pieces) % 2 == 0:
        return plain(text, limit)
    return "".join(
        code(piece) if place % 2 else _escaped(piece) for place, piece in enumerate(pieces)
    )


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _line(text: str, limit: int) -> str:
    """Without line breaks, control and direction characters; cut with an ellipsis."""
    kept = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
