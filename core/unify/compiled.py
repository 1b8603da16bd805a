"""A mapping compiled to one function from a message to Avro bytes: what most messages take.

It answers like `Carrier` and `Encoder` together, or it answers None: whatever is not plain (a value
that must be refused, a form seldom met) is theirs to judge and to tell. The text of the function is
put together here alone; names and values of mappings reach it as constants, never as text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from io import BytesIO
from struct import Struct
from typing import Any

import fastavro
import msgspec

from core.schema.model import ITEMS, VALUES, Field, Schema
from core.schema.round_trip import datum
from core.unify.mapping import FieldMapping, Mapping, Op, Step
from core.unify.values import op_of

Made = tuple[bytes | None, bytes]
"""A message's key, where the mapping makes one, and its framed Avro datum."""

_SHORT = 1_024
"""Texts of fewer bytes have their length prefix ready."""
_EXACT = 2**53
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_TEXTS = (None, "uuid")
_LONGS = (None, "timestamp-millis", "timestamp-micros")


class _NotPlainError(Exception):
    """The mapping or the schema has a part for which there is no plain code."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The same function twice: of JSON texts, and of values that were decoded before."""

    of_json: Callable[[bytes], Made | None]
    of_value: Callable[[object], Made | None]


def compiled(
    mapping: Mapping,
    unified: Schema,
    avro: AnyMapping[str, Any],
    schema_id: int,
    key: str | None = None,
) -> Compiled | None:
    """None where every message must go the long way, as where a required field is never filled.

    `avro` is `unified` as `core.schema.avro_writer` writes it; `key` is the path of the unified
    field whose value becomes the message's key.
    """
    writer = _Writer({one.to: one for one in mapping.fields}, key)
    try:
        parts, _ = writer.record("", unified.root, avro)
        layout = _struct(writer.reads)
    except _NotPlainError:
        return None
    if not writer.filled >= writer.mapped.keys() or (key is not None and writer.keyed is None):
        return None
    head = writer.constant(b"\0" + schema_id.to_bytes(4, "big"))
    made_key = f"str({writer.keyed}).encode()" if writer.keyed else "None"
    body = "\n        ".join(writer.lines)
    text = (
        "def carry(message):\n"
        "    try:\n"
        "        r = read(message)\n"
        f"        {body}\n"
        f"        return {made_key}, b''.join(({head}, {', '.join(parts)}))\n"
        "    except Exception:\n"
        "        return None\n"
    )
    return Compiled(
        _executed(text, writer.names, msgspec.json.Decoder(layout).decode),
        _executed(text, writer.names, partial(msgspec.convert, type=layout)),
    )


def _executed(
    text: str, constants: AnyMapping[str, Any], read: Callable[[Any], Any]
) -> Callable[[Any], Made | None]:
    names = {**constants, "read": read}
    # Only words of this module stand in the text: see `_Writer.constant`.
    exec(compile(text, "<mapping>", "exec"), names)  # noqa: S102
    made: Callable[[Any], Made | None] = names["carry"]
    return made


@dataclass(slots=True)
class _Reads:
    """What is read of a source's object, by the name in it: a value of a type, or an object."""

    attribute: str
    type: Any = None
    inside: dict[str, _Reads] = field(default_factory=dict)


def _struct(reads: AnyMapping[str, _Reads]) -> type[msgspec.Struct]:
    """Parsed at once into attributes, without what nobody reads."""
    fields, names = [], {}
    for name, read in reads.items():
        if read.inside and read.type is not None:
            raise _NotPlainError  # (taken whole, and in parts as well)
        within: Any = _struct(read.inside) | None if read.inside else read.type
        fields.append((read.attribute, within, None))
        names[read.attribute] = name
    try:
        return msgspec.defstruct("Source", fields, rename=names, gc=False)
    except ValueError as error:
        raise _NotPlainError from error  # (a name that JSON has to escape)


@dataclass(slots=True)
class _Writer:
    """Collects lines and the constants that they name."""

    mapped: AnyMapping[str, FieldMapping]
    key: str | None
    lines: list[str] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=lambda: dict(_NAMES))
    filled: set[str] = field(default_factory=set)
    reads: dict[str, _Reads] = field(default_factory=dict)
    keyed: str | None = None

    def constant(self, value: object) -> str:
        name = f"k{len(self.names)}"
        self.names[name] = value
        return name

    def record(
        self, path: str, place: Field, avro: AnyMapping[str, Any]
    ) -> tuple[list[str], list[str]]:
        """Variables that hold the bytes of its fields in their order; and of those the ones that
        are a lone zero where a field is null."""
        members = [child for child in place.children if child.name not in (ITEMS, VALUES)]
        parts: list[str] = []
        marks: list[str] = []
        for child, member in zip(members, avro["fields"], strict=True):
            here = f"{path}.{child.name}" if path else child.name
            made = self._member(here, child, member["type"])
            parts += made
            marks += made[:1]
        return parts, marks

    def _member(self, path: str, place: Field, avro: Any) -> list[str]:
        nullable = isinstance(avro, list) and "null" in avro
        if nullable and avro[0] != "null":
            raise _NotPlainError
        one = self.mapped.get(path)
        if one is not None:
            self.filled.add(path)
            return self._leaf(one, place, avro, nullable=nullable)
        within = any(other.startswith(f"{path}.") for other in self.mapped)
        if not within:
            if not nullable:
                raise _NotPlainError
            return [self.constant(b"\0")]
        return self._group(path, place, avro, nullable=nullable)

    def _group(self, path: str, place: Field, avro: Any, *, nullable: bool) -> list[str]:
        inner = avro[1] if nullable and len(avro) == 2 else avro
        if not isinstance(inner, dict) or inner.get("type") != "record":
            raise _NotPlainError
        parts, marks = self.record(path, place, inner)
        if not nullable:
            return parts
        if any(not child.optional for child in place.children):
            raise _NotPlainError
        mark = f"g{len(self.lines)}"
        null = self.constant(b"\0")
        self.lines.append(f"if {' == '.join([*marks, null])}:")
        self.lines.append(f"    {mark} = {null}; {' = '.join(parts)} = b''")
        self.lines.append("else:")
        self.lines.append(f"    {mark} = {self.constant(bytes([2]))}")
        return [mark, *parts]

    def _leaf(self, one: FieldMapping, place: Field, avro: Any, *, nullable: bool) -> list[str]:
        """The variables of its bytes: one, or a length and a text."""
        number = len(self.filled)
        value, made, text = f"v{number}", f"e{number}", f"t{number}"
        branch = avro[1] if nullable and len(avro) == 2 else avro
        mark = b"\2" if nullable and branch is not avro else b""
        plain = _is_text(branch) and all(step.op in _OF_TEXTS for step in one.steps)
        self.lines += self._read(one, value, str | None if plain else Any)
        for step in one.steps:
            self.lines += self._step(step, value)
        if place.enum is not None and not _is_enum(branch):
            known = self.constant(tuple(place.enum))
            self.lines.append(f"if {value} is not None and {value} not in {known}: return None")
        if one.to == self.key:
            self.keyed = value
        if _is_text(branch):
            self.lines += self._text(value, (made, text), mark, nullable=nullable)
            return [made, text]
        self.lines += self._encoded(value, made, (branch, mark), nullable=nullable)
        return [made]

    def _read(self, one: FieldMapping, value: str, kind: Any) -> Iterator[str]:
        if not one.path:
            yield f"{value} = None"
            return
        *groups, last = one.path.split(".")
        reads, owner = self.reads, "r"
        for name in groups:
            read = reads.setdefault(name, _Reads(f"a{len(reads)}"))
            yield _got(value, owner, read)
            reads, owner = read.inside, value
        read = reads.setdefault(last, _Reads(f"a{len(reads)}"))
        # One that two fields read, each in its way, is of any type.
        read.type = kind if read.type in (None, kind) else Any
        yield _got(value, owner, read)

    def _step(self, step: Step, value: str) -> Iterator[str]:
        match step.op:
            case Op.CONSTANT:
                yield f"{value} = {self.constant(step.value)}"
            case Op.DEFAULT:
                yield f"if {value} is None: {value} = {self.constant(step.value)}"
            case Op.SYMBOLS:
                symbols = self.constant(dict(step.symbols))
                yield f"if type({value}) is str: {value} = {symbols}.get({value}, {value})"
            case Op.TEXT:
                yield f"if {value} is not None and type({value}) is not str:"
                yield f"    small({value}); {value} = {self.constant(op_of(step))}({value})"
            case _:
                done = _DONE.get(step.op, f"{value} is None").format(v=value)
                op = self.constant(op_of(step))
                yield f"if not ({done}): {value} = {op}({value})"

    def _text(
        self, value: str, made: tuple[str, str], mark: bytes, *, nullable: bool
    ) -> Iterator[str]:
        """Raises, when it runs, for what is no text."""
        length, text = made
        lengths = self.constant([mark + long(size) for size in range(_SHORT)])
        known = f"{lengths}[n] if n < {_SHORT} else {self.constant(mark)} + long(n)"
        encode = f"{text} = utf8({value}); n = len({text}); {length} = {known}"
        if not nullable:
            yield encode
            return
        yield f"if {value} is None: {length} = {self.constant(bytes(1))}; {text} = b''"
        yield f"else: {encode}"

    def _encoded(
        self, value: str, made: str, avro: tuple[Any, bytes], *, nullable: bool
    ) -> Iterator[str]:
        branch, mark = avro
        plain = self._plain(value, made, branch, mark) or [
            f"{made} = {self.constant(_by_fastavro(branch, mark))}({value})"
        ]
        if nullable:
            yield f"if {value} is None: {made} = {self.constant(bytes(1))}"
            yield "else:"
        for line in plain:
            yield f"    {line}" if nullable else line

    def _plain(self, value: str, made: str, branch: Any, mark: bytes) -> list[str] | None:
        """Lines that encode a value that is there, after the union's `mark`; None if it is rare."""
        kind = branch["type"] if isinstance(branch, dict) else branch
        logical = branch.get("logicalType") if isinstance(branch, dict) else None
        before = f"{self.constant(mark)} + " if mark else ""
        if kind == "long" and logical in _LONGS:
            shorts = self.constant([mark + long(number) for number in range(_SHORT)])
            return [
                f"if type({value}) is not int: return None",
                f"{made} = {shorts}[{value}] if 0 <= {value} < {_SHORT} else {before}long({value})",
            ]
        if kind == "double":
            return [
                f"t = {value} if type({value}) is float else exact({value})",
                f"{made} = {before}double(t)",
            ]
        if kind == "boolean":
            flags = self.constant({True: mark + b"\1", False: mark + b"\0"})
            return [
                f"if type({value}) is not bool: return None",
                f"{made} = {flags}[{value}]",
            ]
        if kind == "enum":
            places = {symbol: mark + long(at) for at, symbol in enumerate(branch["symbols"])}
            return [f"{made} = {self.constant(places)}[{value}]"]
        if kind == "int" and logical == "date":
            return [f"{made} = {before}long(day({value}))"]
        return None


def _is_enum(branch: Any) -> bool:
    return isinstance(branch, dict) and branch.get("type") == "enum"


def _got(value: str, owner: str, read: _Reads) -> str:
    if owner == "r":
        return f"{value} = r.{read.attribute}"
    return f"if {value} is not None: {value} = {owner}.{read.attribute}"


_OF_TEXTS = frozenset({Op.SYMBOLS, Op.DEFAULT})
"""These leave texts texts."""

_DONE = {
    Op.WHOLE: "{v} is None or type({v}) is int and -0x8000000000000000 <= {v} < 0x8000000000000000",
    Op.NUMBER: "{v} is None or type({v}) is float and {v} - {v} == 0.0",
    Op.FLAG: "{v} is None or type({v}) is bool",
}
"""When an op changes nothing and refuses nothing."""


def _require_small(value: object) -> None:
    """Whole numbers of more than 64 bits are another thing to each parser of JSON."""
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ValueError("is larger than 64 bits")
    inside = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        for one in inside:  # type: ignore[attr-defined]
            _require_small(one)


def _is_text(branch: Any) -> bool:
    if isinstance(branch, dict):
        return branch["type"] == "string" and branch.get("logicalType") in _TEXTS
    return bool(branch == "string")


def _by_fastavro(avro: Any, mark: bytes) -> Callable[[object], bytes]:
    """For what is seldom: arrays, maps, decimals, unions of more than one type."""
    parsed = fastavro.parse_schema(avro)

    def encode(value: object) -> bytes:
        _require_small(value)
        stream = BytesIO(mark)
        stream.seek(0, 2)
        fastavro.schemaless_writer(stream, parsed, datum(avro, value))  # type: ignore[arg-type]
        return stream.getvalue()

    return encode


_GROUPS = [bytes((low, high)) for high in range(128, 256) for low in range(128, 256)]
"""Two groups of seven bits, after which more follow."""


def long(number: int) -> bytes:
    """Zigzag, then base 128, least first: https://avro.apache.org/docs/1.12.0/specification/."""
    if not -(2**63) <= number < 2**63:
        raise ValueError("is larger than 64 bits")
    left = (number << 1) ^ (number >> 63)
    made = b""
    while left >= 16_384:
        made += _GROUPS[left & 16_383]
        left >>= 14
    if left < 128:
        return made + bytes((left,))
    return made + bytes((left & 127 | 128, left >> 7))


def _exact(value: object) -> float:
    """A whole number as a double, where it is one without loss."""
    if type(value) is not int or abs(value) > _EXACT:
        raise ValueError("is no number, or larger than a double keeps")
    return float(value)


def _day(value: Any) -> int:
    return date.fromisoformat(value).toordinal() - _EPOCH_DAY


_NAMES: dict[str, Any] = {
    "long": long,
    "utf8": str.encode,
    "double": Struct("<d").pack,
    "exact": _exact,
    "day": _day,
    "small": _require_small,
}
