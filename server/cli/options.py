"""Options that several commands have: one spelling, one help text."""

from __future__ import annotations

from typing import Annotated

import typer

from core.source import SourceKind

Port = Annotated[int | None, typer.Option(help="Port of the catalog (default: 8004).")]
GeneratorPort = Annotated[
    int | None, typer.Option(help="Port of the product generator (default: 8003).")
]
ProductsPort = Annotated[
    int | None, typer.Option(help="Port of the product service (default: 8001).")
]
BootstrapServers = Annotated[str | None, typer.Option(help="Kafka: host:port,...")]
SchemaRegistry = Annotated[
    str | None, typer.Option(help="URL of a Confluent-compatible Schema Registry.")
]
DatabaseUrl = Annotated[str | None, typer.Option(help="Postgres with pgvector: postgresql://...")]
As = Annotated[
    str | None,
    typer.Option("--as", help="Who you are to an open server (default: HEADWATER_PRINCIPAL)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]

OfKind = Annotated[SourceKind | None, typer.Option(help="Only this kind.")]
OfOwner = Annotated[str | None, typer.Option(help="Only of this owner (group:...).")]
OfDomain = Annotated[str | None, typer.Option(help="Only of this domain.")]
InFormat = Annotated[
    str | None, typer.Option("--format", help="Only in this format: json, avro ...")
]
WithTag = Annotated[str | None, typer.Option(help="Only with this tag.")]
HasSchema = Annotated[
    bool | None, typer.Option("--schema/--no-schema", help="With a registered schema or none.")
]
HasOwner = Annotated[
    bool | None, typer.Option("--owned/--unowned", help="With a known owner or without.")
]
Vanished = Annotated[bool, typer.Option("--vanished", help="Topics that are gone too.")]
