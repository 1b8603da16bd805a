"""Recognises MessagePack and CBOR, which carry no mark: only with strong evidence.

The evidence is a filled map at the top whose keys are text and which uses up the bytes. Such a
value begins with a byte that no UTF-8 text begins with, so words are never mistaken for one.
"""

from __future__ import annotations

from io import BytesIO

import cbor2
import msgpack

from core.decoding.decoded import Format
from core.decoding.plain import TooComplexError, plain

_SELF_DESCRIBED_CBOR = b"\xd9\xd9\xf7"


def could_be(data: bytes) -> Format | None:
    """What the first byte allows: a map of MessagePack, a map of CBOR, or neither."""
    first = data[0] if data else 0
    if 0x80 <= first <= 0x8F or first in (0xDE, 0xDF):
        return Format.MSGPACK
    if 0xA0 <= first <= 0xBF or data.startswith(_SELF_DESCRIBED_CBOR):
        return Format.CBOR
    return None


def read(data: bytes, packed: Format) -> dict[str, object] | None:
    """The map, or None when the bytes are not wholly one."""
    try:
        raw = _msgpack(data) if packed is Format.MSGPACK else _cbor(data)
    except Exception:
        # Hostile bytes raise whatever the vendor's decoder likes; none of it is our bug.
        return None
    if not isinstance(raw, dict) or not all(isinstance(key, str) for key in raw):
        return None
    try:
        value = plain(raw, len(data))
    except TooComplexError:
        return None
    return value if isinstance(value, dict) else None


def _msgpack(data: bytes) -> object:
    return msgpack.unpackb(data, raw=False, timestamp=3, ext_hook=_extension)


def _extension(code: int, data: bytes) -> object:
    return data


def _cbor(data: bytes) -> object:
    stream = BytesIO(data)
    value: object = cbor2.CBORDecoder(stream, read_size=1).decode()
    return value if stream.tell() == len(data) else None
