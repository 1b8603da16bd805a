"""The cursor of a keyset page: the sort key of its last row, opaque to the caller."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import orjson

from tools.db.errors import InvalidCursorError

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list; `next_cursor` is None on the last one."""

    items: tuple[Item, ...]
    next_cursor: str | None


def write_cursor(*key: str | int) -> str:
    """The opaque form of a sort key."""
    return base64.urlsafe_b64encode(orjson.dumps(key)).decode().rstrip("=")


def read_cursor(cursor: str | None, *kinds: type[str] | type[int]) -> tuple[str | int | None, ...]:
    """The sort key of a cursor, or as many None for the first page.

    Raises `InvalidCursorError` for anything that `write_cursor` would not have made.
    """
    if cursor is None:
        return (None,) * len(kinds)
    try:
        key = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise InvalidCursorError(cursor) from error
    if not isinstance(key, list) or [type(part) for part in key] != list(kinds):
        raise InvalidCursorError(cursor)
    return tuple(key)


def read_moment(cursor: str | None, at: str | int | None) -> datetime | None:
    """A part of a cursor's key that is a time. Raises `InvalidCursorError`."""
    if at is None:
        return None
    try:
        return datetime.fromisoformat(str(at))
    except ValueError as error:
        raise InvalidCursorError(str(cursor)) from error
