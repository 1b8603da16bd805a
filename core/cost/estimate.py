"""What a topic costs in a month: a number that carries its formula and its inputs."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict


class CostItem(BaseModel):
    """One line of an estimate: `formula` in words, `inputs` as shown, `amount` in the currency."""

    model_config = ConfigDict(frozen=True)
    name: str
    formula: str
    inputs: dict[str, str]
    amount: Decimal


class CostEstimate(BaseModel):
    """A month of 730 hours. `assumed` names inputs that nobody gave or measured."""

    model_config = ConfigDict(frozen=True)
    currency: str
    price_book: str
    """Its name and version."""
    items: tuple[CostItem, ...]
    assumed: tuple[str, ...] = ()

    @property
    def total(self) -> Decimal:
        return sum((item.amount for item in self.items), Decimal(0))
