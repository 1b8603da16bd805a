"""The schema as a tree, each field with what was measured of it."""

from __future__ import annotations

from dataclasses import dataclass

from server.catalog.views import SchemaView, schema_view
from server.console.pane import Pane, Seen


@dataclass(frozen=True)
class SchemaPane:
    """`tree` is None while nothing could be read; `documents` are label and format."""

    tree: SchemaView | None
    documents: tuple[tuple[str, str], ...]


async def load(seen: Seen) -> SchemaPane:
    schema = seen.source.schema
    tree = None if schema is None else schema_view(schema)
    return SchemaPane(tree, (("JSON Schema", "json-schema"), ("Avro", "avro"), ("Tree", "tree")))


PANE = Pane("schema", "Schema", 10, load)
