"""Tiny builders for tests of inference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.decoding.decoded import DecodedBatch, Failure, FailureReason, Format, Group, SchemaRef
from core.inference.profile import Profile
from core.inference.render import Inferred, infer
from core.schema.model import Field


def inferred(records: Sequence[object]) -> Inferred:
    return infer(Profile.of(records), "topic")


def fields(records: Sequence[object]) -> dict[str, Field]:
    """The inferred fields by path, the root under ""."""
    schema = inferred(records).schema
    return {"": schema.root, **dict(schema.walk())}


def the_field(values: Iterable[object], name: str = "value") -> Field:
    """The one field of records that hold the values under `name`."""
    return fields([{name: value} for value in values])[name]


def group(
    values: Sequence[object], form: Format = Format.JSON, schema_id: int | None = None
) -> Group:
    ref = None if schema_id is None else SchemaRef(schema_id)
    return Group(form, ref, tuple(values), 10 * len(values))


def batch(*groups: Group, failures: int = 0, headers: Iterable[str] = ()) -> DecodedBatch:
    reason = FailureReason.BROKEN_PAYLOAD
    messages = sum(len(g.values) for g in groups) + failures
    return DecodedBatch(
        messages=messages,
        bytes=sum(g.bytes for g in groups),
        values=groups,
        keys=(),
        unkeyed=messages,
        tombstones=0,
        header_names=dict.fromkeys(headers, 1),
        failures=tuple(Failure(0, n, reason, "cut off", 5) for n in range(failures)),
    )
