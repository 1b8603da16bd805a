"""/audit: who did what, when, and what it was before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime

from server.access import examples
from server.access.export_format import ExportFormat
from server.catalog.sources import Cursor, Limit, Page
from server.csv import CSV, Cell, csv_line, or_csv
from server.openapi import Responses, answers
from server.principal import Steward
from server.services import Running
from tools.db.audit import AuditEntry, AuditFilter

router = APIRouter(tags=["access"])

_NDJSON = "application/x-ndjson"
_COLUMNS = ("id", "at", "actor", "action", "target", "request_id", "before", "after")


def _wanted(
    actor: Annotated[
        str | None, Query(max_length=300, examples=["user:default/jane"], description="who did it")
    ] = None,
    action: Annotated[
        str | None,
        Query(max_length=100, examples=["product"], description="one, or all of a family"),
    ] = None,
    target: Annotated[
        str | None, Query(max_length=600, examples=["product:orders"], description="of what")
    ] = None,
    request_id: Annotated[str | None, Query(max_length=128)] = None,
    since: Annotated[AwareDatetime | None, Query(description="from then on")] = None,
    until: Annotated[AwareDatetime | None, Query(description="before then")] = None,
) -> AuditFilter:
    return AuditFilter(actor, action, target, request_id, since, until)


Wanted = Annotated[AuditFilter, Depends(_wanted)]


def _exported() -> Responses:
    line = orjson.dumps(examples.ENTRY).decode() + "\n"
    told = answers(line, 401, 403, 503, media_type=_NDJSON)
    told[200]["content"][_NDJSON]["schema"] = {"type": "string"}
    return or_csv(told, csv_line(_COLUMNS))


@router.get(
    "/audit",
    operation_id="listAudit",
    summary="List who did what",
    responses=answers({"items": [examples.ENTRY], "next_cursor": None}, 400, 401, 403, 503),
)
async def list_audit(
    services: Running,
    steward: Steward,
    wanted: Wanted,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[AuditEntry]:
    """Newest first, for stewards and admins. Entries are never changed: the database refuses it."""
    page = await services.audit.list(wanted=wanted, limit=limit, cursor=cursor)
    return Page(items=page.items, next_cursor=page.next_cursor)


@router.get(
    "/audit/export",
    operation_id="exportAudit",
    summary="All of the audit log that fits, as lines of JSON or as CSV",
    response_class=StreamingResponse,
    responses=_exported(),
)
async def export_audit(
    services: Running,
    steward: Steward,
    wanted: Wanted,
    export_format: Annotated[ExportFormat, Query(alias="format")] = ExportFormat.NDJSON,
) -> StreamingResponse:
    """Newest first, as a stream: however much there is, it is not held in memory. In CSV a text
    that a spreadsheet would take for a formula begins with an apostrophe."""
    entries = services.audit.every(wanted)
    as_csv = export_format is ExportFormat.CSV
    body = _csv_lines(entries) if as_csv else _json_lines(entries)
    name = f"audit.{export_format.value}"
    return StreamingResponse(
        body,
        media_type=CSV if as_csv else _NDJSON,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _json_lines(entries: AsyncIterator[AuditEntry]) -> AsyncIterator[str]:
    async for entry in entries:
        yield entry.model_dump_json() + "\n"


async def _csv_lines(entries: AsyncIterator[AuditEntry]) -> AsyncIterator[str]:
    yield csv_line(_COLUMNS)
    async for entry in entries:
        yield csv_line(_cell(getattr(entry, name)) for name in _COLUMNS)


def _cell(value: Any) -> Cell:
    if isinstance(value, dict):
        return orjson.dumps(value).decode()
    return value.isoformat() if isinstance(value, datetime) else value
