"""Reads JSON as it is really written: also with NaN, a byte order mark, or a document per line."""

from __future__ import annotations

import json
from typing import Any

import orjson

MAX_LINES = 10_000
"""Documents read of one value that holds a document per line."""


class NotJsonError(ValueError):
    """The text is not JSON."""


def loads(data: bytes) -> object:
    """The document. Raises NotJsonError. NaN and infinities read as null; 1,024 levels at most."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return _lenient(data)


def lines(data: bytes) -> list[object] | None:
    """The documents of a value that holds an object per line, else None."""
    if b"\n" not in data or data[:1] != b"{":
        return None
    try:
        return [
            orjson.loads(line) for line in data.split(b"\n", MAX_LINES)[:MAX_LINES] if line.strip()
        ]
    except orjson.JSONDecodeError:
        return None


def looks_like(data: bytes) -> bool:
    """Whether the bytes have the outline of an object or array, whole or cut off at one end."""
    stripped = data.strip()
    head, tail = stripped[:1], stripped[-1:]
    return head in (b"{", b"[") or (tail in (b"}", b"]") and b'"' in stripped)


def _lenient(data: bytes) -> object:
    if data[:3] == b"\xef\xbb\xbf":
        return loads(data[3:])
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return loads(_recoded(data, "utf-16"))
    if data[:1] in (b"{", b"[") and _is_foreign(data):
        return loads(_recoded(data, "cp1252"))
    if b"NaN" in data or b"Infinity" in data:
        return _with_constants(data)
    raise NotJsonError("not JSON")


def _is_foreign(data: bytes) -> bool:
    """Whether a closed object or array fails only because it is not UTF-8."""
    if data.rstrip()[-1:] not in (b"}", b"]"):
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return True
    return False


def _recoded(data: bytes, encoding: str) -> bytes:
    try:
        return data.decode(encoding).encode()
    except UnicodeError as error:
        raise NotJsonError("not JSON") from error


def _with_constants(data: bytes) -> object:
    try:
        document: Any = json.loads(data, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise NotJsonError("not JSON") from error
    else:
        return document
