"""The one schema under which a topic is shown: registered where its messages name one, else
inferred."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import orjson

from core.decoding.column import Schemas
from core.decoding.decoded import SchemaRef
from core.decoding.descriptors import UnreadableDescriptorsError
from core.decoding.registered import RegisteredSchema, SchemaKind
from core.inference.profile import Profile
from core.inference.render import Inferred, infer
from core.inference.topic import TopicProfile
from core.report import EventKindCount
from core.schema import avro, json_schema, protobuf
from core.schema.combine import united
from core.schema.limits import SchemaUnreadableError
from core.schema.model import Field, Schema
from tools.discovery.sample_report import inferred_kinds

Types = Mapping[SchemaRef, str]
"""The message type that most values of a Protobuf schema have within its file."""

MOSTLY = 0.9
"""From this share of the values on that name a schema, the topic's schema is the registered one;
the rest counts as strays."""

_STRUCTURE = frozenset({"type", "name", "namespace", "doc", "title", "description"})
_MAX_PROPERTY = 200


@dataclass(frozen=True, slots=True)
class View:
    """`registered` is the schema in view, the newest one; None where the schema was inferred.

    `several` says that the topic carries several registered record types, united in `schema`.
    """

    schema: Schema
    registered: RegisteredSchema | None
    several: bool
    kinds: tuple[EventKindCount, ...]
    inferred: Inferred


@dataclass(frozen=True, slots=True)
class _Carried:
    """A registered schema that values carry."""

    schema: RegisteredSchema
    tree: Schema
    messages: int

    @property
    def record(self) -> str:
        """What tells record types apart: versions of one type share it."""
        name = f"{self.tree.namespace}.{self.tree.name}".strip(".")
        return name or self.schema.subject or str(self.schema.ref)

    @property
    def age(self) -> tuple[int, int]:
        return (self.schema.version or 0, self.schema.ref.id or 0)


def view_of(
    name: str, profile: TopicProfile, types: Types, schemas: Schemas, newest: Schemas
) -> View | None:
    """The view of a sample; None where nothing was decoded.

    `schemas` are those that the sample names, `newest` those that earlier samples have shown: an
    older version does not come back because the newer one is rare in this sample. `types` are the
    message types that values have within their Protobuf files.
    """
    if not profile.decoded:
        return None
    carried = list(_carried(profile, schemas, types))
    share = sum(item.messages for item in carried) / profile.decoded
    if share < MOSTLY:
        inferred = infer(profile.value_profile, name)
        return View(inferred.schema, None, False, inferred_kinds(inferred), inferred)
    inferred = infer(_profile_of(profile, [item.schema for item in carried]), name)
    records = {item.record for item in carried}
    earlier = [item for item in _trees(newest, {}, types) if item.record in records]
    return _registered_view(name, carried, earlier, inferred)


def _registered_view(
    name: str, carried: Sequence[_Carried], earlier: Sequence[_Carried], inferred: Inferred
) -> View:
    latest: dict[str, _Carried] = {}
    for item in (*carried, *earlier):
        if item.record not in latest or latest[item.record].age < item.age:
            latest[item.record] = item
    kinds = _kinds(carried, latest)
    main = latest[max(carried, key=lambda item: (item.messages, item.record)).record]
    if len(latest) == 1:
        schema = main.tree
    else:
        trees = [latest[record].tree.root for record in sorted(latest)]
        schema = Schema(united(trees), name=name)
    measured = replace(schema, root=_with_evidence(schema.root, inferred.schema.root))
    return View(measured, main.schema, len(latest) > 1, kinds, inferred)


def _kinds(
    carried: Sequence[_Carried], latest: Mapping[str, _Carried]
) -> tuple[EventKindCount, ...]:
    if len(latest) < 2:
        return ()
    total = sum(item.messages for item in carried)
    counts = {
        record: sum(item.messages for item in carried if item.record == record) for record in latest
    }
    return tuple(
        EventKindCount(
            name=latest[record].tree.name or record,
            told_by="registered schema",
            messages=count,
            share=count / total,
            fields=len(latest[record].tree.root.children),
        )
        for record, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def _carried(profile: TopicProfile, schemas: Schemas, types: Types) -> Iterator[_Carried]:
    counts = {
        key.schema: part.count for key, part in profile.values.items() if key.schema is not None
    }
    return _trees({ref: schemas.get(ref) for ref in counts}, counts, types)


def _trees(schemas: Schemas, counts: Mapping[SchemaRef, int], types: Types) -> Iterator[_Carried]:
    for ref, schema in schemas.items():
        tree = tree_of(schema, types.get(ref)) if schema is not None else None
        if schema is not None and tree is not None:
            yield _Carried(schema, tree, counts.get(ref, 0))


def tree_of(schema: RegisteredSchema, type_name: str | None = None) -> Schema | None:
    """The registered schema as a tree; None where its text cannot be read as what it claims."""
    references = {reference.name: reference.text for reference in schema.references}
    try:
        if schema.kind is SchemaKind.PROTOBUF:
            return protobuf.read(schema.descriptors, type_name) if schema.descriptors else None
        read = avro.read if schema.kind is SchemaKind.AVRO else json_schema.read
        tree = read(schema.text, references)
    except (SchemaUnreadableError, UnreadableDescriptorsError):
        return None
    return replace(tree, extra={**_properties(schema.text), **tree.extra})


def _properties(text: str) -> dict[str, str]:
    """What the schema says of itself at its top besides its structure, `owner` for example."""
    document = orjson.loads(text)
    if not isinstance(document, dict):
        return {}
    return {
        name: value
        for name, value in document.items()
        if isinstance(value, str) and name not in _STRUCTURE and len(value) <= _MAX_PROPERTY
    }


def _profile_of(profile: TopicProfile, schemas: Sequence[RegisteredSchema]) -> Profile:
    refs = {schema.ref for schema in schemas}
    parts = [part.profile for key, part in profile.values.items() if key.schema in refs]
    return parts[0] if len(parts) == 1 else sum(parts, Profile())


def _with_evidence(stated: Field, measured: Field) -> Field:
    """A registered field with what was measured of it; what it states stays."""
    seen = {child.name: child for child in measured.children}
    children = tuple(
        _with_evidence(child, seen[child.name]) if child.name in seen else child
        for child in stated.children
    )
    return replace(stated, children=children, evidence=measured.evidence)
