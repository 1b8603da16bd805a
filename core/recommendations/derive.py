"""All recommendations that the facts make."""

from __future__ import annotations

from core.recommendations.facts import FleetFacts
from core.recommendations.governance import needs, promotions, retirements
from core.recommendations.overlaps import consolidations, replacements
from core.recommendations.quality import repairs
from core.recommendations.recommendation import Proposal


def proposals(fleet: FleetFacts) -> tuple[Proposal, ...]:
    """In the order of the kinds, each subject once.

    What is the same twice is not proposed to become a product of its own, and what is to be
    retired needs no owner.
    """
    twice = [*consolidations(fleet), *replacements(fleet)]
    ended = [*retirements(fleet)]
    settled = {name for proposal in (*twice, *ended) for name in proposal.sources}
    worth = [*promotions(fleet, settled)]
    settled |= {name for proposal in worth for name in proposal.sources}
    found = [*twice, *worth, *needs(fleet, settled), *repairs(fleet), *ended]
    return tuple({proposal.subject: proposal for proposal in found}.values())
