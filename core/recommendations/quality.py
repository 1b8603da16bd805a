"""Topics whose messages are not all what they should be, by what was sampled."""

from __future__ import annotations

from collections.abc import Iterator

from core.recommendations.facts import FleetFacts, SourceFacts
from core.recommendations.governance import SAMPLED
from core.recommendations.recommendation import (
    Figure,
    Level,
    Proposal,
    Rating,
    RecommendationKind,
)
from core.similarity.kinship import kin_of
from core.similarity.relation import Kinship

BAD = 0.005
"""The share of unreadable or stray messages from which it is worth a look."""
_SHOWN = 6


def repairs(fleet: FleetFacts) -> Iterator[Proposal]:
    """What is broken in a topic for broken messages is broken on purpose."""
    for source in fleet.sources:
        if source.sampled < SAMPLED or kin_of(source.name).role is Kinship.DEAD_LETTER:
            continue
        bad = source.unreadable + source.stray
        if bad >= BAD * source.sampled or source.mixed:
            yield _repair(source, bad)


def _repair(source: SourceFacts, bad: int) -> Proposal:
    return Proposal(
        kind=RecommendationKind.QUALITY,
        sources=(source.name,),
        title=f"Repair what is written to {source.name}",
        evidence=tuple(_evidence(source)),
        benefits=(_share(source, bad),) if bad else (),
        effort=Rating(level=Level.MEDIUM, why="its producers have to change"),
        risk=Rating(
            level=Level.LOW if not source.mixed else Level.MEDIUM,
            why="readers may rely on the kinds of values that they get now"
            if source.mixed
            else "readers cannot use those messages now",
        ),
        gist=(f"{bad / source.sampled:.1f}", *(mixed.path for mixed in source.mixed)),
    )


def _share(source: SourceFacts, bad: int) -> Figure:
    return Figure(
        name="messages that are not read as the others are",
        value=round(100 * bad / source.sampled, 2),
        unit="% of the sample",
        formula="(unreadable + stray) / sampled",
        inputs={
            "unreadable": f"{source.unreadable:,}",
            "stray": f"{source.stray:,}",
            "sampled": f"{source.sampled:,}",
        },
    )


def _evidence(source: SourceFacts) -> Iterator[str]:
    if source.unreadable:
        yield f"{source.unreadable:,} of {source.sampled:,} sampled messages could not be read."
    if source.stray:
        yield f"{source.stray:,} of {source.sampled:,} have a shape that is not the topic's own."
    for mixed in source.mixed[:_SHOWN]:
        yield f"`{mixed.path}` holds {' and '.join(mixed.kinds)}."
    if len(source.mixed) > _SHOWN:
        yield f"{len(source.mixed) - _SHOWN} more fields hold values of several kinds."
