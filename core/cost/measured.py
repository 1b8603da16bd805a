"""What a topic costs as it is: by what it holds, what was written and read, and a price book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.cost.estimate import CostEstimate
from core.cost.line import GB, MONTH_SECONDS, cents, line
from core.cost.price_book import PriceBook, Prices

FORMULAS = {
    "storage": "kept messages x mean size x replication x price per GB and month",
    "throughput in": "written per second x mean size x a month x price per GB",
    "throughput out": "read per second by all groups x mean size x a month x price per GB",
    "partitions": "partitions x replication x price per partition and month",
    "stream processors": "bridges that run into it x price per month",
}

MEASURED = tuple(FORMULAS)
"""The names of the lines, in their order."""

_UNITS = dict(zip(MEASURED, ("GB", "GB", "GB", "partitions", "processors"), strict=True))
_PRICES = {
    "storage": "storage_gb_month",
    "throughput in": "ingress_gb",
    "throughput out": "egress_gb",
    "partitions": "partition_month",
    "stream processors": "processor_month",
}


@dataclass(frozen=True, slots=True)
class TopicLoad:
    """What was measured of one topic. `written` and `read` are messages within `seconds` of
    looking; `sampled_bytes` are those of the `sampled` messages that the last scan read."""

    topic: str
    cluster: str
    owner: str | None
    product_id: str | None
    product_name: str | None
    messages: int
    """Kept, by the watermarks: an upper bound where the topic is compacted."""
    sampled: int
    sampled_bytes: int
    partitions: int
    replication: int
    written: int
    read: int
    groups: int
    seconds: float
    processors: int = 0
    compacted: bool = False

    @property
    def mean_bytes(self) -> float | None:
        return self.sampled_bytes / self.sampled if self.sampled else None

    @property
    def written_per_second(self) -> float | None:
        return self.written / self.seconds if self.seconds > 0 else None

    @property
    def read_per_second(self) -> float | None:
        return self.read / self.seconds if self.seconds > 0 else None


class MeasuredCost(CostEstimate):
    """A month of 730 hours at what was measured. `unknown` says what is not in it, and why."""

    unknown: tuple[str, ...] = ()


def measured_cost(load: TopicLoad, book: PriceBook) -> MeasuredCost:
    """`book` is that of the load's cluster: see `PriceBook.at`."""
    prices = book.of(load.cluster)
    items = tuple(
        line(
            name, FORMULAS[name], _inputs(name, load), (amount, _UNITS[name]), _price(name, prices)
        )
        for name, amount in _amounts(load)
    )
    return MeasuredCost(
        currency=book.currency,
        price_book=book.title,
        items=items,
        assumed=tuple(_assumed(load, book)),
        unknown=unknown(load),
    )


def monthly(load: TopicLoad, prices: Prices) -> dict[str, Decimal]:
    """The same amounts by their lines, without what explains them: cheap enough for all topics."""
    return {
        name: cents(Decimal(str(amount)) * _price(name, prices)) for name, amount in _amounts(load)
    }


def unknown(load: TopicLoad) -> tuple[str, ...]:
    """What is not in a topic's cost, and why."""
    if load.mean_bytes is None and load.messages:
        return (
            "storage and throughput: no message of it could be sampled, so its size is not known",
        )
    if load.seconds <= 0:
        return ("throughput: it was not looked at twice in these days",)
    return ()


def _amounts(load: TopicLoad) -> Iterator[tuple[str, float]]:
    """What is priced: GB, or pieces. What was not measured is left out."""
    size = load.mean_bytes
    if size is None and not load.messages:
        # An empty topic stores nothing, whatever its messages would weigh.
        size = 0.0
    if size is not None:
        yield "storage", load.messages * size * load.replication / GB
        written, read = load.written_per_second, load.read_per_second
        if written is not None and read is not None:
            yield "throughput in", written * size * MONTH_SECONDS / GB
            yield "throughput out", read * size * MONTH_SECONDS / GB
    yield "partitions", load.partitions * load.replication
    if load.processors:
        yield "stream processors", load.processors


def _inputs(name: str, load: TopicLoad) -> dict[str, str]:
    sized = {"mean size": f"{load.mean_bytes or 0:,.0f} B of {load.sampled:,} sampled"}
    copies = {"replication": str(load.replication)}
    match name:
        case "storage":
            return {"kept messages": f"{load.messages:,}", **sized, **copies}
        case "throughput in":
            return {"written per second": _rate(load.written, load), **sized}
        case "throughput out":
            groups = {"consumer groups": str(load.groups)}
            return {"read per second": _rate(load.read, load), **groups, **sized}
        case "partitions":
            return {"partitions": str(load.partitions), **copies}
        case _:
            return {"bridges": str(load.processors)}


def _rate(messages: int, load: TopicLoad) -> str:
    hours = load.seconds / 3_600
    return f"{messages / load.seconds:,.4g} ({messages:,} in {hours:,.1f} h)"


def _price(name: str, prices: Prices) -> Decimal:
    price: Decimal = getattr(prices, _PRICES[name])
    return price


def _assumed(load: TopicLoad, book: PriceBook) -> Iterator[str]:
    if book.assumed:
        yield f"all prices: {book.name} {book.version} is nobody's invoice"
    if load.compacted and load.messages:
        yield "the topic is compacted: it holds at most the messages between its watermarks"
