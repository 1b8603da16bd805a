"""A schema's fingerprint: equal for schemas of the same structure."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from core.schema.model import Field, Schema


def fingerprint(schema: Schema) -> str:
    """SHA-256 over fields, kinds, optionality, enums and logical types, 64 hexadecimal digits.

    Names and order of the schema, docs, tags, bounds and evidence are not in it: a new sample of
    the same data has the same fingerprint.
    """
    canonical = json.dumps(_structure(schema.root), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _structure(field: Field) -> list[Any]:
    return [
        field.name,
        sorted(field.kinds),
        field.optional,
        None if field.enum is None else sorted(map(str, field.enum)),
        field.logical,
        [_structure(child) for child in sorted(field.children, key=lambda child: child.name)],
    ]
