"""Costs follow from the price book by their formula, and say what was assumed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from core.cost.load import load_of
from core.cost.price_book import PriceBook, PriceBookError
from core.cost.topic_cost import estimate
from core.plan import FOREVER, CleanupPolicy, TopicPlan
from tools.cost.price_book import PriceBookMissingError, read_price_book

DAY = 86_400_000

OWN = """
name: own
version: 7
currency: EUR
clusters:
  "*": &any
    {storage_gb_month: 1, ingress_gb: 2, egress_gb: 3, partition_month: 4, processor_month: 5}
  dear: {<<: *any, storage_gb_month: 100}
assumptions: {messages_per_second: 10, consumers: 2, months_kept: 12, days_compacted: 30}
"""


def topic(**more: object) -> TopicPlan:
    given = {"name": "t", "partitions": 6, "replication": 3, "retention_ms": 10 * DAY}
    return TopicPlan.model_validate({**given, **more})


def amounts(
    planned: TopicPlan, rate: float | None = 1_000, *, consumers: int = 4, processors: int = 0
) -> dict[str, Decimal]:
    book = PriceBook.from_yaml(OWN)
    load = load_of(
        book,
        messages_per_second=rate,
        message_bytes=500,
        consumers=consumers,
        processors=processors,
    )
    return {item.name: item.amount for item in estimate(planned, load, book).items}


def test_each_line_is_its_formula_over_its_inputs() -> None:
    # 1,000/s x 500 B = 0.5 MB/s: 43.2 GB a day, 1,314 GB in a month of 730 hours.
    assert amounts(topic(), processors=2) == {
        "storage": Decimal("1296.00"),  # 43.2 x 10 days x 3 replicas x 1
        "throughput in": Decimal("2628.00"),  # 1,314 x 2
        "throughput out": Decimal("15768.00"),  # 1,314 x 4 groups x 3
        "partitions": Decimal("72.00"),  # 6 x 3 x 4
        "stream processors": Decimal("10.00"),
    }


def test_a_cluster_with_its_own_prices_pays_those() -> None:
    assert amounts(topic(cluster="dear"))["storage"] == Decimal("129600.00")


@pytest.mark.parametrize(
    ("planned", "days", "said"),
    [
        (topic(retention_ms=FOREVER), 365, "after 12 months"),
        (topic(cleanup=CleanupPolicy.COMPACT), 30, "30 days of messages"),
    ],
)
def test_what_is_kept_without_an_end_or_compacted_is_an_assumption_that_is_told(
    planned: TopicPlan, days: float, said: str
) -> None:
    book = PriceBook.from_yaml(OWN)
    load = load_of(book, messages_per_second=1_000, message_bytes=500, measured_bytes=True)

    told = estimate(planned, load, book)

    assert told.items[0].amount == pytest.approx(Decimal(f"{43.2 * days * 3:.2f}"))
    assert any(said in line for line in told.assumed)


def test_unknown_figures_are_the_books_assumptions_and_named() -> None:
    book = PriceBook.from_yaml(OWN)

    load = load_of(book, messages_per_second=None, message_bytes=200)

    assert (load.messages_per_second, load.consumers) == (10, 2)
    assert [line.split()[0] for line in load.assumed] == ["10", "2", "200"]


def test_the_built_in_book_says_that_its_prices_are_assumed() -> None:
    book = read_price_book(None)
    told = estimate(topic(), load_of(book, messages_per_second=1, message_bytes=1), book)

    assert "assumed" in told.price_book
    assert any("nobody's invoice" in line for line in told.assumed)
    assert told.total == sum(item.amount for item in told.items)


def test_a_users_book_is_read_and_named_with_its_version(tmp_path: Path) -> None:
    (tmp_path / "prices.yaml").write_text(OWN)

    assert read_price_book(tmp_path / "prices.yaml").title == "own 7"


@pytest.mark.parametrize(
    "text", ["", "name: x", OWN.replace('"*"', '"a"'), OWN.replace("storage_gb_month: 1,", ""), "{"]
)
def test_a_book_that_lacks_something_says_what_it_needs(text: str) -> None:
    with pytest.raises(PriceBookError, match="needs `name`"):
        PriceBook.from_yaml(text)


def test_a_missing_book_names_the_setting() -> None:
    with pytest.raises(PriceBookMissingError, match="HEADWATER_PRICE_BOOK"):
        read_price_book(Path("nowhere.yaml"))


EU = """
  eu:
    version: 3
    currency: CHF
    assumed: false
    prices: {storage_gb_month: 7, ingress_gb: 0, egress_gb: 0, partition_month: 0, processor_month: 0}
"""  # noqa: E501


def test_a_cluster_may_have_a_book_of_its_own() -> None:
    book = PriceBook.from_yaml(OWN.replace("assumptions:", EU.strip("\n") + "\nassumptions:"))
    load = load_of(book, messages_per_second=1_000, message_bytes=500)

    told = estimate(topic(cluster="eu"), load, book)

    assert (told.currency, told.price_book) == ("CHF", "own eu 3")
    assert told.items[0].amount == Decimal("9072.00")
    assert book.at("elsewhere").title == "own 7"
    assert book.digest != PriceBook.from_yaml(OWN).digest


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("storage_gb_month: 7", "clusters.eu.prices.storage_gb_month: Input should be greater"),
        ("version: 3", "clusters.eu.version: Field required"),
        ("assumed: false", "clusters.eu.assumd: there is no such entry; is it misspelt?"),
    ],
)
def test_what_is_wrong_in_a_book_is_told_with_its_place(wrong: str, said: str) -> None:
    right = {
        "storage_gb_month: 7": "storage_gb_month: -7",
        "version: 3": "",
        "assumed: false": "assumd: 1",
    }
    text = OWN.replace(
        "assumptions:", EU.strip("\n").replace(wrong, right[wrong]) + "\nassumptions:"
    )

    with pytest.raises(PriceBookError, match=said.replace("?", r"\?")):
        PriceBook.from_yaml(text)
