"""Topics that deserve an owner and a schema, and those that deserve an end."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from core.recommendations.facts import FleetFacts, SourceFacts
from core.recommendations.figures import freed, told
from core.recommendations.recommendation import (
    Figure,
    Level,
    Proposal,
    Rating,
    RecommendationKind,
)
from core.similarity.kinship import kin_of

TEAMS = 2
"""Teams that read a topic which is worth being a product."""
GOOD = 0.95
"""The share of sampled messages that must be of the topic's own kinds."""
FIELDS = 3
SAMPLED = 30
"""Messages without which nothing is said of a topic's quality."""


def promotions(fleet: FleetFacts, otherwise: Collection[str]) -> Iterator[Proposal]:
    """Worth a product, unless something better is proposed for them `otherwise`."""
    for source in fleet.sources:
        if source.name not in otherwise and worth_governing(source):
            good = _good(source)
            yield Proposal(
                kind=RecommendationKind.PROMOTE,
                sources=(source.name,),
                title=f"Make {source.name} a data product",
                evidence=(
                    f"It is read by {told(source.teams, 'team')}.",
                    f"{good:.0%} of {source.sampled:,} sampled messages are of its own kind; it "
                    f"holds {source.messages:,} messages of {source.fields} fields.",
                ),
                benefits=(_served(source),),
                effort=Rating(
                    level=Level.LOW,
                    why="schema, contract and rules are read off what was sampled; an owner "
                    "decides",
                ),
                risk=Rating(level=Level.LOW, why="nothing changes on the topic itself"),
                gist=(str(len(source.teams)),),
            )


def needs(fleet: FleetFacts, otherwise: Collection[str]) -> Iterator[Proposal]:
    """Somebody reads them, and nobody answers for them."""
    for source in fleet.sources:
        if source.managed or source.name in otherwise or not source.groups:
            continue
        lacks = _lacks(source)
        if source.messages and lacks and kin_of(source.name).role is None:
            yield Proposal(
                kind=RecommendationKind.GOVERN,
                sources=(source.name,),
                title=f"Give {source.name} {' and '.join(lacks)}",
                evidence=(
                    f"It is read by {told(source.groups, 'consumer group')}, and has no "
                    f"{' and no '.join(lack.split(' ', 1)[1] for lack in lacks)}.",
                    *((f"Its name suggests {source.owner}.",) if source.owner else ()),
                ),
                benefits=(_served(source),),
                effort=Rating(
                    level=Level.LOW, why="the inferred schema can be registered as it is"
                ),
                risk=Rating(level=Level.LOW, why="nothing changes on the topic itself"),
                gist=tuple(lacks),
            )


def retirements(fleet: FleetFacts) -> Iterator[Proposal]:
    for source in fleet.sources:
        quiet = fleet.now - source.moved_at
        if source.groups or quiet < fleet.idle:
            continue
        yield Proposal(
            kind=RecommendationKind.RETIRE,
            sources=(source.name,),
            title=f"Retire {source.name}",
            evidence=(
                f"Nothing was written to it for {quiet.days} days, by the scans' offsets.",
                "No consumer group has committed an offset on it.",
            ),
            benefits=freed((source,), fleet.cluster, fleet.book),
            effort=Rating(level=Level.LOW, why="nobody has to move"),
            risk=Rating(
                level=Level.MEDIUM if source.messages else Level.LOW,
                why=f"{source.messages:,} messages would be gone"
                if source.messages
                else "it is empty",
            ),
            gist=(source.moved_at.isoformat(),),
        )


def worth_governing(source: SourceFacts) -> bool:
    return (
        not source.managed
        and len(source.teams) >= TEAMS
        and source.sampled >= SAMPLED
        and source.fields >= FIELDS
        and _good(source) >= GOOD
        and kin_of(source.name).role is None
    )


def _good(source: SourceFacts) -> float:
    return 1 - (source.unreadable + source.stray) / source.sampled


def _lacks(source: SourceFacts) -> list[str]:
    found = []
    if not source.has_schema:
        found.append("a schema")
    if source.owner is None or source.owner_guessed:
        found.append("an owner")
    return found


def _served(source: SourceFacts) -> Figure:
    return Figure(
        name="readers served",
        value=len(source.groups),
        unit="consumer groups",
        formula="groups that have committed offsets on it",
        inputs={"teams": ", ".join(source.teams[:12]) or "not known"},
    )
