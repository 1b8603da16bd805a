"""Filters of pages with figures by day: how many days, and of which team."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from core.usage.period import DAYS, LONGEST, Period, last_days
from server.console.facet import facets_of
from server.console.query import PageQuery
from server.services import Services

SPANS = (7, 30, 90, 180)
"""Days to choose from."""


class PeriodQuery(PageQuery):
    days: int = Field(DAYS, ge=1, le=LONGEST)
    team: str | None = Field(None, max_length=150)

    @property
    def period(self) -> Period:
        """So many days up to today."""
        return last_days(self.days)


async def teams_of(services: Services, chosen: str | None) -> Sequence[str]:
    """The owners of present sources, and the one that is chosen whatever it owns."""
    found = facets_of(await services.facets.vocabulary(services.cluster))
    owners = [value for facet in found if facet.name == "owner" for value, _ in facet.values]
    return owners if chosen is None or chosen in owners else [chosen, *owners]
