"""Measured costs are their formulas over what was counted; what was not counted is not guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from core.cost.difference import Planned, difference
from core.cost.load import load_of
from core.cost.measured import TopicLoad, measured_cost
from core.cost.price_book import PriceBook
from core.cost.saving import savings, together
from core.cost.sharing import CostBy, line_of, shares
from core.cost.topic_cost import estimate
from core.recommendations.recommendation import (
    Figure,
    Level,
    Proposal,
    Rating,
    Recommendation,
    RecommendationKind,
    RecommendationStatus,
)
from tests.unit.cost.test_topic_cost import DAY, OWN, topic

BOOK = PriceBook.from_yaml(OWN)
NOW = datetime(2026, 11, 28, tzinfo=UTC)

# 500 B a message; 1,000/s written and 2,500/s read in an hour of looking; 10^9 messages kept.
LOAD = TopicLoad(
    topic="orders",
    cluster="default",
    owner="group:default/sales",
    product_id="orders",
    product_name="Orders",
    messages=10**9,
    sampled=200,
    sampled_bytes=100_000,
    partitions=6,
    replication=3,
    written=3_600_000,
    read=9_000_000,
    groups=3,
    seconds=3_600.0,
    processors=1,
)


def amounts(load: TopicLoad) -> dict[str, Decimal]:
    return {item.name: item.amount for item in measured_cost(load, BOOK).items}


def test_each_line_is_its_formula_over_what_was_measured() -> None:
    assert amounts(LOAD) == {
        "storage": Decimal("1500.00"),  # 500 GB x 3 replicas x 1
        "throughput in": Decimal("2628.00"),  # 1,314 GB in a month x 2
        "throughput out": Decimal("9855.00"),  # 3,285 GB in a month x 3
        "partitions": Decimal("72.00"),
        "stream processors": Decimal("5.00"),
    }
    assert measured_cost(LOAD, BOOK).items[0].inputs["kept messages"] == "1,000,000,000"


@pytest.mark.parametrize(
    ("load", "lines", "said"),
    [
        (replace(LOAD, seconds=0.0), {"storage", "partitions"}, "not looked at twice"),
        (replace(LOAD, sampled=0), {"partitions"}, "size is not known"),
        (
            replace(LOAD, sampled=0, messages=0, written=0, read=0),
            {"storage", "throughput in", "throughput out", "partitions"},
            "",
        ),
    ],
)
def test_what_was_not_measured_is_left_out_and_said(
    load: TopicLoad, lines: set[str], said: str
) -> None:
    cost = measured_cost(load, BOOK)

    assert {item.name for item in cost.items} - {"stream processors"} == lines
    assert said in " ".join(cost.unknown)
    assert bool(cost.unknown) == bool(said)


def test_an_estimate_differs_from_what_is_measured_by_inputs_that_add_up() -> None:
    planned = topic(retention_ms=10 * DAY)
    load = load_of(BOOK, messages_per_second=800, message_bytes=250, consumers=2, processors=1)
    was = Planned("plan-1", NOW, estimate(planned, load, BOOK))

    told = difference(was, LOAD, measured_cost(LOAD, BOOK))

    items = {item.name: item for item in told.items}
    assert [each.input for each in items["throughput out"].because] == [
        "read per second",
        "mean size (B)",
    ]
    for item in told.items:
        assert item.difference is not None
        explained = sum((each.effect for each in item.because), Decimal(0))
        assert abs(explained - item.difference) <= Decimal("0.05")
    assert items["partitions"].because == ()
    assert told.difference == told.measured - told.estimated


def test_a_line_that_only_one_side_has_is_not_compared() -> None:
    was = Planned(
        "p", NOW, estimate(topic(), load_of(BOOK, messages_per_second=1, message_bytes=1), BOOK)
    )

    told = difference(
        was, replace(LOAD, seconds=0.0), measured_cost(replace(LOAD, seconds=0.0), BOOK)
    )

    items = {item.name: item for item in told.items}
    assert items["throughput in"].difference is None
    assert items["stream processors"].estimated is None


def test_products_and_teams_cost_what_their_topics_do() -> None:
    loads = [
        LOAD,
        replace(LOAD, topic="small", messages=0),
        replace(LOAD, topic="x", owner=None, product_id=None),
    ]
    topics, products, teams = (
        [line_of(share, BOOK) for share in shares(loads, BOOK, by)]
        for by in (CostBy.TOPIC, CostBy.PRODUCT, CostBy.TEAM)
    )

    assert [line.key for line in topics] == ["orders", "x", "small"]
    assert [(line.key, line.topics) for line in products] == [("orders", 2), (None, 1)]
    assert [line.title for line in teams] == ["group:default/sales", "topics without a known owner"]
    total = sum((line.monthly for line in topics), Decimal(0))
    for lines in (products, teams):
        assert sum((line.monthly for line in lines), Decimal(0)) == total
        for line in lines:
            assert sum((item.amount for item in line.items), Decimal(0)) == line.monthly
    assert products[0].items[0].inputs == {"orders": "1500.00", "small": "0.00"}


def advice(number: int, kind: RecommendationKind, *goes: str) -> Recommendation:
    rating = Rating(level=Level.LOW, why="")
    storage = Figure(
        name="storage", value=1, unit="bytes", formula="", inputs=dict.fromkeys(goes, "")
    )
    proposal = Proposal(
        kind=kind,
        sources=("orders", *goes),
        title="",
        evidence=(),
        benefits=(storage,),
        effort=rating,
        risk=rating,
        gist=(),
    )
    return Recommendation(
        id=number,
        cluster="default",
        status=RecommendationStatus.OPEN,
        proposal=proposal,
        opened_at=NOW,
        updated_at=NOW,
    )


def test_a_consolidation_saves_what_its_topics_cost_but_not_the_reading_of_them() -> None:
    loads = {"copy": LOAD, "old": replace(LOAD, topic="old", read=0)}
    found = savings(
        [
            advice(1, RecommendationKind.CONSOLIDATE, "copy"),
            advice(2, RecommendationKind.USE_MANAGED, "copy", "gone"),
            advice(3, RecommendationKind.RETIRE, "old"),
            advice(4, RecommendationKind.QUALITY, "old"),
        ],
        loads,
        BOOK,
    )

    assert [(each.recommendation_id, each.topics) for each in found] == [
        (1, ("copy",)),
        (2, ("copy",)),
        (3, ("old",)),
    ]
    assert found[0].monthly == measured_cost(LOAD, BOOK).total - amounts(LOAD)["throughput out"]
    assert together(found) == found[0].monthly + measured_cost(loads["old"], BOOK).total
