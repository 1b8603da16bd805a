"""Whose a topic is, as far as that decides who may do something about it."""

from __future__ import annotations

from collections.abc import Iterable

from server.principal import Principal, forbidden, require_owner
from server.services import Services
from tools.db.sources import SourceNotFoundError


async def require_alert(services: Services, principal: Principal, alert_id: int) -> None:
    """Raises a problem (403) where the alert went to another team, and AlertNotFoundError."""
    team = (await services.alerts.get(alert_id)).team
    if team is not None:
        require_owner(principal, team)


async def require_advised(services: Services, principal: Principal, recommendation_id: int) -> None:
    """Advice is for the teams whose topics it is about: one of them decides on it.

    Raises a problem (403) for all others, and RecommendationNotFoundError.
    """
    found = await services.recommendations.get(recommendation_id)
    owners = await _owners(services, found.cluster, found.proposal.sources)
    if principal.may_decide or not owners or any(map(principal.is_of, owners)):
        return
    raise forbidden(
        f"{principal.ref} is of none of the teams that it is about: {', '.join(owners)}. "
        "Ask one of them, or a steward."
    )


async def _owners(services: Services, cluster: str, names: Iterable[str]) -> tuple[str, ...]:
    """Also where an owner is only guessed: advice that is decided on changes no topic."""
    found: dict[str, None] = {}
    for name in names:
        try:
            owner = (await services.sources.get(name, cluster)).summary.owner
        except SourceNotFoundError:
            continue
        if owner is not None:
            found[owner.ref] = None
    return tuple(found)
