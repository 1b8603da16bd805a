"""One line of a cost: an amount times a price, with its formula and its inputs."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from core.cost.estimate import CostItem

GB = 10**9
HOURS = 730
"""A month."""

MONTH_SECONDS = HOURS * 3_600

_CENT = Decimal("0.01")


def line(
    name: str, formula: str, inputs: dict[str, str], of: tuple[float, str], price: Decimal
) -> CostItem:
    """`of` is the amount that is priced, with its unit; it is shown among the inputs."""
    amount, unit = of
    shown = {**inputs, "amount": f"{amount:,.3f} {unit}".replace(".000 ", " "), "price": str(price)}
    return CostItem(
        name=name, formula=formula, inputs=shown, amount=cents(Decimal(str(amount)) * price)
    )


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)
