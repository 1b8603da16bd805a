"""What a topic costs in a month, by a price book: each line with its formula and inputs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from core.cost.estimate import CostEstimate, CostItem
from core.cost.line import GB, MONTH_SECONDS, line
from core.cost.load import Load
from core.cost.price_book import PriceBook, Prices
from core.plan import FOREVER, CleanupPolicy, TopicPlan

_FORMULAS = {
    "storage": "rate x mean size x retention x replication x price per GB and month",
    "throughput in": "rate x mean size x a month x price per GB",
    "throughput out": "rate x mean size x a month x consumer groups x price per GB",
    "partitions": "partitions x replication x price per partition and month",
    "stream processors": "processors x price per month",
}

_DAY_MS = 86_400_000
_MONTH_MS = MONTH_SECONDS * 1_000


def estimate(topic: TopicPlan, load: Load, book: PriceBook) -> CostEstimate:
    """A month at a steady load, once the topic has been kept for its whole retention."""
    book = book.at(topic.cluster)
    assumed = [*load.assumed]
    kept, how = _kept_ms(topic, book)
    if how:
        assumed.append(how)
    if book.assumed:
        assumed.append(f"all prices: {book.name} {book.version} is nobody's invoice")
    return CostEstimate(
        currency=book.currency,
        price_book=book.title,
        items=tuple(_items(topic, load, book.of(topic.cluster), kept)),
        assumed=tuple(assumed),
    )


def _kept_ms(topic: TopicPlan, book: PriceBook) -> tuple[int, str | None]:
    """How many milliseconds of messages lie on disk, and what was assumed for it."""
    if topic.cleanup is CleanupPolicy.COMPACT:
        days = book.assumptions.days_compacted
        return days * _DAY_MS, f"the compacted keys weigh as much as {days} days of messages"
    if topic.retention_ms == FOREVER:
        months = book.assumptions.months_kept
        return months * _MONTH_MS, f"everything is kept: the cost is that after {months} months"
    return topic.retention_ms, None


def _items(topic: TopicPlan, load: Load, prices: Prices, kept_ms: int) -> Iterator[CostItem]:
    replicas = {"replication": str(topic.replication)}
    rate = {
        "rate": f"{load.messages_per_second:g} messages/s",
        "mean size": f"{load.message_bytes:,.0f} B",
    }
    stored = load.bytes_per_second * kept_ms / 1_000 / GB * topic.replication
    written = load.bytes_per_second * MONTH_SECONDS / GB
    kept = {**rate, "retention": _days(kept_ms), **replicas}
    read = {**rate, "consumer groups": str(load.consumers)}
    placed = {"partitions": str(topic.partitions), **replicas}
    yield _item("storage", kept, (stored, "GB"), prices.storage_gb_month)
    yield _item("throughput in", rate, (written, "GB"), prices.ingress_gb)
    yield _item("throughput out", read, (written * load.consumers, "GB"), prices.egress_gb)
    parts = topic.partitions * topic.replication
    yield _item("partitions", placed, (parts, "partitions"), prices.partition_month)
    if load.processors:
        made = {"processors": str(load.processors)}
        priced = (load.processors, "processors")
        yield _item("stream processors", made, priced, prices.processor_month)


def _item(name: str, inputs: dict[str, str], of: tuple[float, str], price: Decimal) -> CostItem:
    return line(name, _FORMULAS[name], inputs, of, price)


def _days(milliseconds: int) -> str:
    days = milliseconds / _DAY_MS
    return f"{days:,.4g} days" if days < 100 else f"{days:,.0f} days"
