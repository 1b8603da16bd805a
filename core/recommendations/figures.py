"""What would be saved, in measured units."""

from __future__ import annotations

from collections.abc import Sequence

from core.cost.price_book import PriceBook
from core.recommendations.facts import GB, SourceFacts
from core.recommendations.recommendation import Figure, Level, Proposal, Rating

MANY_TEAMS = 3


def freed(sources: Sequence[SourceFacts], cluster: str, book: PriceBook) -> tuple[Figure, ...]:
    """What these topics hold today and would give back."""
    book = book.at(cluster)
    stored = sum(source.stored_bytes for source in sources)
    parts = sum(source.partitions * source.replication for source in sources)
    prices = book.of(cluster)
    monthly = float(prices.storage_gb_month) * stored / GB + float(prices.partition_month) * parts
    shown = {
        source.name: f"{source.messages:,} messages x {source.mean_bytes:,.0f} B x "
        f"{source.replication} replicas"
        for source in sources
    }
    return (
        Figure(
            name="storage",
            value=round(stored),
            unit="bytes",
            formula="retained messages x mean sampled size x replication",
            inputs=shown,
        ),
        Figure(
            name="partitions",
            value=parts,
            unit="replicas of partitions",
            formula="partitions x replication",
            inputs={s.name: f"{s.partitions} x {s.replication}" for s in sources},
        ),
        Figure(
            name="cost",
            value=round(monthly, 2),
            unit=f"{book.currency} a month",
            formula="stored GB x price per GB and month + partitions x price per partition",
            inputs={
                "price book": book.title,
                "stored": f"{stored / GB:,.6f} GB",
                "price per GB and month": str(prices.storage_gb_month),
                "price per partition and month": str(prices.partition_month),
            },
        ),
    )


def freed_topics(proposal: Proposal) -> tuple[str, ...]:
    """The topics that `freed` was told of: those that would go."""
    stored = next((figure for figure in proposal.benefits if figure.name == "storage"), None)
    return () if stored is None else tuple(stored.inputs)


def moving(teams: Sequence[str], groups: Sequence[str]) -> Rating:
    """The effort of having these readers read something else."""
    if not groups:
        return Rating(level=Level.LOW, why="no consumer group reads it")
    level = Level.MEDIUM if len(teams) <= MANY_TEAMS else Level.HIGH
    return Rating(level=level, why=f"{told(groups, 'consumer group')} would move")


def told(names: Sequence[str], noun: str, most: int = 6) -> str:
    """`2 teams (a, b)`; of many the first ones are named."""
    plural = f"{noun}es" if noun.endswith("ch") else f"{noun}s"
    shown = ", ".join(names[:most])
    more = f" and {len(names) - most} more" if len(names) > most else ""
    counted = f"{len(names)} {noun if len(names) == 1 else plural}"
    return f"{counted} ({shown}{more})" if names else f"no {noun}"
