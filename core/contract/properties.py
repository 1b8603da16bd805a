"""A topic's fields as the properties of a contract and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.contract.document import custom_of
from core.schema.document import DocumentUnreadableError, from_document, to_document
from core.schema.model import ITEMS, Bounds, Field, Kind, Logical, Schema

FIELD = "field"
"""The custom property with what the standard's members cannot say of a field."""

_TYPES: Mapping[Kind, str] = {
    Kind.BOOLEAN: "boolean",
    Kind.INTEGER: "integer",
    Kind.NUMBER: "number",
    Kind.STRING: "string",
    Kind.OBJECT: "object",
    Kind.ARRAY: "array",
}
_KINDS = {name: kind for kind, name in _TYPES.items()}

_TIMES: Mapping[tuple[Kind, Logical], str] = {
    (Kind.STRING, Logical.DATE_TIME): "timestamp",
    (Kind.STRING, Logical.DATE): "date",
    (Kind.STRING, Logical.TIME): "time",
    (Kind.INTEGER, Logical.EPOCH_MILLIS): "timestamp",
    (Kind.INTEGER, Logical.EPOCH_MICROS): "timestamp",
    (Kind.INTEGER, Logical.EPOCH_SECONDS): "timestamp",
}
_TIME_MEANINGS = {
    "timestamp": Logical.DATE_TIME,
    "date": Logical.DATE,
    "time": Logical.TIME,
}
_FORMATS = frozenset({Logical.UUID, Logical.EMAIL, Logical.URI})


def topic_members(schema: Schema, avro: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What a schema object says of its fields; `avro` is the registered schema, for their types.

    What was merely observed (evidence, and bounds beside it) is no promise and is left out.
    """
    root = _promised(schema.root)
    types = _member_types(avro, root)
    members = [child for child in root.children if child.name != ITEMS]
    written: dict[str, Any] = {"logicalType": "object"}
    names = {"schemaName": schema.name, "schemaNamespace": schema.namespace}
    custom: list[dict[str, Any]] = [
        {"property": name, "value": value} for name, value in names.items() if value
    ]
    if rest := _difference(_ROOT, root):
        custom.append({"property": FIELD, "value": rest})
    items = [child for child in root.children if child.name == ITEMS]
    written["properties"] = [
        _written(child, kind) for child, kind in zip(members, types, strict=True)
    ] + [_written(child, None) for child in items]
    return written | ({"customProperties": custom} if custom else {})


def schema_of(topic_object: Mapping[str, Any]) -> Schema:
    """The schema that a contract's schema object describes."""
    members = tuple(_read(each) for each in topic_object.get("properties", ()))
    root = replace(_with_rest(_ROOT, topic_object), children=members)
    name = custom_of(topic_object, "schemaName") or topic_object["name"]
    namespace = custom_of(topic_object, "schemaNamespace") or ""
    doc = str(topic_object.get("description", ""))
    return Schema(root, name=str(name), namespace=str(namespace), doc=doc)


_ROOT = Field("", frozenset({Kind.OBJECT}))


def _promised(place: Field) -> Field:
    bounds = place.bounds if place.evidence is None else Bounds()
    children = tuple(map(_promised, place.children))
    return replace(place, bounds=bounds, children=children, evidence=None)


def _written(place: Field, avro: Any) -> dict[str, Any]:
    """By the standard's members where they say it, and the rest in a custom property."""
    plain = _plain(place, avro)
    if rest := _difference(_read_plain(plain), place):
        plain["customProperties"] = [{"property": FIELD, "value": rest}]
    return plain


def _difference(plain: Field, place: Field) -> dict[str, Any]:
    """The members of a field's document that `plain` has otherwise; null where it has none."""
    said, meant = (_facts(each) for each in (plain, place))
    return {key: meant.get(key) for key in said | meant if said.get(key) != meant.get(key)}


def _facts(place: Field) -> dict[str, Any]:
    document: dict[str, Any] = to_document(Schema(replace(place, children=())))["root"]
    return {key: value for key, value in document.items() if key not in ("name", "doc")}


def _with_rest(plain: Field, written: Mapping[str, Any]) -> Field:
    rest = custom_of(written, FIELD)
    if not isinstance(rest, Mapping):
        return plain
    facts = {key: value for key, value in {**_facts(plain), **rest}.items() if value is not None}
    try:
        read = from_document({"root": {**facts, "children": (), "evidence": None}}).root
    except DocumentUnreadableError:
        return plain  # somebody else's property of that name
    return replace(read, name=plain.name, doc=plain.doc)


def _plain(place: Field, avro: Any) -> dict[str, Any]:
    logical_type = _logical_type(place, _main(place))
    promised = not place.optional and not place.nullable
    written: dict[str, Any] = {
        "name": place.name,
        "logicalType": logical_type,
        "physicalType": _type_name(avro),
        "description": place.doc,
        "required": promised,
        "logicalTypeOptions": _options(place, logical_type),
        "tags": sorted(place.tags),
    }
    return {key: value for key, value in written.items() if value} | _below(place, avro)


def _below(place: Field, avro: Any) -> dict[str, Any]:
    items = [child for child in place.children if child.name == ITEMS]
    members = [child for child in place.children if child.name != ITEMS]
    below: dict[str, Any] = {}
    if items:
        below["items"] = _written(items[0], _branch(avro, "items"))
    if members:
        types = _member_types(avro, replace(place, children=tuple(members)))
        below["properties"] = [
            _written(child, kind) for child, kind in zip(members, types, strict=True)
        ]
    return below


def _type_name(avro: Any) -> str:
    """An Avro type in a word: `string`, `timestamp-millis`, `record`; a union by its branches."""
    if isinstance(avro, list):
        return " | ".join(_type_name(branch) for branch in avro if branch != "null")
    if isinstance(avro, Mapping):
        return str(avro.get("logicalType") or _type_name(avro["type"]))
    return str(avro or "")


def _branch(avro: Any, part: str) -> Any:
    """What a type says under `part`; of a union, its first branch that has it."""
    branches = avro if isinstance(avro, list) else [avro]
    return next((b[part] for b in branches if isinstance(b, Mapping) and part in b), None)


def _member_types(avro: Any, place: Field) -> list[Any]:
    """The types of a record's fields in their order, or of a map's values."""
    members = [child for child in place.children if child.name != ITEMS]
    if Kind.MAP in place.kinds:
        return [_branch(avro, "values")] * len(members)
    fields = _branch(avro, "fields") or ()
    if len(fields) != len(members):
        return [None] * len(members)
    return [field["type"] for field in fields]


def _main(place: Field) -> Kind | None:
    kinds = place.kinds - {Kind.NULL}
    return next((kind for kind in Kind if kind in kinds), None)


def _logical_type(place: Field, kind: Kind | None) -> str:
    if kind is None or kind is Kind.NULL:
        return ""
    if place.logical is not None and (kind, place.logical) in _TIMES:
        return _TIMES[kind, place.logical]
    if place.logical is Logical.DECIMAL:
        return "number"
    return {Kind.BYTES: "string", Kind.MAP: "object"}.get(kind) or _TYPES[kind]


def _options(place: Field, logical_type: str) -> dict[str, Any]:
    bounds = place.bounds
    told: dict[str, Any] = {}
    if logical_type == "string":
        meaning = place.logical.value if place.logical in _FORMATS else None
        told = {
            "minLength": bounds.min_length,
            "maxLength": bounds.max_length,
            "pattern": bounds.pattern,
            "format": meaning,
        }
    elif logical_type in ("integer", "number"):
        told = {"minimum": bounds.minimum, "maximum": bounds.maximum}
    return {name: value for name, value in told.items() if value is not None}


def _read(written: Mapping[str, Any], name: str | None = None) -> Field:
    children = [_read(each) for each in written.get("properties", ())]
    if "items" in written:
        children.append(_read(written["items"], ITEMS))
    plain = _read_plain(written)
    read = replace(_with_rest(plain, written), children=tuple(children))
    return read if name is None else replace(read, name=name)


def _read_plain(written: Mapping[str, Any]) -> Field:
    logical_type = str(written.get("logicalType", ""))
    options: Mapping[str, Any] = written.get("logicalTypeOptions", {})
    required = bool(written.get("required", False))
    kind = _KINDS.get(logical_type, Kind.STRING if logical_type else None)
    return Field(
        name=str(written.get("name", ITEMS)),
        kinds=frozenset() if kind is None else frozenset({kind}),
        optional=not required,
        logical=_meaning(logical_type, options),
        bounds=_bounds(logical_type, options),
        doc=str(written.get("description", "")),
        tags=frozenset(map(str, written.get("tags", ()))),
    )


def _meaning(logical_type: str, options: Mapping[str, Any]) -> Logical | None:
    if logical_type == "string":
        return next((each for each in _FORMATS if each.value == options.get("format")), None)
    return _TIME_MEANINGS.get(logical_type)


def _bounds(logical_type: str, options: Mapping[str, Any]) -> Bounds:
    if logical_type == "string":
        return Bounds(
            min_length=options.get("minLength"),
            max_length=options.get("maxLength"),
            pattern=options.get("pattern"),
        )
    if logical_type in ("integer", "number"):
        return Bounds(minimum=options.get("minimum"), maximum=options.get("maximum"))
    return Bounds()
