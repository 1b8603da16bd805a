"""Profiles as bytes: one version byte, then zlib over MessagePack. What is kept is sealed first.

Sealing drops the candidate symbols of every field that is not rendered as an enum: raw values leave
the process only as the symbols of enums. A sealed profile merges as any other: counts, hashes and
shapes are whole, and a dropped symbol is known again once either side has seen it.
"""

from __future__ import annotations

import struct
import zlib
from typing import Any

import msgpack

from core.inference.form import Form
from core.inference.node import Arrays, Node, Objects
from core.inference.numeric import Numeric
from core.inference.profile import Profile
from core.inference.sample import Entry, Sample
from core.inference.seal import sealed
from core.inference.texts import Texts

VERSION = 1
MAX_BYTES = 256 * 1024 * 1024
_FORMS = tuple(Form)
_FORM_INDEX = {form: index for index, form in enumerate(_FORMS)}
_SAFE = 2**63


class ProfileUnreadableError(ValueError):
    """These bytes are no profile of a known version; scan the topic anew to replace them."""


def encode_profile(profile: Profile) -> bytes:
    return packed(profile_rows(sealed(profile)))


def decode_profile(data: bytes) -> Profile:
    return profile_of_rows(unpacked(data))


def packed(rows: object) -> bytes:
    return bytes([VERSION]) + zlib.compress(msgpack.packb(rows, use_bin_type=True), 1)


def unpacked(data: bytes) -> Any:
    if not data or data[0] != VERSION:
        raise ProfileUnreadableError(ProfileUnreadableError.__doc__)
    inflate = zlib.decompressobj()
    try:
        plain = inflate.decompress(data[1:], MAX_BYTES)
        return msgpack.unpackb(plain, strict_map_key=False)
    except (zlib.error, ValueError, msgpack.UnpackException) as error:
        raise ProfileUnreadableError(ProfileUnreadableError.__doc__) from error


def profile_rows(profile: Profile) -> list[Any]:
    shapes = [[sorted(key), _node(node)] for key, node in profile.shapes.items()]
    return [shapes, profile.level, None if profile.records is None else sorted(profile.records)]


def profile_of_rows(rows: Any) -> Profile:
    try:
        shapes, level, records = rows
        nodes = {frozenset(key): _read_node(node) for key, node in shapes}
        return Profile(nodes, level, None if records is None else frozenset(records))
    except (TypeError, ValueError, IndexError, KeyError, AttributeError) as error:
        raise ProfileUnreadableError(ProfileUnreadableError.__doc__) from error


def _node(node: Node | None) -> list[Any] | None:
    if node is None:
        return None
    return [
        node.count, node.nulls, node.false, node.true,
        _numeric(node.integers), _numeric(node.floats), _texts(node.texts), _texts(node.bytes),
        _objects(node.objects), _arrays(node.arrays),
    ]  # fmt: skip


def _read_node(row: list[Any] | None) -> Node:
    if row is None:
        return Node(0)
    count, nulls, false, true, integers, floats, texts, raw, objects, arrays = row
    return Node(
        count, nulls, false, true,
        _read_numeric(integers), _read_numeric(floats), _read_texts(texts), _read_texts(raw),
        _read_objects(objects), _read_arrays(arrays),
    )  # fmt: skip


def _numeric(part: Numeric | None) -> list[Any] | None:
    if part is None:
        return None
    bounds = [_number(part.minimum), _number(part.maximum)]
    return [part.count, part.odd, *bounds, _sample(part.sample), part.histogram]


def _read_numeric(row: list[Any] | None) -> Numeric | None:
    if row is None:
        return None
    count, odd, low, high, sample, histogram = row
    return Numeric(
        count, odd, _read_number(low), _read_number(high), _read_sample(sample), histogram
    )


def _number(number: float | None) -> float | str | None:
    """MessagePack's integers end at 64 bits."""
    return hex(number) if isinstance(number, int) and not -_SAFE <= number < _SAFE else number


def _read_number(number: float | str | None) -> float | None:
    return int(number, 16) if isinstance(number, str) else number


def _texts(part: Texts | None) -> list[Any] | None:
    if part is None:
        return None
    return [part.count, part.min_length, part.max_length, _sample(part.sample)]


def _read_texts(row: list[Any] | None) -> Texts | None:
    return None if row is None else Texts(row[0], row[1], row[2], _read_sample(row[3]))


def _objects(part: Objects | None) -> list[Any] | None:
    if part is None:
        return None
    fields = [[name, part.places.get(name, 0), _node(n)] for name, n in part.fields.items()]
    return [part.count, fields, _node(part.values), _sample(part.keys), part.empty, part.opaque]


def _read_objects(row: list[Any] | None) -> Objects | None:
    if row is None:
        return None
    count, fields, values, keys, empty, opaque = row
    return Objects(
        count,
        {name: _read_node(node) for name, _, node in fields},
        {name: place for name, place, _ in fields},
        None if values is None else _read_node(values),
        _read_sample(keys),
        empty,
        opaque,
    )


def _arrays(part: Arrays | None) -> list[Any] | None:
    if part is None:
        return None
    return [part.count, part.min_length, part.max_length, _node(part.items)]


def _read_arrays(row: list[Any] | None) -> Arrays | None:
    if row is None:
        return None
    return Arrays(row[0], row[1], row[2], None if row[3] is None else _read_node(row[3]))


def _sample(sample: Sample) -> list[Any]:
    """Columns, not rows: they compress better; shapes by their place in a table."""
    digests = struct.pack(f">{len(sample.entries)}Q", *sample.entries)
    columns = zip(*sample.entries.values(), strict=True) if sample.entries else ((),) * 4
    seen, looks, forms, symbols = columns
    place = {shape: index for index, shape in enumerate(dict.fromkeys(looks))}
    return [
        digests,
        seen,
        list(place),
        [place[shape] for shape in looks],
        bytes([_FORM_INDEX[form] for form in forms]),
        {i: symbol for i, symbol in enumerate(symbols) if symbol is not None},
    ]


def _read_sample(row: list[Any]) -> Sample:
    digests, counts, shapes, places, forms, symbols = row
    return Sample(
        {
            int.from_bytes(digests[8 * i : 8 * i + 8], "big"): Entry(
                count, shapes[places[i]], _FORMS[forms[i]], symbols.get(i)
            )
            for i, count in enumerate(counts)
        }
    )
