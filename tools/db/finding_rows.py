"""Findings as rows of `sources` and back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import orjson
from psycopg.rows import DictRow

from core.report import SampleReport, schema_ref
from core.schema.document import from_document, to_document
from core.schema.model import Schema
from core.source import Description, Owner, SourceStatus
from tools.db.finding import FailedTopic, Finding, Known, Offsets, Placement, Stored, Unindexed
from tools.db.summaries import description_of, offsets_of, owner_of

_NUL = re.compile(r"((?<!\\)(?:\\\\)*)\\u0000")
"""An escaped null character, not an escaped backslash before `u0000`."""


def source_row(finding: Finding) -> dict[str, Any]:
    return {
        **placement_row(finding.placement),
        **description_row(finding.description),
        **owner_row(finding.owner),
        "format": finding.format,
        "has_registered_schema": finding.registered,
        "subject": finding.subject,
        "schema_id": finding.schema_id,
        "field_count": sum(1 for _ in finding.schema.walk()) if finding.schema else 0,
        "schema": _document(finding.schema),
        "fingerprint": finding.fingerprint,
        "version": finding.version,
        "profile": finding.profile,
        "report": _without_nul(finding.report.model_dump_json()),
        **offsets_row(finding.offsets),
    }


def failure_row(topic: FailedTopic) -> dict[str, Any]:
    report = _without_nul(SampleReport(error=topic.error).model_dump_json())
    return {"report": report, **placement_row(topic.placement)}


def change_rows(topic: Finding | FailedTopic) -> Iterator[dict[str, Any]]:
    """A failed topic's changes rest on no version."""
    version = topic.version or None if isinstance(topic, Finding) else None
    for kind, lines in topic.changes:
        yield {"name": topic.name, "kind": kind, "version": version, "diff": json_text(lines)}


def offsets_row(offsets: Offsets) -> dict[str, Any]:
    return {
        "offsets": json_text({str(partition): limits for partition, limits in offsets.items()}),
        "messages": sum(high - low for low, high in offsets.values()),
    }


def placement_row(placement: Placement) -> dict[str, Any]:
    return {
        "name": placement.name,
        "partitions": placement.partitions,
        "replication": placement.replication,
        "config": config_text(placement),
    }


def config_text(placement: Placement) -> str | None:
    return None if placement.config is None else json_text(placement.config)


def description_row(description: Description | None) -> dict[str, Any]:
    if description is None:
        return {"description": None, "description_by": None}
    return {"description": description.text, "description_by": description.by}


def owner_row(owner: Owner | None) -> dict[str, Any]:
    if owner is None:
        return {"owner": None, "owner_guessed_from": None}
    return {"owner": owner.ref, "owner_guessed_from": owner.guessed_from}


def _document(schema: Schema | None) -> str | None:
    return None if schema is None else json_text(to_document(schema))


def json_text(value: object) -> str:
    """JSON text that Postgres takes: it has no room for the null character in text, and names may
    hold what orjson refuses (integers beyond 64 bits, halves of surrogate pairs)."""
    try:
        text = orjson.dumps(value).decode()
    except TypeError:
        text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()
    return _without_nul(text)


def _without_nul(text: str) -> str:
    """The same JSON with U+FFFD in the place of the null character."""
    return _NUL.sub(r"\1\\ufffd", text) if "\\u0000" in text else text


def known_of(row: DictRow) -> Known:
    status = SourceStatus(row["status"])
    unknown = frozenset(map(schema_ref, row["unknown_schemas"] or ()))
    return Known(row["id"], status, offsets_of(row["offsets"]), row["failed"], unknown)


def stored_of(row: DictRow) -> Stored:
    return Stored(
        id=row["id"],
        status=SourceStatus(row["status"]),
        schema=None if row["schema"] is None else from_document(row["schema"]),
        fingerprint=row["fingerprint"],
        version=row["version"],
        registered=row["has_registered_schema"],
        subject=row["subject"],
        schema_id=row["schema_id"],
        profile=row["profile"],
        offsets=offsets_of(row["offsets"]),
        format=row["format"],
        description=description_of(row),
        owner=owner_of(row),
    )


def unindexed_of(row: DictRow) -> Unindexed:
    return Unindexed(
        id=row["id"],
        name=row["name"],
        description=description_of(row),
        schema=None if row["schema"] is None else from_document(row["schema"]),
        report=SampleReport.model_validate(row["report"] or {}),
        managed=row["product_id"] is not None,
    )
