"""Named SQL: `queries/<family>.sql` holds queries, each under its own `-- name: ...` line.

A line `-- part: ...` stands for what has that name in the same file, so that queries which share
conditions or columns say them once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import LiteralString

_NAME = re.compile(r"^-- name: *(\w+)[^\n]*\n", re.MULTILINE)

_PART = re.compile(r"^ *-- part: *(\w+)$", re.MULTILINE)

_NAMES: dict[str, str] = {}


@cache
def load(family: str) -> Mapping[str, LiteralString]:
    """The queries of `queries/<family>.sql` by name, comments included."""
    text = (files("tools.db") / "queries" / f"{family}.sql").read_text(encoding="utf-8")
    parts = _NAME.split(text)[1:]
    names = parts[::2]
    if len(set(names)) != len(names):
        raise ValueError(f"queries/{family}.sql names a query twice: rename one of {names}")
    written = dict(zip(names, (body.strip() for body in parts[1::2]), strict=True))
    # The texts ship with the package and never contain a caller's words.
    found: dict[str, LiteralString] = {
        name: _PART.sub(lambda part: written[part[1]], body) for name, body in written.items()
    }
    _NAMES.update({body: f"{family}.{name}" for name, body in found.items()})
    return MappingProxyType(found)


def name_of(query: object) -> str:
    """What a statement is called: `family.name`, or of another's its first word."""
    if not isinstance(query, str):
        return "statement"
    first = query.split(maxsplit=1)[:1]
    return _NAMES.get(query) or (first[0].lower() if first and first[0].isalpha() else "statement")
