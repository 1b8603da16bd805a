"""A schema as a JSON document and back, whole: for storage and for the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Any

from core.schema.model import Bounds, Evidence, Field, Kind, Logical, Schema

MAX_DEPTH = 128

_BOUNDS = tuple(bound.name for bound in fields(Bounds))
_UNBOUND = Bounds()
_UNTAGGED: frozenset[str] = frozenset()


class DocumentUnreadableError(ValueError):
    """This is no schema document; write it with `to_document`."""


def to_document(schema: Schema) -> dict[str, Any]:
    """JSON-ready; empty members are left out. Kinds and tags are sorted."""
    document = {
        "name": schema.name,
        "namespace": schema.namespace,
        "doc": schema.doc,
        "extra": schema.extra,
        "root": _field(schema.root),
    }
    return {key: value for key, value in document.items() if value}


def from_document(document: Mapping[str, Any]) -> Schema:
    """Raises `DocumentUnreadableError` where `document` was not written by `to_document`."""
    try:
        return Schema(
            root=_read_field(document["root"], 0),
            name=document.get("name", ""),
            namespace=document.get("namespace", ""),
            doc=document.get("doc", ""),
            extra=dict(document.get("extra", {})),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DocumentUnreadableError(f"{DocumentUnreadableError.__doc__} ({error})") from error


def _field(field: Field) -> dict[str, Any]:
    members: dict[str, Any] = {
        "name": field.name,
        "kinds": sorted(kind.value for kind in field.kinds),
        "optional": field.optional,
        "logical": field.logical and field.logical.value,
        "bounds": _present(field.bounds, *_BOUNDS),
        "doc": field.doc,
        "tags": sorted(field.tags),
        "evidence": field.evidence and _evidence(field.evidence),
        "children": [_field(child) for child in field.children],
    }
    kept = {key: value for key, value in members.items() if value}
    if field.enum is not None:
        kept["enum"] = list(field.enum)
    return kept


def _evidence(evidence: Evidence) -> dict[str, Any]:
    members = _present(evidence, "parents", "seen", "null", "distinct")
    if evidence.shapes:
        members["shapes"] = [list(shape) for shape in evidence.shapes]
    return members


def _present(part: object, *names: str) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(part, name)) is not None}


def _read_field(row: Mapping[str, Any], depth: int) -> Field:
    if depth > MAX_DEPTH:
        raise ValueError(f"fields are nested deeper than {MAX_DEPTH}")
    enum, evidence, logical = row.get("enum"), row.get("evidence"), row.get("logical")
    return Field(
        name=row.get("name", ""),
        kinds=_kinds(tuple(row.get("kinds", ()))),
        optional=bool(row.get("optional", False)),
        children=tuple(_read_field(child, depth + 1) for child in row.get("children", ())),
        enum=None if enum is None else tuple(enum),
        logical=None if logical is None else Logical(logical),
        bounds=Bounds(**row["bounds"]) if "bounds" in row else _UNBOUND,
        doc=row.get("doc", ""),
        tags=frozenset(row["tags"]) if "tags" in row else _UNTAGGED,
        evidence=None if evidence is None else _read_evidence(evidence),
    )


@lru_cache(maxsize=4_096)
def _kinds(names: tuple[str, ...]) -> frozenset[Kind]:
    """Of thousands of schemas there are few different ones: each is made once."""
    return frozenset(map(Kind, names))


def _read_evidence(row: Mapping[str, Any]) -> Evidence:
    shapes = tuple((str(shape), float(share)) for shape, share in row.get("shapes", ()))
    return Evidence(
        parents=row["parents"],
        seen=row["seen"],
        null=row.get("null", 0),
        distinct=row.get("distinct"),
        shapes=shapes,
    )
