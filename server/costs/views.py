"""Costs as the API shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from core.cost.difference import CostDifference
from core.cost.measured import MEASURED, MeasuredCost
from core.cost.price_book import PriceBook
from core.cost.sharing import Share
from core.usage.period import Period
from server.csv import Cell
from tools.cost.costs import SourceCost


class SourceCostView(BaseModel):
    """A month of 730 hours. `measured` has each line with its formula and inputs; `difference`
    holds the estimate against it that the topic was made with."""

    model_config = ConfigDict(frozen=True)
    source: str
    cluster: str
    owner: str | None
    product_id: str | None
    period: Period
    monthly: Decimal
    measured: MeasuredCost
    difference: CostDifference | None = Field(
        description="null where no plan with an estimate made it, or one in another currency"
    )


def source_cost_view(found: SourceCost, period: Period) -> SourceCostView:
    return SourceCostView(
        source=found.load.topic,
        cluster=found.load.cluster,
        owner=found.load.owner,
        product_id=found.load.product_id,
        period=period,
        monthly=found.measured.total,
        measured=found.measured,
        difference=found.difference,
    )


HEADER = (
    *("by", "key", "title", "owner", "product_id", "topics", "monthly", "currency"),
    *(name.replace(" ", "_") for name in MEASURED),
    *("price_book", "from", "to", "unknown"),
)
"""Of the table of costs."""


def cost_rows(found: Sequence[Share], book: PriceBook, period: Period) -> Iterator[Sequence[Cell]]:
    for each in found:
        yield (
            *(each.by.value, each.key, each.title, each.owner, each.product_id, len(each.loads)),
            *(each.monthly, book.currency),
            *(each.sum_of(name) for name in MEASURED),
            *(book.title, period.since.isoformat(), period.until.isoformat()),
            "; ".join(each.unknown),
        )
