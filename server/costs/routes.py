"""/costs: what topics, products and teams cost in a month, and what could be saved."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query
from fastapi.responses import Response

from core.cost.measured import TopicLoad
from core.cost.saving import Saving, together
from core.cost.sharing import CostBy, Share, line_of
from core.usage.team import owner_named
from server.catalog.sources import Cluster, Cursor, Name
from server.costs import examples
from server.costs.pages import CostPage, SavingPage
from server.costs.views import (
    HEADER,
    SourceCostView,
    cost_rows,
    source_cost_view,
)
from server.csv import TableFormat, WantedTable, csv_response, or_csv
from server.openapi import answers
from server.principal import Asker
from server.services import Running
from server.usage.scope import Days, Mine, Product, require_mine
from tools.cost.costs import Shown
from tools.db.cursor import read_cursor, write_cursor
from tools.db.sources import SourceNotFoundError

router = APIRouter(tags=["costs"])

Owner = Annotated[
    str | None,
    Query(
        max_length=150,
        description="of this team's topics: group:default/risk, or risk",
        examples=["group:default/procurement"],
    ),
]
Limit = Annotated[int, Query(ge=1, le=200)]

Row = TypeVar("Row", Share, Saving)


@router.get(
    "/costs",
    operation_id="listCosts",
    summary="What topics, products or teams cost",
    response_model=CostPage,
    responses=or_csv(answers(examples.COSTS, 400, 401, 503), examples.COSTS_CSV),
)
async def list_costs(
    services: Running,
    period: Days,
    mine: Mine,
    form: WantedTable,
    by: CostBy = CostBy.TOPIC,
    team: Owner = None,
    product: Product = None,
    cluster: Cluster = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> CostPage | Response:
    """A month of 730 hours at what was measured in these days, the dearest first, each line with
    its formula and its inputs. Owners see their own topics, stewards all. As CSV (`format=csv`, or
    Accept: text/csv) all lines come at once."""
    at = cluster or services.cluster
    found = await services.costs.shares(at, period, by, _shown(mine, team, product))
    book = services.costs.book.at(at)
    if form is TableFormat.CSV:
        return csv_response(f"costs-by-{by}", HEADER, cost_rows(found, book, period))
    page, following = _page(found, read_cursor(cursor, int, str), limit)
    return CostPage(
        items=tuple(line_of(share, book) for share in page),
        next_cursor=following,
        by=by,
        period=period,
        currency=book.currency,
        price_book=book.title,
        total=sum((share.monthly for share in found), Decimal(0)),
        count=len(found),
    )


@router.get(
    "/costs/savings",
    operation_id="listSavings",
    summary="What consolidating or retiring would save",
    responses=answers(examples.SAVINGS, 400, 401, 503),
)
async def list_savings(
    services: Running,
    period: Days,
    mine: Mine,
    team: Owner = None,
    cluster: Cluster = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> SavingPage:
    """Of the open recommendations, the most first: the measured costs of the topics that would
    go."""
    at = cluster or services.cluster
    found = await services.costs.savings(at, period, _shown(mine, team, None))
    page, following = _page(found, read_cursor(cursor, int, int), limit)
    return SavingPage(
        items=page,
        next_cursor=following,
        period=period,
        currency=services.costs.book.at(at).currency,
        together=together(found),
    )


@router.get(
    "/sources/{name}/cost",
    operation_id="getSourceCost",
    summary="What one source costs",
    responses=answers(examples.SOURCE_COST, 401, 403, 404, 503),
)
async def get_source_cost(
    name: Name, services: Running, period: Days, asker: Asker, cluster: Cluster = None
) -> SourceCostView:
    """Measured, line by line; and, where a plan made the topic, what was estimated then and which
    inputs make the difference."""
    at = cluster or services.cluster
    source = await services.sources.get(name, at)
    owner = source.summary.owner
    require_mine(asker, None if owner is None else owner.ref, f"What {name} costs")
    found = await services.costs.source(at, period, source.summary.name)
    if found is None:
        raise SourceNotFoundError(at, name, ())
    return source_cost_view(found, period)


def _shown(mine: tuple[str, ...] | None, team: str | None, product: str | None) -> Shown:
    own = None if mine is None else {each.lower() for each in mine}
    wanted = None if team is None else owner_named(team)

    def shown(load: TopicLoad) -> bool:
        owner = (load.owner or "").lower()
        return (
            (own is None or owner in own)
            and (wanted is None or owner == wanted)
            and (product is None or load.product_id == product)
        )

    return shown


def _page(
    found: Sequence[Row], after: tuple[Any, ...], limit: int
) -> tuple[tuple[Row, ...], str | None]:
    """Those behind the place of the cursor, though the amounts may have moved since."""
    start = 0 if after[0] is None else sum(each.place <= after for each in found)
    page = tuple(found[start : start + limit])
    more = start + limit < len(found)
    return page, write_cursor(*page[-1].place) if more else None
