"""Costs of topics added up by product and by team."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from core.cost.estimate import CostItem
from core.cost.measured import MEASURED, TopicLoad, measured_cost, monthly, unknown
from core.cost.price_book import PriceBook

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


@dataclass(frozen=True, slots=True)
class Share:
    """A line without what explains it: a topic, or the topics of a product or a team."""

    by: CostBy
    key: str | None
    loads: tuple[TopicLoad, ...]
    amounts: tuple[Mapping[str, Decimal], ...]
    """Of each load, by the names of the lines."""
    monthly: Decimal
    """Of all of them."""

    @property
    def title(self) -> str:
        if self.key is None:
            none = {CostBy.PRODUCT: "of no product", CostBy.TEAM: "without a known owner"}
            return f"topics {none[self.by]}"
        named = self.loads[0].product_name if self.by is CostBy.PRODUCT else self.key
        return named or self.key

    @property
    def owner(self) -> str | None:
        """None where the topics are of several."""
        owners = {load.owner for load in self.loads}
        return owners.pop() if len(owners) == 1 else None

    @property
    def product_id(self) -> str | None:
        if self.by is CostBy.TEAM:
            return None
        return self.loads[0].product_id

    @property
    def place(self) -> tuple[int, str]:
        """Where it comes in its list: cents, the most first, and its key."""
        return -int(self.monthly * 100), self.key or ""

    def sum_of(self, name: str) -> Decimal | None:
        found = [each[name] for each in self.amounts if name in each]
        return sum(found, Decimal(0)) if found else None

    @property
    def unknown(self) -> tuple[str, ...]:
        counts = Counter(each for load in self.loads for each in unknown(load))
        if self.by is CostBy.TOPIC:
            return tuple(counts)
        of = len(self.loads)
        return tuple(f"{each} ({count:,} of {of:,} topics)" for each, count in counts.items())


def shares(loads: Iterable[TopicLoad], book: PriceBook, by: CostBy) -> list[Share]:
    """The dearest first; of those alike by name. `book` is that of the loads' cluster."""
    groups: defaultdict[str | None, list[TopicLoad]] = defaultdict(list)
    for load in loads:
        groups[_key(load, by)].append(load)
    found = (_share(by, key, each, book) for key, each in groups.items())
    return sorted(found, key=lambda share: share.place)


def _share(by: CostBy, key: str | None, loads: Sequence[TopicLoad], book: PriceBook) -> Share:
    amounts = tuple(monthly(load, book.of(load.cluster)) for load in loads)
    total = sum((amount for each in amounts for amount in each.values()), Decimal(0))
    return Share(by, key, tuple(loads), amounts, total)


def _key(load: TopicLoad, by: CostBy) -> str | None:
    match by:
        case CostBy.TOPIC:
            return load.topic
        case CostBy.PRODUCT:
            return load.product_id
        case CostBy.TEAM:
            return load.owner


def line_of(share: Share, book: PriceBook) -> CostLine:
    """With the formula and the inputs of each line."""
    if share.by is CostBy.TOPIC:
        items = measured_cost(share.loads[0], book).items
    else:
        items = tuple(item for name in MEASURED if (item := _added(name, share)) is not None)
    return CostLine(
        by=share.by,
        key=share.key,
        title=share.title,
        owner=share.owner,
        product_id=share.product_id,
        topics=len(share.loads),
        monthly=share.monthly,
        currency=book.currency,
        items=items,
        unknown=share.unknown,
    )


def _added(name: str, share: Share) -> CostItem | None:
    total = share.sum_of(name)
    if total is None:
        return None
    found = [
        (amounts[name], load.topic)
        for load, amounts in zip(share.loads, share.amounts, strict=True)
        if name in amounts
    ]
    found.sort(key=lambda each: (-each[0], each[1]))
    inputs = {topic: str(amount) for amount, topic in found[:_NAMED]}
    if len(found) > _NAMED:
        rest = sum((amount for amount, _ in found[_NAMED:]), Decimal(0))
        inputs[f"{len(found) - _NAMED:,} more topics"] = str(rest)
    formula = f"the sum of {name} over its topics"
    return CostItem(name=name, formula=formula, inputs=inputs, amount=total)
