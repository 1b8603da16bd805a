"""What a source costs in a month, line by line, against what was estimated for it."""

from __future__ import annotations

from dataclasses import dataclass

from server.console.pane import Pane, Seen
from server.console.period_query import SPANS, PeriodQuery
from server.costs.routes import get_source_cost
from server.costs.views import SourceCostView
from server.problems import ProblemError
from tools.db.sources import SourceNotFoundError


@dataclass(frozen=True)
class PaneCost:
    """`refused` says why there is nothing to see."""

    form: PeriodQuery
    cost: SourceCostView | None
    refused: str | None = None
    spans = SPANS


async def load(seen: Seen) -> PaneCost:
    form = PeriodQuery.model_validate(dict(seen.request.query_params))
    try:
        found = await get_source_cost(
            seen.name, seen.services, form.period, seen.asker, seen.cluster
        )
    except ProblemError as error:
        return PaneCost(form, None, error.detail)
    except SourceNotFoundError:
        return PaneCost(form, None, "The topic is gone: nothing is measured of it any more.")
    return PaneCost(form, found)


PANE = Pane("cost", "Cost", 80, load)
