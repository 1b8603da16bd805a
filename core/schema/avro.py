"""Avro schemas to the schema model and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.schema.avro_writer import ORIGINAL, SYMBOLS, write
from core.schema.combine import united
from core.schema.limits import Budget, SchemaUnreadableError, parsed
from core.schema.model import ITEMS, VALUES, Bounds, Field, Kind, Logical, Schema, child_path

__all__ = ["read", "write"]

_PRIMITIVES: Mapping[str, Kind] = {
    "null": Kind.NULL,
    "boolean": Kind.BOOLEAN,
    "int": Kind.INTEGER,
    "long": Kind.INTEGER,
    "float": Kind.NUMBER,
    "double": Kind.NUMBER,
    "bytes": Kind.BYTES,
    "string": Kind.STRING,
}
_NAMED = frozenset({"record", "error", "enum", "fixed"})
_LOGICALS: Mapping[str, Logical] = {
    "date": Logical.DATE,
    "time-millis": Logical.TIME,
    "time-micros": Logical.TIME,
    "timestamp-millis": Logical.EPOCH_MILLIS,
    "timestamp-micros": Logical.EPOCH_MICROS,
    "local-timestamp-millis": Logical.EPOCH_MILLIS,
    "local-timestamp-micros": Logical.EPOCH_MICROS,
    "uuid": Logical.UUID,
    "decimal": Logical.DECIMAL,
    "duration": Logical.DURATION,
}


def read(
    document: str | bytes | Mapping[str, Any] | list[Any],
    references: Mapping[str, Any] | None = None,
) -> Schema:
    """The schema that an Avro schema describes.

    A field is optional where it has a default or may be null. `references` are further documents
    whose named types may be used, by any name. A type that contains itself is cut where it recurs
    and tagged `recursive`. Raises `SchemaUnreadableError`.
    """
    root = _document(document)
    names: dict[str, tuple[Any, str]] = {}
    for other in (references or {}).values():
        _register(_document(other), "", names, 0)
    _register(root, "", names, 0)
    place = _Place("", 0, "", ())
    tree = _Reader(names).field("", root, place)
    about = root if isinstance(root, dict) else {}
    name, namespace = _split(str(about.get("name", "")), str(about.get("namespace", "")))
    return Schema(tree, name, namespace, _doc(about))


def _document(document: Any) -> Any:
    """A bare type name is a schema too, quoted or not."""
    if isinstance(document, str) and document.strip() in _PRIMITIVES:
        return document.strip()
    return parsed(document) if isinstance(document, str | bytes) else document


@dataclass(frozen=True, slots=True)
class _Place:
    path: str
    depth: int
    namespace: str
    unfolding: tuple[str, ...]

    def below(self, name: str) -> _Place:
        return replace(self, path=child_path(self.path, name), depth=self.depth + 1)


@dataclass(slots=True)
class _Reader:
    names: Mapping[str, tuple[Any, str]]
    budget: Budget = field(default_factory=Budget)

    def field(self, name: str, node: Any, place: _Place) -> Field:
        self.budget.spend(place.path, place.depth)
        if isinstance(node, str):
            return self._named(name, node, place)
        if isinstance(node, list):
            if not node:
                raise SchemaUnreadableError(f"the union at {place.path or 'the root'} is empty")
            return united([self.field(name, branch, place) for branch in node])
        if not isinstance(node, dict) or "type" not in node:
            raise SchemaUnreadableError(f"no Avro type at {place.path or 'the root'}")
        return self._complex(name, node, place)

    def _named(self, name: str, type_name: str, place: _Place) -> Field:
        if type_name in _PRIMITIVES:
            return Field(name, frozenset({_PRIMITIVES[type_name]}))
        full = _full(type_name, place.namespace)
        if full not in self.names:
            full = type_name
        if full in place.unfolding:
            return Field(name, frozenset({Kind.OBJECT}), tags=frozenset({"recursive"}))
        if full not in self.names:
            raise SchemaUnreadableError(
                f"the type {type_name!r} at {place.path or 'the root'} is defined nowhere"
            )
        definition, namespace = self.names[full]
        return self._complex(name, definition, replace(place, namespace=namespace))

    def _complex(self, name: str, node: dict[str, Any], place: _Place) -> Field:
        kind = node["type"]
        if kind in ("record", "error"):
            return self._record(name, node, place)
        if kind == "array":
            items = self.field(ITEMS, _part(node, "items", place), place.below(ITEMS))
            return Field(name, frozenset({Kind.ARRAY}), children=(items,))
        if kind == "map":
            values = self.field(VALUES, _part(node, "values", place), place.below(VALUES))
            return Field(name, frozenset({Kind.MAP}), children=(values,))
        if kind == "enum":
            symbols = tuple(str(symbol) for symbol in node.get("symbols", ()))
            return Field(name, frozenset({Kind.STRING}), enum=symbols or None, doc=_doc(node))
        if kind == "fixed":
            plain = Field(name, frozenset({Kind.BYTES}), logical=_logical(node))
            return replace(plain, bounds=_digits(node, plain))
        plain = self.field(name, kind, replace(place, depth=place.depth + 1))
        return replace(
            plain,
            logical=_logical(node) or plain.logical,
            enum=_symbols(node, plain),
            bounds=_digits(node, plain),
        )

    def _record(self, name: str, node: dict[str, Any], place: _Place) -> Field:
        short, namespace = _split(
            str(node.get("name", "")), str(node.get("namespace", place.namespace))
        )
        full = _full(short, namespace)
        inner = replace(place, namespace=namespace, unfolding=(*place.unfolding, full))
        children = tuple(self._member(member, inner) for member in _members(node, place))
        return Field(name, frozenset({Kind.OBJECT}), children=children, doc=_doc(node))

    def _member(self, member: dict[str, Any], place: _Place) -> Field:
        name = str(member.get(ORIGINAL, member["name"]))
        child = self.field(name, member["type"], place.below(name))
        return replace(
            child,
            optional="default" in member or child.nullable,
            doc=_doc(member) or child.doc,
            logical=child.logical or _logical(member),
        )


def _members(node: dict[str, Any], place: _Place) -> Iterator[dict[str, Any]]:
    members = node.get("fields")
    if not isinstance(members, list):
        raise SchemaUnreadableError(
            f"the record at {place.path or 'the root'} has no list of fields"
        )
    for member in members:
        if not isinstance(member, dict) or "name" not in member or "type" not in member:
            raise SchemaUnreadableError(
                f"a field of the record at {place.path or 'the root'} lacks its name or type"
            )
        yield member


def _part(node: dict[str, Any], keyword: str, place: _Place) -> Any:
    if keyword not in node:
        raise SchemaUnreadableError(
            f"the {node['type']} at {place.path or 'the root'} has no {keyword}"
        )
    return node[keyword]


def _register(node: Any, namespace: str, names: dict[str, tuple[Any, str]], depth: int) -> None:
    """Collect the named types of a document, each with the namespace that holds inside it."""
    if depth > 200:
        raise SchemaUnreadableError("the schema is nested deeper than 200")
    if isinstance(node, list):
        for branch in node:
            _register(branch, namespace, names, depth + 1)
    elif isinstance(node, dict):
        if str(node.get("type")) in _NAMED and "name" in node:
            short, namespace = _split(str(node["name"]), str(node.get("namespace", namespace)))
            names.setdefault(_full(short, namespace), (node, namespace))
        for keyword in ("type", "items", "values", "fields"):
            if isinstance(node.get(keyword), dict | list):
                _register(node[keyword], namespace, names, depth + 1)


def _split(name: str, namespace: str) -> tuple[str, str]:
    head, dot, tail = name.rpartition(".")
    return (tail, head) if dot else (name, namespace)


def _full(name: str, namespace: str) -> str:
    return name if "." in name or not namespace else f"{namespace}.{name}"


def _logical(node: dict[str, Any]) -> Logical | None:
    named = node.get("logical")
    if isinstance(named, str) and named in set(Logical):
        return Logical(named)
    return _LOGICALS.get(str(node.get("logicalType")))


def _digits(node: dict[str, Any], plain: Field) -> Bounds:
    """A decimal's precision and scale, where they are what Avro allows."""
    precision, scale = node.get("precision"), node.get("scale", 0)
    if node.get("logicalType") != "decimal" or type(precision) is not int or type(scale) is not int:
        return plain.bounds
    return Bounds(precision=precision, scale=scale) if 0 <= scale <= precision else plain.bounds


def _symbols(node: dict[str, Any], plain: Field) -> tuple[str | int, ...] | None:
    """Symbols that are no legal Avro names are kept in a property by the writer."""
    listed = node.get(SYMBOLS)
    return tuple(map(str, listed)) if isinstance(listed, list) and listed else plain.enum


def _doc(node: Mapping[str, Any]) -> str:
    doc = node.get("doc")
    return doc if isinstance(doc, str) else ""
