"""Pages of an answer: where the next one begins, tied to the question."""

from __future__ import annotations

import hashlib

from core.search import SearchQuery
from tools.db.cursor import read_cursor, write_cursor
from tools.db.errors import InvalidCursorError

Place = tuple[int, int, int]
"""A hit's rank key: minus its score in millionths, 0 for managed and 1 for discovered, its id."""


def cursor_after(query: SearchQuery, place: Place) -> str:
    return write_cursor(_digest(query), *place)


def place_of(query: SearchQuery) -> Place | None:
    """Where the page begins; None is the start. Raises InvalidCursorError.

    A cursor is good for the same text, filters and cluster only; the limit may differ.
    """
    if query.cursor is None:
        return None
    digest, *place = read_cursor(query.cursor, str, int, int, int)
    score, kind, source = (int(part or 0) for part in place)
    if digest != _digest(query):
        raise InvalidCursorError(query.cursor)
    return score, kind, source


def _digest(query: SearchQuery) -> str:
    asked = query.model_dump_json(exclude={"cursor", "limit"})
    return hashlib.sha256(asked.encode("utf-8", "replace")).hexdigest()[:16]
