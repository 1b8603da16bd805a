"""Pages of costs."""

from __future__ import annotations

from decimal import Decimal

from pydantic import ConfigDict, Field

from core.cost.saving import Saving
from core.cost.sharing import CostBy, CostLine
from core.usage.period import Period
from server.catalog.sources import Page


class CostPage(Page[CostLine]):
    """`total` is that of all lines and not of the page alone, `count` how many there are."""

    model_config = ConfigDict(frozen=True)
    by: CostBy
    period: Period
    currency: str
    price_book: str = Field(description="name and version of the cluster's own")
    total: Decimal
    count: int


class SavingPage(Page[Saving]):
    """`together` is what all of them would save: a topic that goes by two counts once."""

    model_config = ConfigDict(frozen=True)
    period: Period
    currency: str
    together: Decimal
