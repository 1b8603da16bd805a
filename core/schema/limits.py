"""Limits on schema documents from outside, which are untrusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

MAX_TEXT = 5 * 1024 * 1024
MAX_DEPTH = 64
MAX_FIELDS = 20_000


class SchemaUnreadableError(ValueError):
    """A schema document that cannot be read; the text says what is wrong and where."""


@dataclass(slots=True)
class Budget:
    """Counts the fields that a document unfolds to and stops a document that grows too large."""

    left: int = MAX_FIELDS

    def spend(self, path: str, depth: int) -> None:
        self.left -= 1
        if self.left < 0:
            raise SchemaUnreadableError(
                f"the schema unfolds to more than {MAX_FIELDS} fields; split it, or cut what "
                f"refers to itself many times (at {path or 'the root'})"
            )
        if depth > MAX_DEPTH:
            raise SchemaUnreadableError(f"the schema is nested deeper than {MAX_DEPTH} at {path}")


def parsed(text: str | bytes) -> Any:
    """The JSON of a document; raises `SchemaUnreadableError` where it is none or too long."""
    if len(text) > MAX_TEXT:
        raise SchemaUnreadableError(
            f"the schema has {len(text)} characters; {MAX_TEXT} are read at most"
        )
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise SchemaUnreadableError(f"the schema is no JSON: {error}") from error
