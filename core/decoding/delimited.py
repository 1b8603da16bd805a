"""Recognises CSV-like text: a decision over a whole batch, never over one message.

Evidence is that nearly all rows have the same number of columns. A row of column names is taken as
the header where its cells are words and the rows below it hold something else. A column is typed
only when all of its cells agree, so that codes such as "00123" stay text.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_DELIMITERS = ",;\t|"
_MIN_ROWS = 5
_AGREEMENT = 0.9
_MAX_COLUMNS = 1_000

_NAME = re.compile(r"[^\W\d][\w .\-/#]{0,63}")
_PAIR = re.compile(r"\s*[\w.]+=")
_INTEGER = re.compile(r"[+-]?(0|[1-9]\d{0,17})")
_NUMBER = re.compile(r"[+-]?(0|[1-9]\d{0,17})(\.\d+)?([eE][+-]?\d{1,3})?")

Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """The decided form of a batch."""

    delimiter: str
    columns: tuple[str, ...]
    has_header: bool


def read(texts: Sequence[str]) -> tuple[list[list[object]], Table] | None:
    """Each text's rows as dicts (a header row gives none), or None when this is no table.

    A text with another number of columns yields its raw text as its only value.
    """
    for delimiter in _DELIMITERS:
        if sum(delimiter in text for text in texts) < _AGREEMENT * len(texts):
            continue
        parsed = [_rows(text, delimiter) for text in texts]
        if width := _width(parsed, delimiter):
            return _typed(texts, parsed, width, delimiter)
    return None


def _rows(text: str, delimiter: str) -> Rows:
    try:
        reader = csv.reader(text.splitlines(), delimiter=delimiter, strict=True)
        return [row for row in reader if row]
    except csv.Error:
        return []


def _width(parsed: Sequence[Rows], delimiter: str) -> int | None:
    """The number of columns that nearly all rows share, if that is evidence enough."""
    rows = [row for rows in parsed for row in rows]
    if len(rows) < _MIN_ROWS:
        return None
    widths = Counter(len(row) for row in rows)
    width, count = widths.most_common(1)[0]
    if not 2 <= width <= _MAX_COLUMNS or count < _AGREEMENT * len(rows):
        return None
    alike = [row for row in rows if len(row) == width]
    return None if _is_prose(alike, width, delimiter) else width


def _is_prose(rows: Rows, width: int, delimiter: str) -> bool:
    """Sentences, log lines and key=value pairs hold commas too, but no cells."""
    if delimiter not in ",;":
        return False
    half = len(rows) / 2
    spaced = sum(row[1].startswith(" ") for row in rows) > half
    wordy = sum(any(cell.count(" ") > 3 for cell in row) for row in rows) > half
    paired = sum(all(_PAIR.match(cell) for cell in row) for row in rows) > half
    return paired or (spaced + wordy + (width == 2)) >= 2


def _typed(
    texts: Sequence[str], parsed: Sequence[Rows], width: int, delimiter: str
) -> tuple[list[list[object]], Table]:
    rows = [row for rows in parsed for row in rows if len(row) == width]
    header = _header(rows)
    body = [row for row in rows if row != header]
    columns = tuple(header or (f"column_{i + 1}" for i in range(width)))
    casts = [_cast(cells) for cells in zip(*body, strict=True)] or [str] * width

    def values(text: str, own: Rows) -> list[object]:
        if any(len(row) != width for row in own) or not own:
            return [text]
        return [_record(columns, casts, row) for row in own if row != header]

    decoded = [values(text, own) for text, own in zip(texts, parsed, strict=True)]
    return decoded, Table(delimiter, columns, header is not None)


def _record(
    columns: Sequence[str], casts: Sequence[Callable[[str], object]], row: list[str]
) -> object:
    return {
        name: cast(cell) if cell else None
        for name, cast, cell in zip(columns, casts, row, strict=True)
    }


def _header(rows: Rows) -> list[str] | None:
    """A row of distinct names among rows of which some column says that they are no names."""
    candidates = Counter(tuple(row) for row in rows if _is_names(row))
    first = tuple(rows[0])
    likely = first if first in candidates else None
    if likely is None and len(candidates) == 1:
        likely = next(iter(candidates))
    if likely is None:
        return None
    body = [row for row in rows if tuple(row) != likely]
    return list(likely) if _differs(body) else None


def _is_names(row: list[str]) -> bool:
    cells = [cell.strip() for cell in row]
    return len(set(cells)) == len(cells) and all(_NAME.fullmatch(cell) for cell in cells)


def _differs(body: Rows) -> bool:
    """Whether some column of the body is made of things that no name looks like."""
    return bool(body) and any(
        sum(not _NAME.fullmatch(cell) for cell in cells) > len(cells) * 0.8
        for cells in zip(*body, strict=True)
    )


def _cast(cells: Sequence[str]) -> Callable[[str], object]:
    filled = {cell for cell in cells if cell}
    if not filled:
        return str
    if all(_INTEGER.fullmatch(cell) for cell in filled):
        return int
    if all(_NUMBER.fullmatch(cell) for cell in filled):
        return float
    if {cell.lower() for cell in filled} <= {"true", "false"}:
        return lambda cell: cell.lower() == "true"
    return str
