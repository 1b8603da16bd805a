"""Recommendations as they stand, and what people decided on them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from psycopg import AsyncCursor
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from core.recommendations.facts import Mixed, SourceFacts
from core.recommendations.life import reopened, status_now
from core.recommendations.recommendation import (
    Proposal,
    Recommendation,
    RecommendationKind,
    RecommendationStatus,
)
from core.report import SampleReport
from core.schema.document import from_document
from core.schema.model import Field, Kind, Schema
from core.source import SourceKind
from tools.db import audit
from tools.db.cursor import Page, read_cursor, write_cursor
from tools.db.pool import Connection, Pool
from tools.db.sql import load

_SQL = load("recommendations")

OnOpened = Callable[[Connection, Recommendation], Awaitable[None]]


class RecommendationNotFoundError(LookupError):
    """There is no recommendation with this number."""

    def __init__(self, recommendation_id: int) -> None:
        super().__init__(
            f"There is no recommendation {recommendation_id}. List them to see those that exist."
        )


class RecommendationClosedError(Exception):
    """It is no longer open to this decision."""

    def __init__(self, known: Recommendation) -> None:
        super().__init__(
            f"Recommendation {known.id} is {known.status.value} already"
            + (f", by {known.decided_by}." if known.decided_by else ".")
        )


class RecommendationRepository:
    """Written by the analysis, which finds them, and by people, who decide on them."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def facts(
        self, cluster: str, names: Sequence[str] | None = None
    ) -> tuple[SourceFacts, ...]:
        """What is measured of each present source, or of those of these names, by name."""
        given = {"cluster": cluster, "names": None if names is None else list(names)}
        return tuple(_facts(row) for row in await self._pool.rows(_SQL["facts"], given))

    async def put(
        self, cluster: str, found: Sequence[Proposal], on_opened: OnOpened | None = None
    ) -> tuple[int, int]:
        """What the facts make now. Gives back how many are new (or open again), and how many of
        those that stood are done. `on_opened` is called with each that opens, in the transaction.
        """
        proposals = {proposal.subject: proposal for proposal in found}
        new = done = 0
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(_SQL["lock"], {"cluster": cluster})
            rows = await connection.execute(_SQL["standing"], {"cluster": cluster})
            for known in [_recommendation(row) for row in await rows.fetchall()]:
                proposal = proposals.pop(known.proposal.subject, None)
                status = status_now(known, proposal)
                now = await self._update(connection, known, proposal or known.proposal, status)
                if reopened(known, status):
                    new += 1
                    await _told(on_opened, connection, now)
                done += status is RecommendationStatus.DONE and known.status is not status
            for proposal in proposals.values():
                rows = await connection.execute(_SQL["add"], _row(cluster, proposal))
                new += 1
                await _told(on_opened, connection, await _returned(rows))
        return new, done

    async def about(
        self, topics: Sequence[tuple[str, str]], limit: int
    ) -> tuple[Recommendation, ...]:
        """Open ones about any of these topics, each a cluster and a name; the kinds in their
        order."""
        if not topics:
            return ()
        given = {
            "clusters": [cluster for cluster, _ in topics],
            "names": [name for _, name in topics],
            "kinds": list(RecommendationKind),
            "limit": limit,
        }
        return tuple(_recommendation(row) for row in await self._pool.rows(_SQL["about"], given))

    async def get(self, recommendation_id: int) -> Recommendation:
        """Raises `RecommendationNotFoundError`."""
        async with self._pool.connection() as connection:
            return await _one(connection, "get", recommendation_id)

    async def decide(
        self, recommendation_id: int, status: RecommendationStatus, by: str, reason: str | None
    ) -> Recommendation:
        """Accept or dismiss; the same decision again changes nothing.

        Raises `RecommendationNotFoundError`, and `RecommendationClosedError` for one that is done.
        """
        async with self._pool.connection() as connection, connection.transaction():
            return await self.decide_in(connection, recommendation_id, status, by, reason)

    async def decide_in(
        self,
        connection: Connection,
        recommendation_id: int,
        status: RecommendationStatus,
        by: str,
        reason: str | None,
    ) -> Recommendation:
        """As `decide`, in the caller's transaction."""
        known = await _one(connection, "get_for_update", recommendation_id)
        if known.status is status and known.reason == reason:
            return known
        if known.status is RecommendationStatus.DONE:
            raise RecommendationClosedError(known)
        given = {"id": known.id, "status": status, "by": by, "reason": reason}
        decided = await _returned(await connection.execute(_SQL["decide"], given))
        await audit.record(
            connection,
            actor=by,
            action=f"recommendation.{status.value}",
            target=f"recommendation:{known.id}",
            before={"status": known.status.value, "reason": known.reason},
            after={"status": status.value, "reason": reason},
        )
        return decided

    async def _update(
        self,
        connection: Connection,
        known: Recommendation,
        proposal: Proposal,
        status: RecommendationStatus,
    ) -> Recommendation:
        if proposal == known.proposal and status is known.status:
            return known
        again = reopened(known, status)
        # A dismissed one keeps the facts that it was dismissed for.
        kept = status is RecommendationStatus.DISMISSED
        given = {
            "id": known.id,
            "status": status,
            "proposal": _json(known.proposal if kept else proposal),
            "gist": list((known.proposal if kept else proposal).gist),
            "again": again,
            "reopened": known.reopened + again,
        }
        return await _returned(await connection.execute(_SQL["update"], given))

    async def list(
        self,
        cluster: str,
        *,
        status: RecommendationStatus | None = None,
        kind: RecommendationKind | None = None,
        source: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[Recommendation]:
        """The kinds in their order, each oldest first."""
        after_place, after_id = read_cursor(cursor, int, int)
        given = {
            "cluster": cluster, "status": status, "kind": kind, "source": source,
            "kinds": list(RecommendationKind), "after_place": after_place, "after_id": after_id,
            "limit": limit + 1,
        }  # fmt: skip
        rows = await self._pool.rows(_SQL["list"], given)
        items = tuple(_recommendation(row) for row in rows[:limit])
        if len(rows) <= limit:
            return Page(items, None)
        return Page(items, write_cursor(rows[limit - 1]["place"], items[-1].id))


async def _told(on_opened: OnOpened | None, connection: Connection, opened: Recommendation) -> None:
    if on_opened is not None:
        await on_opened(connection, opened)


async def _returned(cursor: AsyncCursor[DictRow]) -> Recommendation:
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 (the row was locked or is new)
    return _recommendation(row)


async def _one(connection: Connection, query: str, recommendation_id: int) -> Recommendation:
    row = await (await connection.execute(_SQL[query], {"id": recommendation_id})).fetchone()
    if row is None:
        raise RecommendationNotFoundError(recommendation_id)
    return _recommendation(row)


def _row(cluster: str, proposal: Proposal) -> dict[str, object]:
    return {
        "cluster": cluster,
        "subject": proposal.subject,
        "kind": proposal.kind,
        "sources": [*proposal.sources, *((proposal.instead,) if proposal.instead else ())],
        "proposal": _json(proposal),
        "gist": list(proposal.gist),
    }


def _json(proposal: Proposal) -> Jsonb:
    return Jsonb(proposal.model_dump(mode="json"))


def _recommendation(row: DictRow) -> Recommendation:
    kept = {name: row[name] for name in Recommendation.model_fields if name != "proposal"}
    return Recommendation(**kept, proposal=Proposal.model_validate(row["proposal"]))


def _facts(row: DictRow) -> SourceFacts:
    report = SampleReport.model_validate(row["report"] or {})
    return SourceFacts(
        name=row["name"],
        kind=SourceKind(row["kind"]),
        product_name=row["product_name"],
        owner=row["owner"],
        owner_guessed=row["guessed"],
        has_schema=row["has_registered_schema"],
        fields=row["field_count"],
        teams=tuple(row["teams"]),
        groups=tuple(row["groups"]),
        messages=row["messages"],
        sampled=report.messages,
        sampled_bytes=report.bytes,
        unreadable=sum(failure.messages for failure in report.failures),
        stray=sum(stray.messages for stray in report.strays),
        mixed=tuple(_mixed(from_document(row["schema"]))) if row["schema"] else (),
        partitions=row["partitions"],
        replication=row["replication"],
        first_seen=row["first_seen"],
        moved_at=row["moved_at"],
    )


def _mixed(schema: Schema) -> list[Mixed]:
    """Fields whose values are of several kinds; whole numbers among others are no mixture."""
    return [
        Mixed(path, tuple(sorted(kind.value for kind in kinds)))
        for path, field in schema.walk()
        if len(kinds := _kinds(field)) > 1
    ]


def _kinds(field: Field) -> frozenset[Kind]:
    kinds = field.kinds - {Kind.NULL}
    return kinds - {Kind.INTEGER} if Kind.NUMBER in kinds else kinds
