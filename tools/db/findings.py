"""What a scan reads of the catalog and writes to it: one transaction per batch of topics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from psycopg.rows import DictRow

from core.report import SampleReport
from core.schema.document import from_document, to_document
from core.schema.model import Schema
from core.source import Description, Owner, SourceStatus
from tools.db.finding import (
    FailedTopic,
    Finding,
    Known,
    Offsets,
    Placement,
    Reader,
    Stored,
    Unindexed,
    Written,
)
from tools.db.pool import Connection, Pool
from tools.db.sql import load
from tools.db.summaries import description_of, offsets_of, owner_of

_SQL = load("findings")


class FindingRepository:
    """The catalog's side of a scan of one cluster; every method may be called again safely."""

    def __init__(self, pool: Pool, cluster: str) -> None:
        self._pool = pool
        self._cluster = cluster

    async def known(self) -> dict[str, Known]:
        """All sources of the cluster by name, the vanished ones too."""
        rows = await self._rows("known", {})
        return {row["name"]: _known_of(row) for row in rows}

    async def stored(self, names: Sequence[str]) -> dict[str, Stored]:
        """The stored facts of these topics, by name."""
        rows = await self._rows("stored", {"names": list(names)})
        return {row["name"]: _stored_of(row) for row in rows}

    async def put(
        self, scan_id: int, findings: Sequence[Finding], failed: Sequence[FailedTopic] = ()
    ) -> tuple[Written, ...]:
        """Write a batch in one transaction and give back the written findings' ids."""
        names = [item.name for item in findings] + [item.name for item in failed]
        async with self._pool.connection() as conn, conn.transaction():
            await self._put_sources(conn, findings, failed)
            await conn.execute(_SQL["claim"], {"cluster": self._cluster, "names": names})
            await self._put_history(conn, scan_id, findings, failed)
            wanted = {"cluster": self._cluster, "names": [item.name for item in findings]}
            rows = await (await conn.execute(_SQL["written"], wanted)).fetchall()
        return tuple(Written(**row) for row in rows)

    async def seen(self, still: Sequence[tuple[Placement, Offsets]]) -> None:
        """Topics that are there and have nothing new; products may have claimed them meanwhile."""
        given = {
            "names": [placement.name for placement, _ in still],
            "partitions": [placement.partitions for placement, _ in still],
            "replications": [placement.replication for placement, _ in still],
            "configs": [_json(placement.config) for placement, _ in still],
            "offsets": [_json(_keyed(offsets)) for _, offsets in still],
            "messages": [_messages(offsets) for _, offsets in still],
            "cluster": self._cluster,
        }
        async with self._pool.connection() as conn, conn.transaction():
            await conn.execute(_SQL["seen"], given)
            await conn.execute(_SQL["claim"], given)

    async def vanish(self, scan_id: int, names: Sequence[str], line: str) -> None:
        """Mark present topics as vanished, with the reason as the change's line."""
        given = {"names": list(names), "scan_id": scan_id, "diff": _json([line])}
        await self._execute("vanish", given)

    async def put_consumers(self, readers: Sequence[Reader]) -> None:
        """Replace what is known of the cluster's consumer groups."""
        given = {
            "groups": [reader.group for reader in readers],
            "topics": [reader.topic for reader in readers],
            "teams": [reader.team for reader in readers],
            "lags": [reader.lag for reader in readers],
            "states": [reader.state for reader in readers],
            "cluster": self._cluster,
        }
        async with self._pool.connection() as conn, conn.transaction():
            await conn.execute(_SQL["put_consumers"], given)
            await conn.execute(_SQL["drop_consumers"], given)

    async def unindexed(self, after: int, limit: int) -> tuple[Unindexed, ...]:
        """Present sources whose text the search index lacks, by id above `after`."""
        rows = await self._rows("unindexed", {"after": after, "limit": limit})
        return tuple(_unindexed_of(row) for row in rows)

    async def redescribe(
        self, source_id: int, description: Description, owner: Owner | None
    ) -> None:
        """Describe a source that no product describes any more."""
        given = {"id": source_id, **_description(description), **_owner(owner)}
        await self._execute("redescribe", given)

    async def mark_indexed(self, put: Sequence[Written]) -> None:
        """Remember that the search index holds these texts."""
        given = {
            "ids": [item.id for item in put],
            "descriptions": [item.description for item in put],
        }
        await self._execute("mark_indexed", given)

    async def _put_sources(
        self, conn: Connection, findings: Iterable[Finding], failed: Iterable[FailedTopic]
    ) -> None:
        async with conn.cursor() as cursor:
            if rows := [self._source_row(finding) for finding in findings]:
                await cursor.executemany(_SQL["put"], rows)
            if rows := [self._failure_row(topic) for topic in failed]:
                await cursor.executemany(_SQL["put_failure"], rows)

    async def _put_history(
        self,
        conn: Connection,
        scan_id: int,
        findings: Sequence[Finding],
        failed: Sequence[FailedTopic],
    ) -> None:
        at = {"cluster": self._cluster, "scan_id": scan_id}
        versions = [{**at, **_version(found)} for found in findings if found.new_version]
        changes = [
            {**at, "name": item.name, "kind": kind, "version": version, "diff": _json(lines)}
            for item, version in _with_versions(findings, failed)
            for kind, lines in item.changes
        ]
        async with conn.cursor() as cursor:
            if versions:
                await cursor.executemany(_SQL["put_version"], versions)
            if changes:
                await cursor.executemany(_SQL["put_change"], changes)

    def _source_row(self, finding: Finding) -> dict[str, Any]:
        return {
            "cluster": self._cluster,
            **_placement(finding.placement),
            **_description(finding.description),
            **_owner(finding.owner),
            "format": finding.format,
            "has_registered_schema": finding.registered,
            "subject": finding.subject,
            "schema_id": finding.schema_id,
            "field_count": sum(1 for _ in finding.schema.walk()) if finding.schema else 0,
            "schema": _document(finding.schema),
            "fingerprint": finding.fingerprint,
            "version": finding.version,
            "profile": finding.profile,
            "report": finding.report.model_dump_json(),
            "offsets": _json(_keyed(finding.offsets)),
            "messages": _messages(finding.offsets),
        }

    def _failure_row(self, topic: FailedTopic) -> dict[str, Any]:
        report = SampleReport(error=topic.error).model_dump_json()
        return {"cluster": self._cluster, "report": report, **_placement(topic.placement)}

    async def _rows(self, query: str, given: Mapping[str, object]) -> Sequence[DictRow]:
        async with self._pool.connection() as conn:
            found = await conn.execute(_SQL[query], {"cluster": self._cluster, **given})
            return await found.fetchall()

    async def _execute(self, query: str, given: Mapping[str, object]) -> None:
        async with self._pool.connection() as conn:
            await conn.execute(_SQL[query], {"cluster": self._cluster, **given})


def _with_versions(
    findings: Sequence[Finding], failed: Sequence[FailedTopic]
) -> Iterable[tuple[Finding | FailedTopic, int | None]]:
    yield from ((finding, finding.version or None) for finding in findings)
    yield from ((topic, None) for topic in failed)


def _placement(placement: Placement) -> dict[str, Any]:
    return {
        "name": placement.name,
        "partitions": placement.partitions,
        "replication": placement.replication,
        "config": _json(placement.config),
    }


def _keyed(offsets: Offsets) -> dict[str, tuple[int, int]]:
    return {str(partition): limits for partition, limits in offsets.items()}


def _messages(offsets: Offsets) -> int:
    return sum(high - low for low, high in offsets.values())


def _description(description: Description | None) -> dict[str, Any]:
    if description is None:
        return {"description": None, "description_by": None}
    return {"description": description.text, "description_by": description.by}


def _owner(owner: Owner | None) -> dict[str, Any]:
    if owner is None:
        return {"owner": None, "owner_guessed_from": None}
    return {"owner": owner.ref, "owner_guessed_from": owner.guessed_from}


def _version(finding: Finding) -> dict[str, Any]:
    return {
        "name": finding.name,
        "version": finding.version,
        "schema": _document(finding.schema),
        "fingerprint": finding.fingerprint,
    }


def _document(schema: Schema | None) -> str | None:
    return None if schema is None else _json(to_document(schema))


def _json(value: object) -> str:
    """JSON text that Postgres takes: it has no room for the null character in text."""
    return orjson.dumps(value).decode().replace("\\u0000", "\\ufffd")


def _known_of(row: DictRow) -> Known:
    status = SourceStatus(row["status"])
    return Known(row["id"], status, offsets_of(row["offsets"]), row["failed"])


def _stored_of(row: DictRow) -> Stored:
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


def _unindexed_of(row: DictRow) -> Unindexed:
    return Unindexed(
        id=row["id"],
        name=row["name"],
        description=description_of(row),
        schema=None if row["schema"] is None else from_document(row["schema"]),
        report=SampleReport.model_validate(row["report"] or {}),
        managed=row["product_id"] is not None,
    )
