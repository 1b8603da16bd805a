"""Costs of topics added up by product and by team."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from core.cost.estimate import CostItem
from core.cost.measured import MEASURED, MeasuredCost, TopicLoad

_NAMED = 5
"""Topics that a sum names; of many the dearest."""


class CostBy(StrEnum):
    TOPIC = "topic"
    PRODUCT = "product"
    TEAM = "team"


class CostLine(BaseModel):
    """What one topic, product or team costs in a month. `key` is null for what belongs to none."""

    model_config = ConfigDict(frozen=True)
    by: CostBy
    key: str | None = Field(description="topic, product id or owner")
    title: str
    owner: str | None
    product_id: str | None
    topics: int
    monthly: Decimal
    currency: str
    items: tuple[CostItem, ...] = Field(description="each with its formula and its inputs")
    unknown: tuple[str, ...] = Field(description="what is not in it, and why")


Priced = tuple[TopicLoad, MeasuredCost]


def cost_lines(priced: Sequence[Priced], by: CostBy) -> list[CostLine]:
    """The dearest first; of those alike by name."""
    if by is CostBy.TOPIC:
        lines = [_topic(load, cost) for load, cost in priced]
    else:
        lines = _sums(priced, by)
    return sorted(lines, key=place_of)


def place_of(line: CostLine) -> tuple[int, str]:
    """Where a line comes in its list: cents, the most first, and its key."""
    return -int(line.monthly * 100), line.key or ""


def _topic(load: TopicLoad, cost: MeasuredCost) -> CostLine:
    return CostLine(
        by=CostBy.TOPIC,
        key=load.topic,
        title=load.topic,
        owner=load.owner,
        product_id=load.product_id,
        topics=1,
        monthly=cost.total,
        currency=cost.currency,
        items=cost.items,
        unknown=cost.unknown,
    )


def _sums(priced: Iterable[Priced], by: CostBy) -> list[CostLine]:
    groups: defaultdict[str | None, list[Priced]] = defaultdict(list)
    for load, cost in priced:
        groups[load.product_id if by is CostBy.PRODUCT else load.owner].append((load, cost))
    return [_sum(key, found, by) for key, found in groups.items()]


def _sum(key: str | None, priced: Sequence[Priced], by: CostBy) -> CostLine:
    first = priced[0][0]
    owners = {load.owner for load, _ in priced}
    none = "topics of no product" if by is CostBy.PRODUCT else "topics without a known owner"
    named = first.product_name if by is CostBy.PRODUCT else key
    return CostLine(
        by=by,
        key=key,
        title=none if key is None else named or key,
        owner=owners.pop() if len(owners) == 1 else None,
        product_id=key if by is CostBy.PRODUCT else None,
        topics=len(priced),
        monthly=sum((cost.total for _, cost in priced), Decimal(0)),
        currency=priced[0][1].currency,
        items=tuple(item for name in MEASURED if (item := _added(name, priced)) is not None),
        unknown=_unknown(priced),
    )


def _added(name: str, priced: Sequence[Priced]) -> CostItem | None:
    found = [
        (item.amount, load.topic)
        for load, cost in priced
        for item in cost.items
        if item.name == name
    ]
    if not found:
        return None
    found.sort(key=lambda each: (-each[0], each[1]))
    inputs = {topic: str(amount) for amount, topic in found[:_NAMED]}
    if len(found) > _NAMED:
        rest = sum((amount for amount, _ in found[_NAMED:]), Decimal(0))
        inputs[f"{len(found) - _NAMED:,} more topics"] = str(rest)
    total = sum((amount for amount, _ in found), Decimal(0))
    formula = f"the sum of {name} over its topics"
    return CostItem(name=name, formula=formula, inputs=inputs, amount=total)


def _unknown(priced: Sequence[Priced]) -> tuple[str, ...]:
    counts: defaultdict[str, int] = defaultdict(int)
    for _, cost in priced:
        for each in cost.unknown:
            counts[each] += 1
    return tuple(f"{each} ({count:,} of {len(priced):,} topics)" for each, count in counts.items())
