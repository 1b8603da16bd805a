"""Reads Avro datums by their writer's schema: exactly, or not at all.

fastavro's compiled reader follows a recursive schema with the C stack, so that a hostile message
of a few thousand bytes would end the process; such schemas are read by its Python reader, which
stops at the interpreter's recursion limit. Arrays of items that take no bytes are refused: five
bytes can announce billions of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any

import fastavro
import orjson
from fastavro import _read_py

from core.decoding.avro_logical import with_json_logicals
from core.decoding.plain import plain
from core.decoding.registered import ReferencedSchema

_COMPILED_READER_BYTES = 512
"""Each level of nesting takes a byte or more: shorter datums cannot exhaust the C stack."""

_MAX_RUN = 1_000

AvroType = Any
Read = Callable[[bytes], object]


class UnreadableSchemaError(ValueError):
    """A registered schema that cannot be used; the text says why."""


class BrokenDatumError(ValueError):
    """The bytes are not a datum of the schema."""


def reader_of(text: str, references: tuple[ReferencedSchema, ...] = ()) -> Read:
    """A function from the bytes of one datum to its value. Raises UnreadableSchemaError.

    The function raises BrokenDatumError when the bytes end early or are not used up.
    """
    datum = datum_reader(text, references)

    def read(data: bytes) -> object:
        stream = BytesIO(data)
        value = datum(stream, len(data))
        if stream.tell() != len(data):
            raise BrokenDatumError(f"{len(data) - stream.tell()} bytes are left over")
        return value

    return read


@lru_cache(maxsize=512)
def datum_reader(
    text: str, references: tuple[ReferencedSchema, ...] = ()
) -> Callable[[BytesIO, int], object]:
    """A function that reads one datum off a stream with at most so many bytes left."""
    parsed, recursive = _parse(text, references)

    def read(stream: BytesIO, left: int) -> object:
        slow = recursive and left > _COMPILED_READER_BYTES
        try:
            if slow:
                return _read_guarded(stream, parsed, left)
            return fastavro.schemaless_reader(stream, parsed, None)
        except Exception as error:
            raise BrokenDatumError(_reason(error)) from error

    return read


class _Guarded(BytesIO):
    """Refuses numbers without end, which fastavro's Python reader would gather byte by byte."""

    run = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.run = self.run + 1 if size == 1 and data >= b"\x80" else 0
        if self.run > _MAX_RUN:
            raise ValueError("a number of absurd length")
        return data


def _read_guarded(stream: BytesIO, parsed: AvroType, left: int) -> object:
    guarded = _Guarded(stream.getvalue())
    guarded.seek(stream.tell())
    value = _read_py.schemaless_reader(guarded, parsed, None)
    stream.seek(guarded.tell())
    return plain(value, left)


def _reason(error: Exception) -> str:
    """What went wrong without quoting the data."""
    if isinstance(error, EOFError | IndexError):
        return "the bytes end within the datum"
    if isinstance(error, RecursionError):
        return "the datum nests too deeply"
    return f"the bytes do not fit the schema ({type(error).__name__})"


def _parse(text: str, references: tuple[ReferencedSchema, ...]) -> tuple[AvroType, bool]:
    named: dict[str, AvroType] = {}
    try:
        for reference in references:
            _parse_one(reference.text, named)
        parsed = _parse_one(text, named)
        _refuse_empty_items(parsed, named)
        return parsed, _is_recursive(parsed, named)
    except UnreadableSchemaError:
        raise
    except Exception as error:
        raise UnreadableSchemaError(
            f"not a readable Avro schema ({type(error).__name__})"
        ) from error


def _parse_one(text: str, named: dict[str, AvroType]) -> AvroType:
    try:
        definition = orjson.loads(text)
    except orjson.JSONDecodeError:
        definition = text.strip()
    return fastavro.parse_schema(with_json_logicals(definition), named_schemas=named)


def _children(definition: AvroType) -> list[AvroType]:
    if isinstance(definition, list):
        return definition
    if not isinstance(definition, dict):
        return []
    if isinstance(definition.get("fields"), list):
        return [field["type"] for field in definition["fields"]]
    nested = definition["type"] if isinstance(definition.get("type"), dict | list) else None
    return [part for part in (nested, definition.get("items"), definition.get("values")) if part]


def _resolve(definition: AvroType, named: Mapping[str, AvroType]) -> AvroType:
    return named.get(definition, definition) if isinstance(definition, str) else definition


def _name(definition: AvroType) -> str | None:
    return definition.get("name") if isinstance(definition, dict) else None


def _is_recursive(
    definition: AvroType,
    named: Mapping[str, AvroType],
    above: frozenset[str] = frozenset(),
    clean: set[str] | None = None,
) -> bool:
    clean = set() if clean is None else clean
    definition = _resolve(definition, named)
    name = _name(definition)
    if name in above:
        return True
    if name in clean:
        return False
    below = above | {name} if name else above
    found = any(_is_recursive(child, named, below, clean) for child in _children(definition))
    if name and not found:
        clean.add(name)
    return found


def _refuse_empty_items(parsed: AvroType, named: Mapping[str, AvroType]) -> None:
    for definition in [parsed, *named.values()]:
        for part in _parts(definition):
            items = part.get("items") if isinstance(part, dict) else None
            if items is not None and _takes_no_bytes(items, named, frozenset()):
                raise UnreadableSchemaError("it has an array whose items take no bytes")


def _parts(definition: AvroType) -> list[AvroType]:
    return [definition, *(p for child in _children(definition) for p in _parts(child))]


def _takes_no_bytes(
    definition: AvroType, named: Mapping[str, AvroType], above: frozenset[str]
) -> bool:
    definition = _resolve(definition, named)
    if definition == "null":
        return True
    if not isinstance(definition, dict):
        return False
    kind, name = definition.get("type"), definition.get("name", "")
    if kind == "fixed":
        return definition.get("size") == 0
    if kind in ("record", "error") and name not in above:
        below = above | {name}
        return all(_takes_no_bytes(child, named, below) for child in _children(definition))
    return kind == "null" or (isinstance(kind, dict) and _takes_no_bytes(kind, named, above))
