"""One field of a schema's document changed, added or taken out by its path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.schema.model import ITEMS

MEMBERS = ("kinds", "optional", "logical", "enum", "bounds", "doc", "tags", "children")
"""What can be said of a field, as in `core.schema.document`."""


class FieldChangeError(ValueError):
    """A field cannot be changed so; the text says why."""


def change_fields(document: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The document with the field at `path` (`a.b`, `a[].b`) changed.

    An object changes the members that it names and adds a field that is not there; null takes the
    field out. Raises FieldChangeError.
    """
    if value is not None:
        _refuse_unknown(value)
    return {**document, "root": _changed(document["root"], _parts(path), path, value)}


def _refuse_unknown(value: Any) -> None:
    if not isinstance(value, Mapping):
        raise FieldChangeError("give an object, or null to take the field out")
    unknown = [name for name in value if name not in MEMBERS]
    if unknown:
        raise FieldChangeError(f"a field has no {unknown[0]!r}, only {', '.join(MEMBERS)}")


def _parts(path: str) -> list[str]:
    """`a[].b` as `a`, `[]`, `b`."""
    parts = path.replace(ITEMS, f".{ITEMS}").split(".")
    if not all(parts) or len(parts) > 64:
        raise FieldChangeError("this is no path of a field; write a.b or a[].b")
    return parts


def _changed(parent: Mapping[str, Any], parts: list[str], path: str, value: Any) -> dict[str, Any]:
    name, below = parts[0], parts[1:]
    children = list(parent.get("children", ()))
    place = next((i for i, child in enumerate(children) if child.get("name") == name), None)
    if below:
        if place is None:
            raise FieldChangeError(f"there is no field {name!r} on the way to it")
        children[place] = _changed(children[place], below, path, value)
    else:
        known = None if place is None else children[place]
        place = len(children) if place is None else place
        children[place : place + 1] = _replacement(known, name, value)
    return {**parent, "children": children}


def _replacement(known: Mapping[str, Any] | None, name: str, value: Any) -> list[dict[str, Any]]:
    if value is not None:
        return [{**(known or {}), **value, "name": name}]
    if known is None:
        raise FieldChangeError("there is no such field")
    return []
