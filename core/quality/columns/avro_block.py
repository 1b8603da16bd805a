"""Avro datums of one schema into columns at once: a batch is wrapped as one block of a container
file, which polars reads as a whole.

Format: Avro 1.12, "Object Container Files".
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import polars as pl

_MAGIC = b"Obj\x01"
_SYNC = bytes(range(16))


class NoColumnsError(ValueError):
    """The schema or a datum is nothing that polars reads: they are to be read one by one."""


def read_block(schema_text: bytes, datums: Sequence[bytes]) -> pl.DataFrame:
    """A row for each datum. Raises NoColumnsError."""
    body = b"".join(datums)
    block = _long(len(datums)) + _long(len(body)) + body + _SYNC
    try:
        frame = pl.read_avro(io.BytesIO(_header(schema_text) + block))
    except Exception as error:  # polars raises many kinds, panics of its reader among them
        raise NoColumnsError(type(error).__name__) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise NoColumnsError("PanicException") from error
    if frame.height != len(datums):
        raise NoColumnsError("rows are missing")
    return frame


def _header(schema_text: bytes) -> bytes:
    meta = _long(2) + _text(b"avro.schema") + _text(schema_text)
    return _MAGIC + meta + _text(b"avro.codec") + _text(b"null") + _long(0) + _SYNC


def _text(data: bytes) -> bytes:
    return _long(len(data)) + data


def _long(number: int) -> bytes:
    """Zigzag, seven bits a byte."""
    left = number << 1
    out = bytearray()
    while left > 0x7F:
        out.append(left & 0x7F | 0x80)
        left >>= 7
    out.append(left)
    return bytes(out)
