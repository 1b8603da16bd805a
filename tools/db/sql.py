"""Named SQL: `queries/<family>.sql` holds queries, each under its own `-- name: ...` line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import LiteralString, cast

_NAME = re.compile(r"^-- name: *(\w+)[^\n]*\n", re.MULTILINE)

_NAMES: dict[str, str] = {}


@cache
def load(family: str) -> Mapping[str, LiteralString]:
    """The queries of `queries/<family>.sql` by name, comments included."""
    text = (files("tools.db") / "queries" / f"{family}.sql").read_text(encoding="utf-8")
    parts = _NAME.split(text)[1:]
    names = parts[::2]
    if len(set(names)) != len(names):
        raise ValueError(f"queries/{family}.sql names a query twice: rename one of {names}")
    # The texts ship with the package and never contain a caller's words.
    bodies = (cast(LiteralString, body.strip()) for body in parts[1::2])
    found = dict(zip(names, bodies, strict=True))
    _NAMES.update({body: f"{family}.{name}" for name, body in found.items()})
    return MappingProxyType(found)


def name_of(query: object) -> str:
    """What a statement is called: `family.name`, or of another's its first word."""
    if not isinstance(query, str):
        return "statement"
    first = query.split(maxsplit=1)[:1]
    return _NAMES.get(query) or (first[0].lower() if first and first[0].isalpha() else "statement")
