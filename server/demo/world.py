"""The demo company's people, partners and things: what the topics' ids join on."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class World:
    """Masters are drawn at random; of the streams (orders ...) the n-th is told n-th. `later` draws
    the n-th that is not among those at hand."""

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
    later: Callable[[str, int], Any] = field(repr=False, compare=False)

    def subject(self, about: str, rng: random.Random, progress: float) -> Any:
        """Whom a message is about; `progress` is how far the topic's story is told, 1 at the end of
        the past.

        Streams advance with it, so that topics about one order speak of it at about one time, and
        never end.
        """
        crowd: Sequence[Any] = getattr(self, about)
        if about in _STREAMS:
            place = int(progress * len(crowd))
            return crowd[place] if place < len(crowd) else self.later(about, place + 1)
        return crowd[int(rng.random() * len(crowd))]


_STREAMS = frozenset({"orders", "purchases", "tickets"})
