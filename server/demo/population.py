"""Draws the world from a seed: the same seed and day give the same company."""

from __future__ import annotations

import random
from datetime import date, timedelta
from math import exp
from typing import Any

from server.demo import words
from server.demo.words import Country
from server.demo.world import (
    Currency,
    Customer,
    Employee,
    Gauge,
    Line,
    Machine,
    Order,
    Product,
    Purchase,
    Supplier,
    Ticket,
    Vehicle,
    World,
)

_ORDERS, _TICKETS = 2_500, 900


def populate(seed: int, today: date) -> World:
    """A company of about 1,400 suppliers, 3,000 customers and 2,500 recent orders."""
    rng = random.Random(f"{seed}:world")
    suppliers = tuple(_supplier(rng, n, today) for n in range(1, 1_401))
    customers = tuple(_customer(rng, n, today) for n in range(1, 3_001))
    products = tuple(_product(rng, n, suppliers) for n in range(1, 601))
    employees = _employees(rng, 420, today)
    orders = tuple(_order(rng, n, customers, products) for n in range(1, _ORDERS + 1))

    def later(about: str, n: int) -> Any:
        own = random.Random(f"{seed}:{about}:{n}")
        if about == "orders":
            return _order(own, n, customers, products)
        if about == "purchases":
            return _purchase(own, n, suppliers, products, employees)
        order = _order(
            random.Random(f"{seed}:orders:{_told_of(n)}"), _told_of(n), customers, products
        )
        return _ticket(own, n, order, employees)

    return World(
        suppliers=suppliers,
        customers=customers,
        products=products,
        employees=employees,
        machines=tuple(_machine(rng, n, products) for n in range(1, 49)),
        gauges=tuple(Gauge(*gauge) for gauge in words.GAUGES),
        vehicles=tuple(_vehicle(rng, employees) for _ in range(40)),
        currencies=tuple(Currency(*rate) for rate in words.RATES),
        orders=orders,
        purchases=tuple(_purchase(rng, n, suppliers, products, employees) for n in range(1, 1_201)),
        tickets=tuple(
            _ticket(rng, n, orders[_told_of(n) - 1], employees) for n in range(1, _TICKETS + 1)
        ),
        later=later,
    )


def _country(rng: random.Random) -> Country:
    return rng.choices(words.COUNTRIES, words.COUNTRY_WEIGHTS)[0]


def _phone(rng: random.Random, country: Country) -> str:
    return f"{country.dial}{rng.randint(200, 899)}{rng.randint(100_000, 9_999_999)}"


def _street(rng: random.Random) -> str:
    return f"{rng.choice(words.STREETS)} {rng.randint(1, 180)}"


def _ago(rng: random.Random, today: date, years: int) -> date:
    return today - timedelta(days=rng.randint(30, 365 * years))


def _supplier(rng: random.Random, n: int, today: date) -> Supplier:
    country = _country(rng)
    stem, trade = rng.choice(words.FIRM_STEMS), rng.choice(words.FIRM_TRADES)
    risk = round(min(0.98, rng.betavariate(1.6, 5.0)), 4)
    return Supplier(
        id=f"SUP-{n:06d}",
        number=n,
        name=f"{stem} {trade} {rng.choice(words.FIRM_FORMS)}",
        country=country.code,
        country_name=country.name,
        city=rng.choice(country.cities),
        postcode=f"{rng.randint(10_000, 98_999)}",
        street=_street(rng),
        currency=country.currency,
        email=f"orders{n}@{stem.lower()}-{trade.lower()}.example",
        phone=_phone(rng, country),
        vat=f"{country.code}{rng.randint(100_000_000, 999_999_999)}",
        iban=f"{country.code}{rng.randint(10, 98)}{rng.randint(10**15, 10**16 - 1)}",
        category=rng.choice(words.SUPPLY_CATEGORIES),
        terms=rng.choices((14, 30, 45, 60, 90), (1, 5, 2, 3, 1))[0],
        spend=round(rng.lognormvariate(11.0, 1.1), 2),
        rating=round(max(1.0, min(5.0, 4.8 - 3.2 * risk + rng.gauss(0, 0.3))), 1),
        risk=risk,
        status="blocked" if risk > 0.72 else rng.choices(("active", "onboarding"), (14, 1))[0],
        duns=f"{rng.randint(100_000_000, 999_999_999)}",
        contact=f"{rng.choice(words.FIRST_NAMES)} {rng.choice(words.LAST_NAMES)}",
        onboarded=_ago(rng, today, 12),
    )


def _customer(rng: random.Random, n: int, today: date) -> Customer:
    country = _country(rng)
    first, last = rng.choice(words.FIRST_NAMES), rng.choice(words.LAST_NAMES)
    value = round(rng.lognormvariate(5.6, 1.0), 2)
    return Customer(
        id=f"C{n + 1_000_000}",
        first=first,
        last=last,
        name=f"{first} {last}",
        email=f"{first}.{last}{n}@mail.example".lower(),
        phone=_phone(rng, country),
        country=country.code,
        city=rng.choice(country.cities),
        postcode=f"{rng.randint(10_000, 98_999)}",
        street=_street(rng),
        language=country.language,
        currency=country.currency,
        segment=rng.choices(("consumer", "trade", "business"), (7, 2, 1))[0],
        tier="gold" if value > 900 else "silver" if value > 350 else "bronze",
        points=int(value * 1.4),
        value=value,
        since=_ago(rng, today, 9),
        device=f"{rng.getrandbits(64):016x}",
        ip=f"{rng.randint(11, 99)}.{rng.randint(0, 255)}.7.{rng.randint(1, 254)}",
    )


def _product(rng: random.Random, n: int, suppliers: tuple[Supplier, ...]) -> Product:
    category, names, low, high = rng.choice(words.PRODUCT_KINDS)
    brand = rng.choice(words.BRANDS)
    return Product(
        sku=f"{category[:3].upper()}-{n:05d}",
        ean=f"40{rng.randint(10**10, 10**11 - 1)}",
        name=f"{brand} {rng.choice(names)} {rng.choice('ABCDEKMSTX')}{rng.randint(10, 99)}",
        category=category,
        brand=brand,
        price=round(low * exp(rng.random() * 2.9) * (high / low) ** 0.1, 2),
        weight=round(rng.uniform(0.2, 18.0), 2),
        stock=rng.randint(12, 900),
        supplier=rng.choice(suppliers),
    )


def _lines(rng: random.Random, products: tuple[Product, ...], most: int, bulk: int) -> list[Line]:
    chosen = rng.choices(products, k=rng.choices(range(1, most + 1), range(most, 0, -1))[0])
    quantities = [rng.randint(1, 3) * bulk for _ in chosen]
    return [
        Line(number, product, quantity, round(product.price * quantity, 2))
        for number, (product, quantity) in enumerate(zip(chosen, quantities, strict=True), 1)
    ]


def _employees(rng: random.Random, count: int, today: date) -> tuple[Employee, ...]:
    made: list[Employee] = []
    for n in range(1, count + 1):
        first, last = rng.choice(words.FIRST_NAMES), rng.choice(words.LAST_NAMES)
        department = rng.choice(words.DEPARTMENTS)
        made.append(
            Employee(
                id=f"E{n:05d}",
                first=first,
                last=last,
                name=f"{first} {last}",
                email=f"{first}.{last}{n}@halden.example".lower(),
                department=department,
                job=rng.choice(words.JOBS),
                manager=f"E{rng.randint(1, 40):05d}",
                site=rng.choice(("Hamburg", "Leipzig", "Kassel", "Brno", "Torino")),
                cost_center=f"CC-{4100 + 10 * words.DEPARTMENTS.index(department)}",
                hired=_ago(rng, today, 15),
                hours=rng.choices((40.0, 35.0, 32.0, 20.0), (8, 3, 2, 1))[0],
            )
        )
    return tuple(made)


def _order(
    rng: random.Random, n: int, customers: tuple[Customer, ...], products: tuple[Product, ...]
) -> Order:
    customer, lines = rng.choice(customers), _lines(rng, products, 4, 1)
    total = round(sum(line.total for line in lines), 2)
    fraud = round(min(0.99, rng.betavariate(1.1, 9.0) + (0.25 if total > 1_500 else 0.0)), 4)
    return Order(
        id=f"ORD-{7_400_000 + n}",
        number=7_400_000 + n,
        customer=customer,
        lines=tuple(lines),
        total=total,
        tax=round(total * 0.19, 2),
        items=sum(line.quantity for line in lines),
        currency=customer.currency,
        channel=rng.choices(words.CHANNELS, (6, 3, 2, 1))[0],
        status=rng.choices(("paid", "shipped", "delivered", "cancelled"), (3, 4, 6, 1))[0],
        payment=f"PAY-{rng.getrandbits(40):010X}",
        method=rng.choices(words.PAY_METHODS, (6, 4, 2, 2, 1))[0],
        fraud=fraud,
        shipment=f"SHP-{550_000 + n}",
        carrier=rng.choice(words.CARRIERS),
        tracking=f"JD{rng.randint(10**11, 10**12 - 1)}",
        warehouse=rng.choice(words.WAREHOUSES),
        weight=round(sum(line.product.weight * line.quantity for line in lines), 2),
    )


def _purchase(
    rng: random.Random,
    n: int,
    suppliers: tuple[Supplier, ...],
    products: tuple[Product, ...],
    employees: tuple[Employee, ...],
) -> Purchase:
    lines = _lines(rng, products, 5, 40)
    total = round(sum(line.total for line in lines) * 0.55, 2)
    return Purchase(
        id=f"PO-{4_500_100_000 + n}",
        invoice=f"RE-{700_000 + n}",
        supplier=rng.choice(suppliers),
        lines=tuple(lines),
        buyer=rng.choice(employees),
        total=total,
        tax=round(total * 0.19, 2),
        status=rng.choices(("created", "confirmed", "received", "closed"), (2, 4, 3, 1))[0],
    )


def _machine(rng: random.Random, n: int, products: tuple[Product, ...]) -> Machine:
    plant = rng.choice(words.PLANTS)
    return Machine(
        id=f"{plant}-M{n:03d}",
        plant=plant,
        line=f"L{rng.randint(1, 4)}",
        model=rng.choice(("CNC-500", "IMM-120T", "ROBO-R6", "PRESS-80")),
        firmware=rng.choice(("4.2.1", "4.2.3", "4.3.0")),
        temperature=round(rng.uniform(48, 76), 1),
        vibration=round(rng.uniform(0.8, 3.4), 2),
        rpm=rng.randrange(900, 4_200, 50),
        product=rng.choice(products),
    )


def _vehicle(rng: random.Random, employees: tuple[Employee, ...]) -> Vehicle:
    return Vehicle(
        plate=f"HH-LK-{rng.randint(200, 299)}",
        driver=rng.choice(employees),
        latitude=rng.uniform(47.6, 54.2),
        longitude=rng.uniform(6.8, 14.2),
    )


def _told_of(ticket: int) -> int:
    """The number of the order that a ticket is about."""
    return 1 + ticket * _ORDERS // (_TICKETS + 1)


def _ticket(rng: random.Random, n: int, order: Order, employees: tuple[Employee, ...]) -> Ticket:
    agents = [employee for employee in employees if employee.department == "support"]
    return Ticket(
        id=f"T-{88_000 + n}",
        number=88_000 + n,
        order=order,
        category=rng.choices(words.TICKET_CATEGORIES, (5, 3, 3, 2, 1))[0],
        priority=rng.choices(("low", "normal", "high", "urgent"), (3, 8, 3, 1))[0],
        status=rng.choices(("open", "pending", "solved", "closed"), (2, 2, 5, 3))[0],
        agent=rng.choice(agents),
        score=rng.choices((1, 2, 3, 4, 5), (1, 1, 2, 5, 6))[0],
    )
