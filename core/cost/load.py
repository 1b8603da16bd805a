"""The load that a topic is priced for, and which of its figures nobody gave or measured."""

from __future__ import annotations

from dataclasses import dataclass

from core.cost.price_book import PriceBook


@dataclass(frozen=True, slots=True)
class Load:
    """`message_bytes` is the mean of a record's key, value and framing, uncompressed."""

    messages_per_second: float
    message_bytes: float
    consumers: int
    processors: int = 0
    assumed: tuple[str, ...] = ()

    @property
    def bytes_per_second(self) -> float:
        return self.messages_per_second * self.message_bytes


def load_of(
    book: PriceBook,
    *,
    messages_per_second: float | None,
    message_bytes: float,
    consumers: int | None = None,
    processors: int = 0,
    measured_bytes: bool = False,
) -> Load:
    """A load whose unknown figures are the price book's assumptions, and say so."""
    assumed = []
    if messages_per_second is None:
        messages_per_second = book.assumptions.messages_per_second
        assumed.append(f"{messages_per_second:g} messages per second: no throughput was given")
    if consumers is None:
        consumers = book.assumptions.consumers
        assumed.append(f"{consumers} consumer groups read everything once")
    if not measured_bytes:
        assumed.append(f"{message_bytes:,.0f} bytes per message, from generated examples")
    return Load(messages_per_second, message_bytes, consumers, processors, tuple(assumed))
