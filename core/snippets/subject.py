"""What a snippet is about, in the form that all languages need."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import fastavro

from core.contract.port import Endpoint, PortView
from core.plan_examples import limits_of
from core.product import DataProduct
from core.schema import avro_writer
from core.schema.example import Examples
from core.schema.model import Field, Kind, Logical, child_path
from core.schema.round_trip import datum

AVRO, JSON_SCHEMA, JSON = "avro", "json-schema", "json"
WRITABLE = frozenset({AVRO, JSON_SCHEMA, JSON})
"""Formats that an example record can be written in; others are only consumed."""

_UNREGISTERED = {JSON_SCHEMA: JSON, AVRO: "bytes"}
_ALIASES = {"json_schema": JSON_SCHEMA, "jsonschema": JSON_SCHEMA}


@dataclass(frozen=True, slots=True)
class About:
    """A product's port, where it is reached and an example of its records."""

    product: DataProduct
    view: PortView
    endpoint: Endpoint

    @property
    def topic(self) -> str:
        return self.view.topic

    @property
    def format(self) -> str:
        """What a registered format is without a registry that we know: plain JSON, or bytes."""
        told = _ALIASES.get(self.view.format, self.view.format)
        return told if self.registry else _UNREGISTERED.get(told, told)

    @property
    def registry(self) -> str | None:
        return self.endpoint.registry if self.view.registered else None

    @property
    def group(self) -> str:
        return f"my-team.{self.product.id}"

    @property
    def writable(self) -> bool:
        return self.format in WRITABLE and self.view.schema is not None

    @property
    def record(self) -> Any:
        """An example that keeps to schema and rules, as JSON."""
        if self.view.schema is None:
            return {}
        return Examples(self.view.schema, limits_of(self.view.rules)).whole()

    @property
    def avro(self) -> Mapping[str, Any]:
        if self.view.schema is None:
            raise ValueError(f"no schema of {self.topic} is known")
        return avro_writer.write(self.view.schema)

    @property
    def avro_record(self) -> Any:
        """The example as an Avro serializer takes it."""
        return datum(self.avro, self.record)

    @property
    def avro_json(self) -> str:
        """The example in Avro's JSON encoding, which names the branches of unions."""
        out = io.StringIO()
        fastavro.json_writer(out, fastavro.parse_schema(dict(self.avro)), [self.avro_record])
        return json.dumps(json.loads(out.getvalue()), ensure_ascii=False, indent=2)

    @property
    def time_field(self) -> tuple[str, Field] | None:
        """The event time, where it is a member of the root: an example of now is not late."""
        root = () if self.view.schema is None else self.view.schema.root.children
        for each in root:
            if each.name == self.view.event_time and each.logical in _TIMES:
                return each.name, each
        return None

    @property
    def key_path(self) -> tuple[str, ...]:
        """The steps to the key in a record; none where it is not below plain objects."""
        if self.view.key is None or self.view.schema is None:
            return ()
        return _steps(self.view.key, "", self.view.schema.root)


_TIMES = frozenset({Logical.DATE_TIME, Logical.EPOCH_MILLIS, Logical.EPOCH_MICROS}) | {
    Logical.EPOCH_SECONDS
}


def _steps(wanted: str, path: str, place: Field) -> tuple[str, ...]:
    for child in place.children:
        here = child_path(path, child.name)
        if here == wanted:
            return (child.name,)
        if Kind.OBJECT in child.kinds and (below := _steps(wanted, here, child)):
            return (child.name, *below)
    return ()
