"""An estimate held against what is measured, each difference told by the inputs that make it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import prod

from pydantic import BaseModel, ConfigDict, Field

from core.cost.estimate import CostEstimate, CostItem
from core.cost.line import GB, MONTH_SECONDS, cents
from core.cost.measured import MEASURED, MeasuredCost, TopicLoad

_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?")
_DAY = 86_400
_MONTHLY = MONTH_SECONDS / GB
_SCALE = ""
"""The factor that only makes GB of bytes and a month of seconds."""

METHOD = (
    "The estimate's inputs are replaced by the measured ones, one after the other in the order in "
    "which they are listed; the effect of each is by how much the amount changes then."
)


class InputDifference(BaseModel):
    """`effect` is what this input alone adds to the measured amount."""

    model_config = ConfigDict(frozen=True)
    input: str
    estimated: float
    measured: float
    effect: Decimal

    @property
    def words(self) -> str:
        """`mean size (B) 800 -> 410 (-0.12)`."""
        return (
            f"{self.input} {_shown(self.estimated)} -> {_shown(self.measured)} ({self.effect:+,})"
        )


class ItemDifference(BaseModel):
    """Null where the one or the other has no such line; `note` says why then."""

    model_config = ConfigDict(frozen=True)
    name: str
    estimated: Decimal | None
    measured: Decimal | None
    difference: Decimal | None
    note: str | None = None
    because: tuple[InputDifference, ...] = ()


class CostDifference(BaseModel):
    """`estimate` was decided on with the plan `approval_id`. `difference` is the sum over the lines
    that both have."""

    model_config = ConfigDict(frozen=True)
    approval_id: str
    decided_at: datetime | None
    estimate: CostEstimate
    estimated: Decimal
    measured: Decimal
    difference: Decimal
    method: str = Field(default=METHOD)
    items: tuple[ItemDifference, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """The latest estimate that was decided on for a topic."""

    approval_id: str
    decided_at: datetime | None
    estimate: CostEstimate


Factors = Mapping[str, float]
"""Inputs by their names; their product is the amount."""


def difference(planned: Planned, load: TopicLoad, measured: MeasuredCost) -> CostDifference:
    """Amounts of different currencies are not comparable: raises ValueError."""
    estimate = planned.estimate
    if estimate.currency != measured.currency:
        raise ValueError(f"{estimate.currency} and {measured.currency} are two currencies")
    was = {item.name: item for item in estimate.items}
    now = {item.name: item for item in measured.items}
    items = tuple(
        _item(was.get(name), now.get(name), name, load)
        for name in MEASURED
        if name in was or name in now
    )
    return CostDifference(
        approval_id=planned.approval_id,
        decided_at=planned.decided_at,
        estimate=estimate,
        estimated=estimate.total,
        measured=measured.total,
        difference=sum((each.difference or Decimal(0) for each in items), Decimal(0)),
        items=items,
    )


def _item(was: CostItem | None, now: CostItem | None, name: str, load: TopicLoad) -> ItemDifference:
    if was is None or now is None:
        return ItemDifference(
            name=name,
            estimated=None if was is None else was.amount,
            measured=None if now is None else now.amount,
            difference=None,
            note=_note(name) if now is None else "It was not estimated.",
        )
    return ItemDifference(
        name=name,
        estimated=was.amount,
        measured=now.amount,
        difference=now.amount - was.amount,
        because=tuple(_because(_estimated(was), _measured(now, load))),
    )


def _note(name: str) -> str:
    if name == "stream processors":
        return "No bridge runs into it; other processors than those bridges are not seen."
    return "It could not be measured."


def _because(was: Factors, now: Factors) -> Iterator[InputDifference]:
    names = [name for name in was if name in now]
    values = [was[name] for name in names]
    for place, name in enumerate(names):
        before = prod(values)
        values[place] = now[name]
        if was[name] != now[name]:
            yield InputDifference(
                input=name,
                estimated=was[name],
                measured=now[name],
                effect=cents(Decimal(str(prod(values) - before))),
            )


def _estimated(item: CostItem) -> Factors:
    """The inputs as the estimate shows them, which is all that is kept of it."""
    shown = {name: _number(text) for name, text in item.inputs.items()}
    rate = shown.get("rate", 0.0)
    return _factors(
        item.name,
        _Inputs(
            kept=rate * shown.get("retention", 0.0) * _DAY,
            written=rate,
            read=rate * shown.get("consumer groups", 0.0),
            size=shown.get("mean size", 0.0),
            partitions=shown.get("partitions", 0.0),
            replication=shown.get("replication", 0.0),
            processors=shown.get("processors", 0.0),
            price=shown["price"],
        ),
    )


def _measured(item: CostItem, load: TopicLoad) -> Factors:
    return _factors(
        item.name,
        _Inputs(
            kept=load.messages,
            written=load.written_per_second or 0.0,
            read=load.read_per_second or 0.0,
            size=load.mean_bytes or 0.0,
            partitions=load.partitions,
            replication=load.replication,
            processors=load.processors,
            price=_number(item.inputs["price"]),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Inputs:
    kept: float
    written: float
    read: float
    size: float
    partitions: float
    replication: float
    processors: float
    price: float


def _factors(name: str, given: _Inputs) -> Factors:
    """Those of a line, in the order in which they are replaced."""
    sized, priced = {"mean size (B)": given.size}, {"price": given.price}
    replicated = {"replication": given.replication}
    match name:
        case "storage":
            return {"kept messages": given.kept, **sized, **replicated, _SCALE: 1 / GB, **priced}
        case "throughput in":
            return {"written per second": given.written, **sized, _SCALE: _MONTHLY, **priced}
        case "throughput out":
            return {"read per second": given.read, **sized, _SCALE: _MONTHLY, **priced}
        case "partitions":
            return {"partitions": given.partitions, **replicated, **priced}
        case _:
            return {"processors": given.processors, **priced}


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.4g}"


def _number(text: str) -> float:
    """`1,234 B` -> 1234."""
    found = _NUMBER.search(text)
    return float(found.group().replace(",", "")) if found else 0.0
