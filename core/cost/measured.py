"""What a topic costs as it is: by what it holds, what was written and read, and a price book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.cost.estimate import CostEstimate, CostItem
from core.cost.line import GB, MONTH_SECONDS, line
from core.cost.price_book import PriceBook, Prices

FORMULAS = {
    "storage": "kept messages x mean size x replication x price per GB and month",
    "throughput in": "written per second x mean size x a month x price per GB",
    "throughput out": "read per second by all groups x mean size x a month x price per GB",
    "partitions": "partitions x replication x price per partition and month",
    "stream processors": "bridges that run into it x price per month",
}

MEASURED = ("storage", "throughput in", "throughput out", "partitions", "stream processors")
"""The names of the lines, in their order."""


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
    own = book.of(load.cluster)
    items = (*_by_size(load, own), *_by_place(load, own))
    return MeasuredCost(
        currency=book.currency,
        price_book=book.title,
        items=items,
        assumed=tuple(_assumed(load, book)),
        unknown=tuple(_unknown(load)),
    )


def _by_size(load: TopicLoad, prices: Prices) -> Iterator[CostItem]:
    size = load.mean_bytes
    if size is None:
        # An empty topic stores nothing, whatever its messages would weigh.
        size = 0.0 if not load.messages else None
    if size is None:
        return
    sized = {"mean size": f"{size:,.0f} B of {load.sampled:,} sampled"}
    stored = load.messages * size * load.replication / GB
    kept = {"kept messages": f"{load.messages:,}", **sized, "replication": str(load.replication)}
    yield _line("storage", kept, (stored, "GB"), prices)
    written, read = load.written_per_second, load.read_per_second
    if written is None or read is None:
        return
    month = size * MONTH_SECONDS / GB
    observed = f"in {load.seconds / 3_600:,.1f} h"
    into = {"written per second": f"{written:,.4g} ({load.written:,} {observed})", **sized}
    out = {
        "read per second": f"{read:,.4g} ({load.read:,} {observed})",
        "consumer groups": str(load.groups),
        **sized,
    }
    yield _line("throughput in", into, (written * month, "GB"), prices)
    yield _line("throughput out", out, (read * month, "GB"), prices)


def _by_place(load: TopicLoad, prices: Prices) -> Iterator[CostItem]:
    placed = {"partitions": str(load.partitions), "replication": str(load.replication)}
    parts = load.partitions * load.replication
    yield _line("partitions", placed, (parts, "partitions"), prices)
    if load.processors:
        made = {"bridges": str(load.processors)}
        yield _line("stream processors", made, (load.processors, "processors"), prices)


def _line(name: str, inputs: dict[str, str], of: tuple[float, str], prices: Prices) -> CostItem:
    price = {
        "storage": prices.storage_gb_month,
        "throughput in": prices.ingress_gb,
        "throughput out": prices.egress_gb,
        "partitions": prices.partition_month,
        "stream processors": prices.processor_month,
    }[name]
    return line(name, FORMULAS[name], inputs, of, price)


def _assumed(load: TopicLoad, book: PriceBook) -> Iterator[str]:
    if book.assumed:
        yield f"all prices: {book.name} {book.version} is nobody's invoice"
    if load.compacted and load.messages:
        yield "the topic is compacted: it holds at most the messages between its watermarks"


def _unknown(load: TopicLoad) -> Iterator[str]:
    if load.mean_bytes is None and load.messages:
        yield "storage and throughput: no message of it could be sampled, so its size is not known"
    elif load.seconds <= 0:
        yield "throughput: it was not looked at twice in these days"
