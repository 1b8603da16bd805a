"""How much a source is written and read, by whom, with what lag, and how often it is looked up."""

from __future__ import annotations

from dataclasses import dataclass

from core.usage.period import Period
from core.usage.trend import daily
from core.usage.usage import SourceUsage
from server.console.pane import Pane, Seen
from server.console.period_query import SPANS, PeriodQuery
from server.problems import ProblemError
from server.usage.routes import list_usage
from server.usage.scope import mine_of


@dataclass(frozen=True)
class PaneUsage:
    """`refused` says why there is nothing to see for this asker."""

    form: PeriodQuery
    period: Period
    usage: SourceUsage | None
    refused: str | None = None
    daily = staticmethod(daily)
    spans = SPANS


async def load(seen: Seen) -> PaneUsage:
    form = PeriodQuery.model_validate(dict(seen.request.query_params))
    try:
        found = await list_usage(
            seen.services,
            form.period,
            mine_of(seen.asker),
            source=seen.name,
            cluster=seen.cluster,
        )
    except ProblemError as error:
        return PaneUsage(form, form.period, None, error.detail)
    return PaneUsage(form, form.period, found.items[0] if found.items else None)


PANE = Pane("usage", "Usage", 70, load)
