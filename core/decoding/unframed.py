"""Decodes the cells that name no schema, deciding for the whole batch what they are.

A lone "12345" is a JSON number, a CSV row and a word. So each cell is first read as what it can
only be (an object, a container, text, bytes); what stays ambiguous follows the batch's
dominant form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.decoding import compression, container, delimited, json_text, packed
from core.decoding.avro import BrokenDatumError, UnreadableSchemaError
from core.decoding.column import Cell, Column
from core.decoding.decoded import FailureReason, Format

EXPANSION_LIMIT = 64 * 1024 * 1024
"""Bytes that the compressed values of one batch may grow to together."""

_COMPRESSED = frozenset(b"\x1f\x28\xff\x04\x82\x78")
_JSON_START = frozenset(b'{["-0123456789 \t\r\n\xef\xff\xfe')
_JSON_WORDS = frozenset({b"true", b"false", b"null", b"NaN", b"Infinity"})
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_OPEN_JSON = re.compile(rb'\s*(\{\s*("|$)|\[\s*[\[{"])')
_SCALAR_SHARE = 0.9
_LATIN_SHARE = 0.9


@dataclass(slots=True)
class _Sorted:
    """Cells by what they can be; `scalars` are JSON numbers and words that may be mere text."""

    documents: list[tuple[Cell, list[object]]] = field(default_factory=list)
    scalars: list[tuple[Cell, object]] = field(default_factory=list)
    texts: list[tuple[Cell, str]] = field(default_factory=list)
    binaries: list[Cell] = field(default_factory=list)

    @property
    def is_json(self) -> bool:
        """Whether JSON is the batch's form as far as text goes."""
        if self.documents:
            return len(self.documents) >= len(self.texts)
        return bool(self.scalars) and len(self.scalars) >= _SCALAR_SHARE * (
            len(self.scalars) + len(self.texts)
        )


def decode(cells: Sequence[Cell], column: Column, *, tables: bool = True) -> None:
    """Decode every cell into `column`, or count it there as a miss; `tables` looks for CSV."""
    sorted_cells = _Sorted()
    for cell in _expanded(cells, column):
        _sort(cell, sorted_cells, column)
    _json(sorted_cells, column)
    _texts(sorted_cells.texts, column, tables)
    _binaries(sorted_cells.binaries, column)


def _expanded(cells: Sequence[Cell], column: Column) -> list[Cell]:
    left, out = EXPANSION_LIMIT, []
    for cell in cells:
        if cell.data[:1] and cell.data[0] in _COMPRESSED:
            try:
                data = compression.expand(cell.data, min(left, compression.LIMIT))
            except compression.TooLargeError:
                column.miss(cell, FailureReason.TOO_LARGE, "the value expands beyond the limit")
                continue
            except compression.DamagedError as error:
                column.miss(cell, FailureReason.BROKEN_PAYLOAD, str(error))
                continue
            if data is not None:
                left -= len(data)
                cell = Cell(cell.index, data, cell.size)
        out.append(cell)
    return out


def _sort(cell: Cell, into: _Sorted, column: Column) -> None:
    data = cell.data
    if data.startswith(container.MAGIC):
        return _container(cell, column)
    may_be_json = data and (data[0] in _JSON_START or data in _JSON_WORDS)
    if may_be_json and _sort_json(cell, into):
        return None
    text = text_of(data)
    if text is None:
        into.binaries.append(cell)
    else:
        into.texts.append((cell, text))
    return None


def _sort_json(cell: Cell, into: _Sorted) -> bool:
    try:
        value = json_text.loads(cell.data)
    except json_text.NotJsonError:
        records = json_text.lines(cell.data)
        if records:
            into.documents.append((cell, records))
        return bool(records)
    if isinstance(value, dict | list | str):
        into.documents.append((cell, [value]))
    else:
        into.scalars.append((cell, value))
    return True


def _container(cell: Cell, column: Column) -> None:
    try:
        records = container.read(cell.data)
    except (BrokenDatumError, UnreadableSchemaError) as error:
        column.miss(cell, FailureReason.BROKEN_PAYLOAD, str(error))
    except compression.TooLargeError:
        column.miss(cell, FailureReason.TOO_LARGE, "the Avro container expands beyond the limit")
    else:
        column.add(cell, records, Format.AVRO_CONTAINER)


def _json(sorted_cells: _Sorted, column: Column) -> None:
    """Settle what is JSON; leaves in `texts` what is not."""
    is_json = sorted_cells.is_json
    column.add_all(sorted_cells.documents, Format.JSON)
    if is_json:
        column.add_all([(cell, [value]) for cell, value in sorted_cells.scalars], Format.JSON)
    else:
        sorted_cells.texts += [(cell, cell.data.decode()) for cell, _ in sorted_cells.scalars]
    texts, sorted_cells.texts = sorted_cells.texts, []
    for cell, text in texts:
        if _is_broken_json(cell.data, is_json):
            detail = "the JSON is cut off or malformed" if cell.data else "the value is empty"
            column.miss(cell, FailureReason.BROKEN_PAYLOAD, detail)
        else:
            sorted_cells.texts.append((cell, text))


def _is_broken_json(data: bytes, is_json: bool) -> bool:
    if is_json:
        return not data.strip() or json_text.looks_like(data)
    return _OPEN_JSON.match(data) is not None


def _texts(texts: Sequence[tuple[Cell, str]], column: Column, tables: bool) -> None:
    table = delimited.read([text for _, text in texts]) if tables and texts else None
    if table is None:
        column.add_all([(cell, [text]) for cell, text in texts], Format.TEXT)
        return
    for (cell, text), records in zip(texts, table[0], strict=True):
        misfit = records == [text]
        column.add(cell, records, Format.TEXT if misfit else Format.CSV)


def _binaries(cells: Sequence[Cell], column: Column) -> None:
    candidates = {kind: [c for c in cells if packed.could_be(c.data) is kind] for kind in _PACKED}
    settled: set[int] = set()
    for kind, own in candidates.items():
        read = [(cell, packed.read(cell.data, kind)) for cell in own]
        filled = sum(bool(value) for _, value in read)
        if not filled or filled * 2 < len(cells):
            continue
        settled |= {cell.index for cell in own}
        for cell, value in read:
            if value is None:
                detail = f"the {kind} map is cut off or damaged"
                column.miss(cell, FailureReason.BROKEN_PAYLOAD, detail)
            else:
                column.add(cell, (value,), kind)
    for cell in cells:
        if cell.index not in settled:
            column.add(cell, (cell.data,), Format.BINARY)


_PACKED = (Format.MSGPACK, Format.CBOR)


def text_of(data: bytes) -> str | None:
    """The text that the bytes are, or None for bytes that nobody would call text.

    UTF-8 without control characters; UTF-16 with its mark; Windows-1252 where all but a few bytes
    are plain ASCII.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return _foreign_text(data)
    return None if _CONTROLS.search(text) else text


def _foreign_text(data: bytes) -> str | None:
    is_wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if not is_wide and sum(32 <= byte < 127 for byte in data[:4096]) < _LATIN_SHARE * min(
        len(data), 4096
    ):
        return None
    try:
        text = data.decode("utf-16" if is_wide else "cp1252")
    except UnicodeDecodeError:
        return None
    return None if _CONTROLS.search(text) else text
