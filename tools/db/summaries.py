"""Rows of `sources` as the catalog's models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.rows import DictRow

from core.report import SampleReport
from core.schema.document import from_document
from core.source import (
    Consumer,
    Description,
    Owner,
    SchemaVersion,
    SourceChange,
    SourceDetail,
    SourceSummary,
)


def summary_of(row: DictRow, consuming_teams: Sequence[str]) -> SourceSummary:
    """A summary out of a row of `sources` joined with its product's name."""
    return SourceSummary(
        cluster=row["cluster"],
        name=row["name"],
        kind=row["kind"],
        status=row["status"],
        description=description_of(row),
        owner=owner_of(row),
        domain=row["domain"],
        tags=tuple(row["tags"]),
        product_id=row["product_id"],
        product_name=row["product_name"],
        format=row["format"],
        has_registered_schema=row["has_registered_schema"],
        fields=row["field_count"],
        messages=row["messages"],
        consuming_teams=tuple(consuming_teams),
        first_seen=row["first_seen"],
        scanned_at=row["scanned_at"],
    )


def description_of(row: DictRow) -> Description | None:
    if row["description"] is None:
        return None
    return Description(text=row["description"], by=row["description_by"])


def owner_of(row: DictRow) -> Owner | None:
    if row["owner"] is None:
        return None
    return Owner(ref=row["owner"], guessed_from=row["owner_guessed_from"])


def detail_of(row: DictRow, consumers: Sequence[DictRow]) -> SourceDetail:
    """A whole source out of its row and the rows of its consumers."""
    teams = sorted({consumer["team"] for consumer in consumers if consumer["team"]})
    return SourceDetail(
        id=row["id"],
        summary=summary_of(row, teams),
        schema=None if row["schema"] is None else from_document(row["schema"]),
        version=row["version"],
        fingerprint=row["fingerprint"],
        subject=row["subject"],
        schema_id=row["schema_id"],
        report=SampleReport.model_validate(row["report"] or {}),
        partitions=row["partitions"],
        replication=row["replication"],
        config=row["config"],
        offsets=offsets_of(row["offsets"]),
        last_seen=row["last_seen"],
        vanished_at=row["vanished_at"],
        consumers=tuple(_consumer_of(consumer) for consumer in consumers),
    )


def offsets_of(stored: Mapping[str, Any]) -> dict[int, tuple[int, int]]:
    """Watermarks by partition; JSON keeps the partition as text."""
    return {int(partition): (low, high) for partition, (low, high) in stored.items()}


def version_of(row: DictRow) -> SchemaVersion:
    return SchemaVersion(
        version=row["version"],
        schema=from_document(row["schema"]),
        fingerprint=row["fingerprint"],
        scan_id=row["scan_id"],
        created_at=row["created_at"],
    )


def change_of(row: DictRow) -> SourceChange:
    return SourceChange(**{**row, "lines": tuple(row["diff"])})


def _consumer_of(row: DictRow) -> Consumer:
    return Consumer(
        group=row["group_id"],
        team=row["team"],
        lag=row["lag"],
        state=row["state"],
        last_seen=row["last_seen"],
    )
