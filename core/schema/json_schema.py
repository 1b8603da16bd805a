"""JSON Schema (2020-12, and what older drafts and OpenAPI write) to the schema model and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.schema.combine import conjoined, united
from core.schema.json_schema_writer import DECIMAL, LOGICAL, write
from core.schema.limits import Budget, SchemaUnreadableError, parsed
from core.schema.model import ITEMS, VALUES, Bounds, Field, Kind, Logical, Schema, child_path

__all__ = ["read", "write"]

_FORMATS: Mapping[str, Logical] = {
    "date-time": Logical.DATE_TIME,
    "date": Logical.DATE,
    "time": Logical.TIME,
    "duration": Logical.DURATION,
    "uuid": Logical.UUID,
    "email": Logical.EMAIL,
    "idn-email": Logical.EMAIL,
    "uri": Logical.URI,
    "uri-reference": Logical.URI,
    "url": Logical.URI,
    "iri": Logical.URI,
    "ipv4": Logical.IP,
    "ipv6": Logical.IP,
    "decimal": Logical.DECIMAL,
}
_WHOLE = re.compile(r"^\^\(\?:(.*)\)\$$", re.DOTALL)
"""What the writer puts around a pattern that the whole string matches."""

_OF_TYPE: Mapping[type, Kind] = {
    type(None): Kind.NULL,
    bool: Kind.BOOLEAN,
    int: Kind.INTEGER,
    float: Kind.NUMBER,
    str: Kind.STRING,
    dict: Kind.OBJECT,
    list: Kind.ARRAY,
}


def read(
    document: str | bytes | Mapping[str, Any] | bool, references: Mapping[str, Any] | None = None
) -> Schema:
    """The schema that a JSON Schema describes.

    `references` are further documents by the URI or name under which `$ref` calls them; nothing is
    fetched. A part that contains itself is cut where it recurs and tagged `recursive`. Raises
    `SchemaUnreadableError`.
    """
    root = parsed(document) if isinstance(document, str | bytes) else document
    if not isinstance(root, Mapping | bool):
        raise SchemaUnreadableError("a JSON Schema is an object or a boolean")
    reader = _Reader(root, references or {})
    tree = reader.field("", root, _Place("", root, 0, ()))
    about = root if isinstance(root, Mapping) else {}
    return Schema(tree, name=_text(about, "title"), doc=_text(about, "description"))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the reader is: the path, the document that `#` means, the refs being unfolded."""

    path: str
    document: Any
    depth: int
    unfolding: tuple[int, ...]

    def below(self, name: str) -> _Place:
        return replace(self, path=child_path(self.path, name), depth=self.depth + 1)


@dataclass(slots=True)
class _Reader:
    root: Any
    references: Mapping[str, Any]
    budget: Budget = field(default_factory=Budget)

    def field(self, name: str, node: Any, place: _Place) -> Field:
        self.budget.spend(place.path, place.depth)
        if not isinstance(node, Mapping):
            return Field(name, frozenset())
        if id(node) in place.unfolding:
            return Field(name, frozenset({Kind.OBJECT}), tags=frozenset({"recursive"}))
        place = replace(place, unfolding=(*place.unfolding, id(node)))
        parts = [self._own(name, node, place)]
        if isinstance(node.get("$ref"), str):
            target, document = self._resolved(node["$ref"], place)
            parts.append(self.field(name, target, self._inside(place, document)))
        for part in _listed(node, "allOf"):
            parts.append(self.field(name, part, self._inside(place)))
        for keyword in ("anyOf", "oneOf"):
            if choices := _listed(node, keyword):
                read_choices = [self.field(name, c, self._inside(place)) for c in choices]
                parts.append(united(read_choices))
        return conjoined(parts)

    def _inside(self, place: _Place, document: Any = None) -> _Place:
        return replace(
            place,
            document=place.document if document is None else document,
            depth=place.depth + 1,
        )

    def _own(self, name: str, node: Mapping[str, Any], place: _Place) -> Field:
        kinds, enum = _kinds(node), _enum(node)
        children = [*self._members(node, place), *self._items(node, place)]
        if any(child.name == VALUES for child in children) and _is_map(node):
            kinds = (kinds - {Kind.OBJECT}) | {Kind.MAP}
        elif not kinds and children:
            kinds |= {Kind.ARRAY if children[0].name == ITEMS else Kind.OBJECT}
        return Field(
            name,
            kinds,
            children=tuple(children),
            enum=enum,
            logical=_logical(node),
            bounds=_bounds(node),
            doc=_text(node, "description") or _text(node, "title"),
        )

    def _members(self, node: Mapping[str, Any], place: _Place) -> Iterable[Field]:
        properties = node.get("properties")
        if isinstance(properties, Mapping) and properties:
            listed = node.get("required")
            required = set(map(str, listed)) if isinstance(listed, list) else set()
            for name, part in properties.items():
                child = self.field(str(name), part, place.below(str(name)))
                own = isinstance(part, Mapping) and part.get("required") is True
                yield replace(child, optional=name not in required and not own)
        elif _is_map(node):
            yield united([self.field(VALUES, v, place.below(VALUES)) for v in _map_values(node)])

    def _items(self, node: Mapping[str, Any], place: _Place) -> Iterable[Field]:
        items = node.get("items")
        parts = [*_listed(node, "prefixItems"), *(items if isinstance(items, list) else [])]
        if isinstance(items, Mapping):
            parts.append(items)
        if parts:
            yield united([self.field(ITEMS, part, place.below(ITEMS)) for part in parts])

    def _resolved(self, reference: str, place: _Place) -> tuple[Any, Any]:
        """The part that `$ref` names and the document it lies in."""
        name, _, fragment = reference.partition("#")
        document = self._document(name, place)
        if fragment and not fragment.startswith("/"):
            return _anchored(document, fragment, place.path), document
        target = document
        for step in fragment.split("/")[1:]:
            target = _step(target, step, reference, place.path)
        return target, document

    def _document(self, name: str, place: _Place) -> Any:
        if not name or (isinstance(self.root, Mapping) and name == self.root.get("$id")):
            return place.document if not name else self.root
        for known in (name, name.rpartition("/")[2]):
            if known in self.references:
                found = self.references[known]
                if isinstance(found, str | bytes):
                    found = parsed(found)
                    self.references = {**self.references, known: found}
                return found
        raise SchemaUnreadableError(
            f"`$ref` at {place.path or 'the root'} names {name!r}, "
            "which is not among the references"
        )


def _step(target: Any, step: str, reference: str, path: str) -> Any:
    step = step.replace("~1", "/").replace("~0", "~")
    if isinstance(target, Mapping) and step in target:
        return target[step]
    if isinstance(target, list) and step.isdigit() and int(step) < len(target):
        return target[int(step)]
    raise SchemaUnreadableError(f"`$ref` {reference!r} at {path or 'the root'} leads nowhere")


def _anchored(document: Any, anchor: str, path: str) -> Any:
    rest, read_parts = [document], 0
    while rest and read_parts < 100_000:
        part, read_parts = rest.pop(), read_parts + 1
        if isinstance(part, Mapping):
            if anchor in (part.get("$anchor"), str(part.get("$id", "")).lstrip("#")):
                return part
            rest += part.values()
        elif isinstance(part, list):
            rest += part
    raise SchemaUnreadableError(f"`$ref` '#{anchor}' at {path or 'the root'} leads nowhere")


def _listed(node: Mapping[str, Any], keyword: str) -> Sequence[Any]:
    value = node.get(keyword)
    return value if isinstance(value, list) else ()


def _kinds(node: Mapping[str, Any]) -> frozenset[Kind]:
    named = node.get("type")
    names = named if isinstance(named, list) else [named]
    kinds = {Kind(name) for name in names if isinstance(name, str) and name in _TYPE_NAMES}
    if not kinds:
        kinds = {_OF_TYPE[type(v)] for v in _enum_values(node) if type(v) in _OF_TYPE}
    if node.get("nullable") is True:
        kinds.add(Kind.NULL)
    return frozenset(kinds - {Kind.INTEGER} if Kind.NUMBER in kinds else kinds)


_TYPE_NAMES = frozenset(kind.value for kind in Kind) - {Kind.BYTES, Kind.MAP}


def _enum_values(node: Mapping[str, Any]) -> Sequence[Any]:
    return [node["const"]] if "const" in node else _listed(node, "enum")


def _enum(node: Mapping[str, Any]) -> tuple[str | int, ...] | None:
    symbols = [v for v in _enum_values(node) if type(v) in (str, int)]
    return tuple(dict.fromkeys(symbols)) or None


def _logical(node: Mapping[str, Any]) -> Logical | None:
    named = node.get(LOGICAL)
    if isinstance(named, str) and named in set(Logical):
        return Logical(named)
    form = node.get("format")
    return _FORMATS.get(form) if isinstance(form, str) else None


def _bounds(node: Mapping[str, Any]) -> Bounds:
    def number(*keywords: str) -> Any:
        found = (node.get(k) for k in keywords)
        return next((n for n in found if type(n) in (int, float)), None)

    pattern, digits = node.get("pattern"), node.get(DECIMAL)
    return Bounds(
        number("minimum", "exclusiveMinimum"),
        number("maximum", "exclusiveMaximum"),
        number("minLength"),
        number("maxLength"),
        _WHOLE.sub(r"\1", pattern) if isinstance(pattern, str) else None,
        *(map(digits.get, ("precision", "scale")) if isinstance(digits, Mapping) else ()),
    )


def _is_map(node: Mapping[str, Any]) -> bool:
    return not node.get("properties") and bool(_map_values(node))


def _map_values(node: Mapping[str, Any]) -> list[Any]:
    patterns = node.get("patternProperties")
    values = list(patterns.values()) if isinstance(patterns, Mapping) else []
    if isinstance(more := node.get("additionalProperties"), Mapping):
        values.append(more)
    return values


def _text(node: Mapping[str, Any], keyword: str) -> str:
    value = node.get(keyword)
    return value if isinstance(value, str) else ""
