"""The demo company's people, partners and things: what the topics' ids join on."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Supplier:
    """`risk` (0 to 1) drives every score that speaks of this supplier; `spend` is EUR a year."""

    id: str
    number: int
    name: str
    country: str
    country_name: str
    city: str
    postcode: str
    street: str
    currency: str
    email: str
    phone: str
    vat: str
    iban: str
    category: str
    terms: int
    spend: float
    rating: float
    risk: float
    status: str
    duns: str
    contact: str
    onboarded: date


@dataclass(frozen=True, slots=True)
class Customer:
    id: str
    first: str
    last: str
    name: str
    email: str
    phone: str
    country: str
    city: str
    postcode: str
    street: str
    language: str
    currency: str
    segment: str
    tier: str
    points: int
    value: float
    since: date
    device: str
    ip: str


@dataclass(frozen=True, slots=True)
class Product:
    """`price` in EUR, `weight` in kilograms, `stock` the usual number on hand."""

    sku: str
    ean: str
    name: str
    category: str
    brand: str
    price: float
    weight: float
    stock: int
    supplier: Supplier


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    product: Product
    quantity: int
    total: float


@dataclass(frozen=True, slots=True)
class Order:
    """A customer's order with the payment and the parcel it leads to."""

    id: str
    number: int
    customer: Customer
    lines: tuple[Line, ...]
    total: float
    tax: float
    items: int
    currency: str
    channel: str
    status: str
    payment: str
    method: str
    fraud: float
    shipment: str
    carrier: str
    tracking: str
    warehouse: str
    weight: float

    @property
    def line(self) -> Line:
        return self.lines[0]

    def later(self, turn: int, world: World) -> Order:
        """One like it, so many turns of all orders later."""
        numbers = order_numbers(self.number + turn * len(world.orders))
        rng = random.Random(f"{turn}:{self.payment}")
        return replace(self, **numbers, payment=payment(rng), tracking=tracking(rng))


def order_numbers(number: int) -> dict[str, Any]:
    """What counts orders."""
    return {"id": f"ORD-{number}", "number": number, "shipment": f"SHP-{number - 6_850_000}"}


def payment(rng: random.Random) -> str:
    return f"PAY-{rng.getrandbits(40):010X}"


def tracking(rng: random.Random) -> str:
    return f"JD{rng.randint(10**11, 10**12 - 1)}"


@dataclass(frozen=True, slots=True)
class Employee:
    id: str
    first: str
    last: str
    name: str
    email: str
    department: str
    job: str
    manager: str
    site: str
    cost_center: str
    hired: date
    hours: float


@dataclass(frozen=True, slots=True)
class Purchase:
    """A purchase order to a supplier, and the invoice that answers it."""

    number: int
    id: str
    invoice: str
    supplier: Supplier
    lines: tuple[Line, ...]
    buyer: Employee
    total: float
    tax: float
    status: str

    @property
    def line(self) -> Line:
        return self.lines[0]

    def later(self, turn: int, world: World) -> Purchase:
        """One like it, so many turns of all purchases later."""
        return replace(self, **purchase_numbers(self.number + turn * len(world.purchases)))


def purchase_numbers(number: int) -> dict[str, Any]:
    """What counts purchases."""
    return {
        "number": number,
        "id": f"PO-{4_500_100_000 + number}",
        "invoice": f"RE-{700_000 + number}",
    }


@dataclass(frozen=True, slots=True)
class Machine:
    """`temperature` in degrees Celsius, `vibration` in mm/s, `rpm`: where it runs when healthy."""

    id: str
    plant: str
    line: str
    model: str
    firmware: str
    temperature: float
    vibration: float
    rpm: int
    product: Product


@dataclass(frozen=True, slots=True)
class Gauge:
    """Something that quality inspection measures."""

    name: str
    unit: str
    nominal: float
    tolerance: float


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A van and the place around which it drives."""

    plate: str
    driver: Employee
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Currency:
    """`rate` is how many of it one euro buys."""

    code: str
    rate: float


@dataclass(frozen=True, slots=True)
class Ticket:
    id: str
    number: int
    order: Order
    category: str
    priority: str
    status: str
    agent: Employee
    score: int

    def later(self, turn: int, world: World) -> Ticket:
        """One like it, so many turns of all tickets later, about an order of then."""
        numbers = ticket_numbers(self.number + turn * len(world.tickets))
        return replace(self, **numbers, order=self.order.later(turn, world))


def ticket_numbers(number: int) -> dict[str, Any]:
    """What counts tickets."""
    return {"id": f"T-{number}", "number": number}


@dataclass(frozen=True, slots=True)
class World:
    """Masters are drawn at random; of the streams (orders ...) the n-th is told n-th."""

    suppliers: tuple[Supplier, ...]
    customers: tuple[Customer, ...]
    products: tuple[Product, ...]
    employees: tuple[Employee, ...]
    machines: tuple[Machine, ...]
    gauges: tuple[Gauge, ...]
    vehicles: tuple[Vehicle, ...]
    currencies: tuple[Currency, ...]
    orders: tuple[Order, ...]
    purchases: tuple[Purchase, ...]
    tickets: tuple[Ticket, ...]

    def subject(self, about: str, rng: random.Random, progress: float) -> Any:
        """Whom a message is about; `progress` is how far the topic's story is told, 1 at the end of
        the past.

        Streams advance with it, so that topics about one order speak of it at about one time, and
        never end.
        """
        crowd: Sequence[Any] = getattr(self, about)
        if about in _STREAMS:
            turn, place = divmod(int(progress * len(crowd)), len(crowd))
            return crowd[place].later(turn, self) if turn else crowd[place]
        return crowd[int(rng.random() * len(crowd))]


_STREAMS = frozenset({"orders", "purchases", "tickets"})
