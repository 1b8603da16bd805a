"""The notice that an unmanaged topic has what a managed product has."""

from __future__ import annotations

from core.listing import joined
from core.notices.notice import Answer, NoticeText
from core.recommendations.facts import FleetFacts, SourceFacts
from core.recommendations.recommendation import Proposal, RecommendationKind

_SHOWN = 8


def overlap_notice(proposal: Proposal, fleet: FleetFacts) -> NoticeText | None:
    """None for advice of another kind, and where neither topic nor product has an owner."""
    known = fleet.by_name
    source = known.get(proposal.sources[0])
    managed = known.get(proposal.instead or "")
    if proposal.kind is not RecommendationKind.USE_MANAGED or source is None or managed is None:
        return None
    team, why = _addressee(source, managed)
    if team is None:
        return None
    product = managed.product_name or managed.name
    return NoticeText(
        team=team,
        why_them=why,
        source=source.name,
        instead=managed.name,
        title=f"{product} has most of what {source.name} has",
        facts=(*proposal.evidence, *_owners(source, managed)),
        options={
            Answer.SWITCH: f"Read {product} instead, and retire {source.name}.",
            Answer.PROMOTE: f"{source.name} is something of its own: make it a product.",
            Answer.EXPLAIN: f"Keep {source.name} beside {product}, and say why.",
        },
    )


def fact_of(proposal: Proposal) -> str:
    """The same as long as what would be said is the same, by the coarse facts of the proposal."""
    return "|".join((proposal.subject, *proposal.gist))


def _addressee(source: SourceFacts, managed: SourceFacts) -> tuple[str | None, str]:
    if source.owner is not None:
        how = "seems to own" if source.owner_guessed else "owns"
        return source.owner, f"{source.owner} {how} {source.name}"
    return managed.owner, f"nobody is known to own {source.name}; {managed.owner} owns the product"


def _owners(source: SourceFacts, managed: SourceFacts) -> tuple[str, ...]:
    product = managed.product_name or managed.name
    told = [f"{product} is owned by {managed.owner or 'nobody that is known'}."]
    if source.groups:
        shown = joined(source.groups[:_SHOWN])
        more = len(source.groups) - _SHOWN
        told.append(
            f"{source.name} is read by the consumer groups {shown}"
            + (f" and {more} more." if more > 0 else ".")
        )
    return tuple(told)
