"""A stream of orders as a shop would send them, without a fault."""

from __future__ import annotations

import random
from typing import Any

Record = dict[str, Any]

CITIES = {"10115": "Berlin", "20095": "Hamburg", "80331": "Munich", "50667": "Cologne"}
STATES = ("created", "paid", "shipped", "delivered")


def orders(count: int = 600, seed: int = 1) -> list[Record]:
    chance = random.Random(seed)
    return [_order(number, chance) for number in range(count)]


def _order(number: int, chance: random.Random) -> Record:
    postcode = chance.choice(list(CITIES))
    minute = chance.randrange(1440)
    return {
        "id": f"ord-{number:06d}",
        "status": chance.choice(STATES),
        "amount": round(chance.uniform(5, 500), 2),
        "pieces": chance.randrange(1, 9),
        "weight": f"{chance.randrange(1, 40)} kg",
        "currency": chance.choice(["EUR", "EUR", "USD"]),
        "postcode": postcode,
        "city": CITIES[postcode],
        "mail": f"{_word(chance)}.{_word(chance)}@example.org",
        "placed": f"2026-03-{chance.randrange(1, 29):02d}T{minute // 60:02d}:{minute % 60:02d}:00Z",
        "note": " ".join(_word(chance) for _ in range(chance.randrange(3, 9))),
        "buyer": {"name": f"{_word(chance).title()} {_word(chance).title()}"},
    }


def _word(chance: random.Random) -> str:
    return "".join(
        chance.choice(["ba", "lo", "ri", "ten", "mu", "ska", "del", "fo"]) for _ in "123"
    )
