"""A cluster with something behind each figure of a dashboard, and another cluster beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from core.approval import ApprovalStatus, Verdict
from core.consolidation import Consolidation
from core.plan import PlanKind
from core.quality.rule import Severity
from core.recommendations.recommendation import (
    Level,
    Proposal,
    Rating,
    RecommendationKind,
    RecommendationStatus,
)
from core.schema.document import to_document
from server.catalog import examples
from tests.integration.alerts.ground import Ground, finding
from tests.integration.approvals.plans import a_plan, scores
from tests.integration.catalog.fleet import FINDINGS, MASTER
from tests.integration.quality.counted import count, minutes_ago, window
from tools.db.approvals import ApprovalRepository
from tools.db.consolidations import ConsolidationRepository
from tools.db.findings import FindingRepository
from tools.db.pool import Pool
from tools.db.products import ProductRepository
from tools.db.recommendations import RecommendationRepository
from tools.db.scans import ScanRepository

JANE, BOB = "user:default/jane", "user:default/bob"

KINDS = RecommendationKind


def proposal(kind: RecommendationKind, *sources: str) -> Proposal:
    return Proposal(
        kind=kind,
        sources=sources,
        title=f"{kind.value} {' and '.join(sources)}",
        evidence=("It is read by 2 teams.",),
        effort=Rating(level=Level.LOW, why="nothing to do"),
        risk=Rating(level=Level.LOW, why="nothing changes"),
        gist=("2",),
    )


ADVICE = (
    proposal(KINDS.CONSOLIDATE, "supplier-events", "supplier_data_raw"),
    proposal(KINDS.USE_MANAGED, "supplier_data_raw", "supplier-master"),
    proposal(KINDS.PROMOTE, "supplier-events"),
    proposal(KINDS.PROMOTE, "fraud-alerts"),
    # About a managed topic, as until the next analysis: no candidate.
    proposal(KINDS.PROMOTE, "supplier-master"),
    proposal(KINDS.GOVERN, "web.clicks"),
    proposal(KINDS.GOVERN, "customer.contacts"),
    proposal(KINDS.GOVERN, "supplier_data_raw"),
    proposal(KINDS.QUALITY, "weather"),
    proposal(KINDS.RETIRE, "weather"),
)
"""One of each kind at least; one of them is dismissed."""


async def fill(pool: Pool, url: str) -> None:
    await _sources(pool, "default")
    await _sources(pool, "elsewhere")
    await _advice(pool)
    await _alerts(pool)
    await _plans(pool)
    _quality(url)


async def _sources(pool: Pool, cluster: str) -> None:
    if cluster == "default":
        await ProductRepository(pool).put(MASTER, JANE)
    scans, repository = ScanRepository(pool), FindingRepository(pool, cluster)
    run = await scans.queue(cluster, "test")
    await scans.start(run.id)
    await repository.put(run.id, FINDINGS)
    await repository.vanish(run.id, [FINDINGS[-1].name], "It is gone.")
    await scans.finish(run.id, run.progress)


async def _advice(pool: Pool) -> None:
    repository = RecommendationRepository(pool)
    await repository.put("default", ADVICE)
    (_, _, dismissed) = (await repository.list("default", kind=KINDS.GOVERN)).items
    await repository.decide(dismissed.id, RecommendationStatus.DISMISSED, JANE, "kept apart")
    await repository.put("elsewhere", ADVICE[:3])


async def _alerts(pool: Pool) -> None:
    """Two errors and a warning stand, and one was resolved."""
    book, now = Ground(pool).book, datetime.now(UTC)
    graver = {"supplier-events": Severity.ERROR, "web.clicks": Severity.WARNING}
    for source in ("supplier-events", "fraud-alerts", "web.clicks", "supplier_data_raw"):
        severity = graver.get(source, Severity.ERROR)
        broken = finding(source=source, severity=severity)
        async with pool.connection() as connection, connection.transaction():
            (alert,) = await book.record(connection, source, (broken,), now)
    await book.resolve(alert.id, BOB, "rolled back")


async def _plans(pool: Pool) -> None:
    """Three wait, one expired, one promotion was carried out; of two consolidations with a plan
    that of the first waits."""
    approvals, worked_out = ApprovalRepository(pool), ConsolidationRepository(pool)
    ids = []
    for number in range(5):
        hours = 0 if number == 4 else 24
        plan = a_plan(f"fraud.{number}", kind=PlanKind.PROMOTE)
        made = await approvals.create(
            plan, thread_id=str(number), requested_by=BOB, lifetime=timedelta(hours=hours)
        )
        ids.append(made.id)
    promoted = await approvals.get(ids[3])
    async with pool.connection() as connection:
        await approvals.claim(
            connection, promoted, verdict=Verdict.APPROVE, by=JANE, via="api", comment="",
            plan=promoted.plan,
        )  # fmt: skip
    await approvals.finish(promoted.id, ApprovalStatus.ACTIVE)
    for number, approval_id in ((0, ids[0]), (1, ids[4]), (2, None)):
        made_id = f"con-{number:012d}"
        await worked_out.add(_consolidation(made_id))
        if approval_id is not None:
            await worked_out.proposed(made_id, approval_id)


def _consolidation(made_id: str) -> Consolidation:
    unified = {**examples.CONSOLIDATION["unified"], "tree": to_document(scores())}
    given = {**examples.CONSOLIDATION, "id": made_id, "unified": unified}
    return Consolidation.model_validate(given)


def _quality(url: str) -> None:
    """Three present topics have a score, two of them below 95%; so has one that is gone. Of one
    the latest count is older than a day."""
    for topic, bad in (("supplier-events", 10), ("fraud-alerts", 30), ("web.clicks", 0)):
        count(url, topic, minutes_ago(50), window(200, rating=bad))
    count(url, FINDINGS[-1].name, minutes_ago(50), window(100, rating=90))
    count(url, "supplier_data_raw", minutes_ago(60 * 26), window(100, rating=90))
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into quality_windows select 'elsewhere', topic, partition, minutes, start, "
            "records, bad, skipped, state from quality_windows where topic = 'web.clicks'"
        )


def figures(told: Any, path: str = "") -> dict[str, Mapping[str, Any]]:
    """Every figure of an answer that has a list behind it, by where it stands."""
    if not isinstance(told, dict):
        return {}
    if "href" in told:
        return {path: told}
    return {
        name: figure
        for key, value in told.items()
        for name, figure in figures(value, f"{path}.{key}".strip(".")).items()
    }
