"""Undoes compression of a value by its magic bytes, never beyond a limit."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import cramjam

LIMIT = 16 * 1024 * 1024
"""Bytes that one value may grow to."""

_FIRST_GUESS = 8


class DamagedError(ValueError):
    """The bytes begin like a compressed value but cannot be expanded."""


class TooLargeError(ValueError):
    """The value expands to more than the limit."""


def expand(data: bytes, limit: int = LIMIT) -> bytes | None:
    """The uncompressed bytes, or None where nothing was compressed.

    Raises DamagedError or TooLargeError.
    """
    if data[:3] == b"\x1f\x8b\x08":
        return inflate(data, 31, limit)
    for magic, codec in _FRAMED:
        if data.startswith(magic):
            return grow(codec.decompress_into, data, limit)
    if data[:8] == b"\x82SNAPPY\x00":
        return _xerial(data, limit)
    if data[:2] in _ZLIB:
        return _maybe_zlib(data, limit)
    return None


def inflate(data: bytes, window: int, limit: int = LIMIT) -> bytes:
    """Deflated bytes expanded; `window` as in zlib (31 gzip, 15 zlib, -15 raw)."""
    stream = zlib.decompressobj(window)
    try:
        out = stream.decompress(data, limit + 1)
    except zlib.error as error:
        raise DamagedError("compressed data is damaged") from error
    if len(out) > limit:
        raise TooLargeError(f"expands to more than {limit} bytes")
    if not stream.eof:
        raise DamagedError("compressed data is cut off")
    return out


def grow(decompress_into: Callable[[bytes, Any], int], data: bytes, limit: int = LIMIT) -> bytes:
    """Expand into a buffer that is enlarged up to the limit, so that a bomb costs no more."""
    size = min(limit, max(64 * 1024, len(data) * _FIRST_GUESS))
    while True:
        buffer = bytearray(size)
        try:
            return bytes(memoryview(buffer)[: decompress_into(data, buffer)])
        except cramjam.DecompressionError as error:
            if "write whole buffer" not in str(error):
                raise DamagedError("compressed data is damaged or cut off") from error
            if size >= limit:
                raise TooLargeError(f"expands to more than {limit} bytes") from error
            size = min(limit, size * 8)


def raw_snappy(data: bytes, limit: int = LIMIT) -> bytes:
    """One unframed snappy block. Raises DamagedError or TooLargeError."""
    try:
        size = cramjam.snappy.decompress_raw_len(data)
        if size > limit:
            raise TooLargeError(f"expands to more than {limit} bytes")
        return bytes(cramjam.snappy.decompress_raw(data))
    except cramjam.DecompressionError as error:
        raise DamagedError("compressed data is damaged or cut off") from error


def _xerial(data: bytes, limit: int) -> bytes:
    """Snappy as Java's SnappyOutputStream writes it: a 16-byte header, then sized blocks."""
    out = bytearray()
    position = 16
    while position < len(data):
        size = int.from_bytes(data[position : position + 4], "big")
        block = data[position + 4 : position + 4 + size]
        if len(block) < size or not size:
            raise DamagedError("compressed data is cut off")
        out += raw_snappy(block, limit - len(out))
        position += 4 + size
    return bytes(out)


def _maybe_zlib(data: bytes, limit: int) -> bytes | None:
    """Two bytes are weak evidence: only what expands wholly, checksum and all, was compressed."""
    try:
        return inflate(data, 15, limit)
    except DamagedError:
        return None


_ZLIB = {b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"}
_FRAMED = (
    (b"\x28\xb5\x2f\xfd", cramjam.zstd),
    (b"\xff\x06\x00\x00sNaPpY", cramjam.snappy),
    (b"\x04\x22\x4d\x18", cramjam.lz4),
)
