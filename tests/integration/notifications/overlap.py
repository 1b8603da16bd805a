"""A topic that a managed product has most of, as an analysis finds it."""

from __future__ import annotations

from datetime import UTC, datetime

from core.analysis import AnalysisProgress
from core.recommendations.facts import FleetFacts, SourceFacts
from core.recommendations.recommendation import (
    Level,
    Proposal,
    Rating,
    Recommendation,
    RecommendationKind,
)
from core.source import SourceKind
from tools.cost.price_book import read_price_book
from tools.db.analyses import AnalysisRepository
from tools.db.pool import Connection, Pool
from tools.db.recommendations import RecommendationRepository
from tools.notifications.channel import Notifications
from tools.notifications.noticing import Noticing

TEAM, PRODUCT_TEAM = "group:default/logistics", "group:default/procurement"
NEW, MANAGED = "<vendors>&co", "procurement.supplier-master.v1"


def proposal(
    gist: str = "0.8", kind: RecommendationKind = RecommendationKind.USE_MANAGED
) -> Proposal:
    return Proposal(
        kind=kind,
        sources=(NEW,),
        instead=MANAGED,
        title=f"Use Supplier Master instead of {NEW}",
        evidence=(
            f"Supplier Master (`{MANAGED}`) has 9 of the 12 fields of {NEW}.",
            f"{NEW} and {MANAGED} are 82% similar.",
        ),
        effort=Rating(level=Level.LOW, why="one group would move"),
        risk=Rating(level=Level.LOW, why="every field is there"),
        gist=(gist,),
    )


def source(
    name: str, *, managed: bool, owner: str | None, first_seen: datetime | None = None
) -> SourceFacts:
    return SourceFacts(
        name=name,
        kind=SourceKind.MANAGED if managed else SourceKind.DISCOVERED,
        product_name="Supplier Master" if managed else None,
        owner=owner,
        owner_guessed=not managed,
        has_schema=managed,
        fields=12,
        teams=("a",),
        groups=("a.reader",),
        messages=10,
        sampled=10,
        sampled_bytes=1_000,
        unreadable=0,
        stray=0,
        mixed=(),
        partitions=1,
        replication=1,
        first_seen=first_seen or datetime.now(UTC),
        moved_at=datetime.now(UTC),
    )


def fleet(owner: str | None = TEAM, first_seen: datetime | None = None) -> FleetFacts:
    return FleetFacts(
        cluster="default",
        now=datetime.now(UTC),
        sources=(
            source(NEW, managed=False, owner=owner, first_seen=first_seen),
            source(MANAGED, managed=True, owner=PRODUCT_TEAM),
        ),
        pairs=(),
        book=read_price_book(None),
    )


async def analysis_ended(pool: Pool) -> None:
    """As if the cluster had been analysed before."""
    analyses = AnalysisRepository(pool)
    async with pool.connection() as connection:
        run = await analyses.queue("default", "test", whole=False, connection=connection)
    await analyses.start(run.id)
    await analyses.finish(run.id, AnalysisProgress())


async def found(
    pool: Pool,
    settings: Notifications,
    *proposals: Proposal,
    owner: str | None = TEAM,
    first_seen: datetime | None = None,
) -> tuple[int, int]:
    """What the analysis makes of these; gives back how many opened and how many are done."""
    noticing = Noticing(pool, "default", settings)

    async def tell(connection: Connection, opened: Recommendation) -> None:
        await noticing.tell(connection, opened, fleet(owner, first_seen))

    return await RecommendationRepository(pool).put("default", proposals, tell)
