"""What a scan reads of the catalog and writes to it: one transaction per batch of topics."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from core.source import Description, Owner
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
from tools.db.finding_rows import (
    change_rows,
    config_text,
    description_row,
    failure_row,
    json_text,
    known_of,
    offsets_row,
    owner_row,
    source_row,
    stored_of,
    unindexed_of,
)
from tools.db.pool import Connection, Pool
from tools.db.sql import load

_SQL = load("findings")
_LINEAGE = load("lineage")


class FindingRefusedError(ValueError):
    """Postgres takes none of the batch, because one of its values cannot be kept."""

    def __init__(self, cause: psycopg.Error) -> None:
        super().__init__(f"a finding cannot be kept: {str(cause).splitlines()[0]}")


class FindingRepository:
    """The catalog's side of a scan of one cluster; every method may be called again safely."""

    def __init__(self, pool: Pool, cluster: str) -> None:
        self._pool = pool
        self._cluster = cluster

    async def known(self) -> dict[str, Known]:
        """All sources of the cluster by name, the vanished ones too."""
        rows = await self._rows("known", {})
        return {row["name"]: known_of(row) for row in rows}

    async def stored(self, names: Sequence[str]) -> dict[str, Stored]:
        """The stored facts of these topics, by name."""
        rows = await self._rows("stored", {"names": list(names)})
        return {row["name"]: stored_of(row) for row in rows}

    async def put(
        self, scan_id: int, findings: Sequence[Finding], failed: Sequence[FailedTopic] = ()
    ) -> tuple[Written, ...]:
        """Write a batch in one transaction and give back the written findings' ids.

        Raises `FindingRefusedError` where a value of it cannot be kept; nothing is written then.
        """
        async with self._pool.connection() as conn:
            try:
                async with conn.transaction():
                    return await self._put_batch(conn, scan_id, findings, failed)
            except (psycopg.DataError, psycopg.IntegrityError) as error:
                raise FindingRefusedError(error) from error

    async def _put_batch(
        self,
        conn: Connection,
        scan_id: int,
        findings: Sequence[Finding],
        failed: Sequence[FailedTopic],
    ) -> tuple[Written, ...]:
        names = [item.name for item in findings] + [item.name for item in failed]
        await self._put_sources(conn, findings, failed)
        await conn.execute(_SQL["claim"], {"cluster": self._cluster, "names": names})
        await self._put_history(conn, scan_id, findings, failed)
        await self._put_producers(conn, findings)
        wanted = {"cluster": self._cluster, "names": [item.name for item in findings]}
        rows = await (await conn.execute(_SQL["written"], wanted)).fetchall()
        return tuple(Written(**row) for row in rows)

    async def seen(self, still: Sequence[tuple[Placement, Offsets]]) -> None:
        """Topics that are there and have nothing new; products may have claimed them meanwhile."""
        given = {
            "names": [placement.name for placement, _ in still],
            "partitions": [placement.partitions for placement, _ in still],
            "replications": [placement.replication for placement, _ in still],
            "configs": [config_text(placement) for placement, _ in still],
            "offsets": [offsets_row(offsets)["offsets"] for _, offsets in still],
            "messages": [offsets_row(offsets)["messages"] for _, offsets in still],
            "cluster": self._cluster,
        }
        async with self._pool.connection() as conn, conn.transaction():
            await conn.execute(_SQL["seen"], given)
            await conn.execute(_SQL["claim"], given)

    async def vanish(self, scan_id: int, names: Sequence[str], line: str) -> None:
        """Mark present topics as vanished, with the reason as the change's line."""
        given = {"names": list(names), "scan_id": scan_id, "diff": json_text([line])}
        await self._execute("vanish", given)

    async def put_consumers(
        self, readers: Sequence[Reader], kept: Collection[str] | None = ()
    ) -> None:
        """Replace what is known of the cluster's consumer groups; lineage remembers those before.

        What the groups `kept` read is kept besides: they could not be asked. None keeps all.
        """
        given = {
            "groups": [reader.group for reader in readers],
            "topics": [reader.topic for reader in readers],
            "teams": [reader.team for reader in readers],
            "lags": [reader.lag for reader in readers],
            "states": [reader.state for reader in readers],
            "committed": [_committed(reader) for reader in readers],
            "kept": list(kept or ()),
            "cluster": self._cluster,
        }
        async with self._pool.connection() as conn, conn.transaction():
            await conn.execute(_SQL["put_consumers"], given)
            await conn.execute(_LINEAGE["put_reads"], given)
            if kept is not None:
                await conn.execute(_SQL["drop_consumers"], given)
                await conn.execute(_LINEAGE["vanish_reads"], given)

    async def unindexed(self, after: int, limit: int) -> tuple[Unindexed, ...]:
        """Present sources whose text the search index lacks, by id above `after`."""
        rows = await self._rows("unindexed", {"after": after, "limit": limit})
        return tuple(unindexed_of(row) for row in rows)

    async def redescribe(
        self, source_id: int, description: Description, owner: Owner | None
    ) -> None:
        """Describe a source that no product describes any more."""
        given = {"id": source_id, **description_row(description), **owner_row(owner)}
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
            at = {"cluster": self._cluster}
            by_name = sorted(findings, key=lambda finding: finding.name)
            if rows := [{**at, **source_row(finding)} for finding in by_name]:
                await cursor.executemany(_SQL["put"], rows)
            if rows := [{**at, **failure_row(topic)} for topic in failed]:
                await cursor.executemany(_SQL["put_failure"], rows)

    async def _put_history(
        self,
        conn: Connection,
        scan_id: int,
        findings: Sequence[Finding],
        failed: Sequence[FailedTopic],
    ) -> None:
        at = {"cluster": self._cluster, "scan_id": scan_id}
        names = [found.name for found in findings if found.new_version]
        topics: list[Finding | FailedTopic] = [*findings, *failed]
        changes = [row for topic in topics for row in change_rows(topic)]
        if names:
            await conn.execute(_SQL["put_versions"], {**at, "names": names})
        if changes:
            given = {
                "names": [change["name"] for change in changes],
                "kinds": [change["kind"] for change in changes],
                "versions": [change["version"] for change in changes],
                "diffs": [change["diff"] for change in changes],
            }
            await conn.execute(_SQL["put_changes"], {**at, **given})

    async def _put_producers(self, conn: Connection, findings: Sequence[Finding]) -> None:
        """For lineage; a topic whose messages name none any more keeps those that it had."""
        signed = [(found.name, found.producer) for found in findings if found.producer]
        if signed:
            given = {
                "cluster": self._cluster,
                "topics": [name for name, _ in signed],
                "producers": [producer.name for _, producer in signed],
                "teams": [producer.team for _, producer in signed],
                "headers": [producer.header for _, producer in signed],
            }
            await conn.execute(_LINEAGE["put_producers"], given)

    async def _rows(self, query: str, given: Mapping[str, object]) -> Sequence[DictRow]:
        async with self._pool.connection() as conn:
            found = await conn.execute(_SQL[query], {"cluster": self._cluster, **given})
            return await found.fetchall()

    async def _execute(self, query: str, given: Mapping[str, object]) -> None:
        async with self._pool.connection() as conn:
            await conn.execute(_SQL[query], {"cluster": self._cluster, **given})


def _committed(reader: Reader) -> Jsonb | None:
    return Jsonb(dict(reader.committed)) if reader.committed else None
