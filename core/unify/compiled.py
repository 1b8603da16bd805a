"""A mapping compiled to one function from a message to Avro bytes: what most messages take.

It answers like `Carrier` and `Encoder` together, or it answers None: whatever is not plain (a value
that must be refused, a form seldom met) is theirs to judge and to tell. The text of the function is
put together here alone; names and values of mappings reach it as constants, never as text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec

from core.schema.model import ITEMS, VALUES, Field, Schema
from core.unify.mapping import FieldMapping, Mapping, Op, Step
from core.unify.pieces import LATIN, NAMES, by_fastavro, long, longs
from core.unify.values import op_of

Made = tuple[bytes | None, bytes]
"""A message's key, where the mapping makes one, and its framed Avro datum."""

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
    fields = {one.to: one for one in mapping.fields}
    writer = _Writer(fields, key, Counter(one.path for one in mapping.fields))
    try:
        parts, _ = writer.record("", unified.root, avro)
        layout = _struct(writer.reads)
    except _NotPlainError:
        return None
    if not writer.filled >= writer.mapped.keys() or (key is not None and not writer.keyed):
        return None
    head = writer.constant((b"\0" + schema_id.to_bytes(4, "big")).decode(LATIN))
    pieces = "".join(f"{{{part}}}" for part in (head, *parts))
    decode, convert = msgspec.json.Decoder(layout).decode, partial(msgspec.convert, type=layout)
    return Compiled(
        _executed(writer, pieces, "not message.isascii() or 92 in message", decode),
        _executed(writer, pieces, "True", convert),
    )


def _executed(
    writer: _Writer, pieces: str, wide: str, read: Callable[[Any], Any]
) -> Callable[[Any], Made | None]:
    """`wide` tells of a message whether its texts may be more than ASCII (92 escapes)."""
    widened = "; ".join(f"{value} = widened({value})" for value in writer.texts) or "pass"
    body = [*writer.lines, f"if {wide}: {widened}", *writer.made]
    text = (
        "def carry(message):\n"
        "    try:\n"
        "        r = read(message)\n"
        + "".join(f"        {line}\n" for line in body)
        + f"        return {'key' if writer.keyed else None}, f'{pieces}'.encode(latin)\n"
        "    except Exception:\n"
        "        return None\n"
    )
    names = {**writer.names, "read": read}
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
    """Collects lines and the constants that they name: `lines` make of what was read what is to be
    written, then `made` makes pieces of that."""

    mapped: AnyMapping[str, FieldMapping]
    key: str | None
    times: AnyMapping[str | None, int]
    """How many fields read each path."""
    lines: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    """Those that are ASCII where the message is."""
    names: dict[str, Any] = field(default_factory=lambda: dict(NAMES))
    filled: set[str] = field(default_factory=set)
    reads: dict[str, _Reads] = field(default_factory=dict)
    keyed: bool = False

    def constant(self, value: object) -> str:
        name = f"k{len(self.names)}"
        self.names[name] = value
        return name

    def record(
        self, path: str, place: Field, avro: AnyMapping[str, Any]
    ) -> tuple[list[str], list[str]]:
        """Variables that hold the pieces of its fields in their order; and of those the ones that
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
            return [self.constant("\0")]
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
        mark = f"g{len(self.made)}"
        self.made += [
            f"if {' == '.join([*marks, 'null'])}: {mark} = null; {' = '.join(parts)} = ''",
            f"else: {mark} = {self.constant(_MARK)}",
        ]
        return [mark, *parts]

    def _leaf(self, one: FieldMapping, place: Field, avro: Any, *, nullable: bool) -> list[str]:
        """The variables of its pieces: one, or a length and a text."""
        number = len(self.filled)
        value, made = f"v{number}", f"e{number}"
        branch = avro[1] if nullable and len(avro) == 2 else avro
        mark = _MARK if nullable and branch is not avro else ""
        text = _is_text(branch)
        plain = text and all(step.op in _OF_TEXTS for step in one.steps)
        self.lines += self._read(one, value, str | None if plain else Any)
        for step in one.steps:
            self.lines += self._step(step, value)
        if place.enum is not None and not _is_enum(branch):
            known = self.constant(tuple(place.enum))
            self.lines.append(f"if {value} is not None and {value} not in {known}: return None")
        if one.to == self.key:
            self.keyed = True
            self.lines.append(f"key = str({value}).encode()")
        if text:
            if not (plain and self.times[one.path] == 1):
                self.lines.append(f"if type({value}) is not str and {value} is not None: return")
            self._text(one, (value, made), mark, nullable=nullable)
            return [made, value]
        last = one.steps[-1].op if one.steps else None
        self.made += self._encoded(value, made, (branch, mark, last), nullable=nullable)
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
            case Op.MOMENT:
                op = self.constant(op_of(step))
                yield from (line.format(v=value, op=op) for line in _MOMENT)
            case _:
                done = _DONE.get(step.op, f"{value} is None").format(v=value)
                op = self.constant(op_of(step))
                yield f"if not ({done}): {value} = {op}({value})"

    def _text(
        self, one: FieldMapping, names: tuple[str, str], mark: str, *, nullable: bool
    ) -> None:
        """Raises, when it runs, for what is missing."""
        value, length = names
        told = (said for step in one.steps for said in (step.value, *step.symbols.values()))
        if all(str(said).isascii() for said in told):
            self.texts.append(value)
        else:
            self.made.append(f"{value} = widened({value})")
        found = f"{length} = {self.constant(longs(mark))}[len({value})]"
        if nullable:
            self.made.append(f"if {value} is None: {length} = null; {value} = ''")
        self.made.append(f"else: {found}" if nullable else found)

    def _encoded(
        self, value: str, made: str, avro: tuple[Any, str, Op | None], *, nullable: bool
    ) -> Iterator[str]:
        branch, mark, _ = avro
        plain = self._plain(value, made, *avro) or [
            f"{made} = {self.constant(by_fastavro(branch, mark))}({value})"
        ]
        if nullable:
            yield f"if {value} is None: {made} = null"
            yield "else:"
        for line in plain:
            yield f"    {line}" if nullable else line

    def _plain(
        self, value: str, made: str, branch: Any, mark: str, last: Op | None
    ) -> list[str] | None:
        """Lines that encode a value that is there, after the union's `mark`; None if it is rare."""
        kind = branch["type"] if isinstance(branch, dict) else branch
        logical = branch.get("logicalType") if isinstance(branch, dict) else None
        if kind == "long" and logical in _LONGS:
            return self._long(value, made, mark, last)
        if kind == "double":
            # What the op gives back is a double; anything else is looked at.
            exact = f"{value} if type({value}) is float else exact({value})"
            number = value if last is Op.NUMBER else exact
            packed = f"marked({ord(mark)}, {number})" if mark else f"double({number})"
            return [f"{made} = {packed}.decode(latin)"]
        if kind == "boolean":
            flags = self.constant({True: mark + "\1", False: mark + "\0"})
            return [
                f"if type({value}) is not bool: return None",
                f"{made} = {flags}[{value}]",
            ]
        if kind == "enum":
            places = {symbol: mark + long(at) for at, symbol in enumerate(branch["symbols"])}
            return [f"{made} = {self.constant(places)}[{value}]"]
        if kind == "int" and logical == "date":
            return [f"{made} = {self.constant(longs(mark))}[day({value})]"]
        return None

    def _long(self, value: str, made: str, mark: str, last: Op | None) -> list[str]:
        known = self.constant(longs(mark))
        if last is Op.MOMENT:
            six = "{groups[z & 16383]}{groups[z >> 14 & 16383]}{last[z >> 28]}"
            before = f"{{{self.constant(mark)}}}" if mark else ""
            return [
                f"z = {value} << 1",
                f"{made} = f'{before}{six}' if {2**28} <= z < {2**42} else {known}[{value}]",
            ]
        whole = [] if last is Op.WHOLE else [f"if type({value}) is not int: return None"]
        return [*whole, f"{made} = {known}[{value}]"]


def _is_enum(branch: Any) -> bool:
    return isinstance(branch, dict) and branch.get("type") == "enum"


def _is_text(branch: Any) -> bool:
    if isinstance(branch, dict):
        return branch["type"] == "string" and branch.get("logicalType") in _TEXTS
    return bool(branch == "string")


def _got(value: str, owner: str, read: _Reads) -> str:
    if owner == "r":
        return f"{value} = r.{read.attribute}"
    return f"if {value} is not None: {value} = {owner}.{read.attribute}"


_MARK = "\2"
"""Of a union's second branch, the first being null."""

_OF_TEXTS = frozenset({Op.SYMBOLS, Op.DEFAULT})
"""These leave texts texts."""

_DONE = {
    Op.WHOLE: "{v} is None or type({v}) is int and -0x8000000000000000 <= {v} < 0x8000000000000000",
    Op.NUMBER: "{v} is None or type({v}) is float and {v} - {v} == 0.0",
    Op.FLAG: "{v} is None or type({v}) is bool",
}
"""When an op changes nothing and refuses nothing."""

_MOMENT = (
    "if {v} is not None:",
    "    try:",
    "        t = iso({v}) - epoch",
    "        {v} = t.days * 86400000 + t.seconds * 1000 + t.microseconds // 1000",
    "    except (TypeError, ValueError): {v} = {op}({v})",
)
"""What names date, clock and zone in ISO 8601 is read here; without a zone it cannot be subtracted,
and is the op's."""
