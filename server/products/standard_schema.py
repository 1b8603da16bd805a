"""The standard's JSON Schema of a contract, as a description of the API can carry it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.contract.standard import json_schema

_LOCAL = "#/$defs/"
_PARTS = ("allOf", "anyOf", "oneOf")
_BRANCHES = ("then", "else", "$ref")


def contract_schema(place: str) -> dict[str, Any]:
    """With references to `place`, where it stands, and names in place of unevaluated members.

    Few tools know `unevaluatedProperties`; all names that an object may have say nearly the same.
    """
    official = json_schema()
    written = _rewritten(official, official, place)
    return {name: value for name, value in written.items() if name != "$schema"}


def _rewritten(node: Any, official: Mapping[str, Any], place: str) -> Any:
    if isinstance(node, list):
        return [_rewritten(each, official, place) for each in node]
    if isinstance(node, str) and node.startswith(_LOCAL):
        return f"{place}/{node.removeprefix('#/')}"
    if not isinstance(node, Mapping):
        return node
    kept = {k: _rewritten(v, official, place) for k, v in node.items() if k != _UNEVALUATED}
    if node.get(_UNEVALUATED) is False:
        kept["propertyNames"] = {"enum": sorted(set(_names(node, official)))}
    return kept


_UNEVALUATED = "unevaluatedProperties"


def _names(node: Mapping[str, Any], official: Mapping[str, Any]) -> Iterator[str]:
    """The members that a schema speaks of, itself or by what it consists of."""
    yield from node.get("properties", {})
    for keyword in _PARTS:
        for part in node.get(keyword, ()):
            yield from _names(part, official)
    for keyword in _BRANCHES:
        part = node.get(keyword)
        if isinstance(part, str):
            part = _found(part, official)
        if isinstance(part, Mapping):
            yield from _names(part, official)


def _found(reference: str, official: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = official
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)
