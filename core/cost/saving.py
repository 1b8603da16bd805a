"""What open recommendations would save: the measured costs of the topics that would go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from core.cost.estimate import CostItem
from core.cost.measured import TopicLoad, measured_cost
from core.cost.price_book import PriceBook
from core.recommendations.figures import freed_topics
from core.recommendations.recommendation import Recommendation, RecommendationKind

SAVING = (
    RecommendationKind.CONSOLIDATE,
    RecommendationKind.USE_MANAGED,
    RecommendationKind.RETIRE,
)
"""Those by which topics go."""

_MOVES = "throughput out"
"""Whoever reads a topic that goes reads another one in its place, and that costs as much."""


class Saving(BaseModel):
    """Of one recommendation. `formula` over `items`, which are the lines of the topics' costs."""

    model_config = ConfigDict(frozen=True)
    recommendation_id: int
    kind: RecommendationKind
    title: str
    topics: tuple[str, ...] = Field(description="those that would go")
    monthly: Decimal
    currency: str
    formula: str
    items: tuple[CostItem, ...]
    unknown: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[int, int]:
        """Where it comes in its list: cents, the most first, and its number."""
        return -int(self.monthly * 100), self.recommendation_id


def savings(
    open_ones: Iterable[Recommendation], loads: Mapping[str, TopicLoad], book: PriceBook
) -> list[Saving]:
    """The most first. `loads` are the topics that may be told of, `book` that of their cluster."""
    found = [each for one in open_ones if (each := _saving(one, loads, book)) is not None]
    return sorted(found, key=lambda each: each.place)


def together(found: Sequence[Saving]) -> Decimal:
    """All of them carried out: a topic that goes by two of them is saved once."""
    saved: dict[tuple[str, str], Decimal] = {}
    for each in found:
        for item in each.items:
            saved[item.inputs["topic"], item.name] = item.amount
    return sum(saved.values(), Decimal(0))


def _saving(one: Recommendation, loads: Mapping[str, TopicLoad], book: PriceBook) -> Saving | None:
    proposal = one.proposal
    topics = tuple(topic for topic in freed_topics(proposal) if topic in loads)
    if proposal.kind not in SAVING or not topics:
        return None
    costs = {topic: measured_cost(loads[topic], book) for topic in topics}
    retires = proposal.kind is RecommendationKind.RETIRE
    items = tuple(
        item.model_copy(update={"inputs": {"topic": topic, **item.inputs}})
        for topic in topics
        for item in costs[topic].items
        if retires or item.name != _MOVES
    )
    return Saving(
        recommendation_id=one.id,
        kind=proposal.kind,
        title=proposal.title,
        topics=topics,
        monthly=sum((item.amount for item in items), Decimal(0)),
        currency=book.currency,
        formula="the measured cost of the topics that go"
        + ("" if retires else ", but for throughput out: their readers read the other one"),
        items=items,
        unknown=tuple(dict.fromkeys(each for topic in topics for each in costs[topic].unknown)),
    )
