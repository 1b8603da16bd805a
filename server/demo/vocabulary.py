"""The words in which the demo domains say what their fields hold."""

from __future__ import annotations

import string
import uuid as uuids
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

from server.demo.field import Field, Moment, Shape, Type, draw_row

TEXT, WHOLE, REAL, DAY = Type.TEXT, Type.WHOLE, Type.REAL, Type.DAY

Clock = Callable[[datetime], Any]


def iso(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def millis(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def micros(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)


def seconds(at: datetime) -> int:
    return int(at.timestamp())


_CLOCK_TYPES: Mapping[Clock, Type] = {
    iso: Type.INSTANT_TEXT,
    millis: Type.INSTANT,
    micros: Type.WHOLE,
    seconds: Type.WHOLE,
}


def of(path: str, type_: Type = TEXT) -> Field:
    """An attribute of whom the message is about: `customer.email`."""
    read = attrgetter(path)
    return Field(Shape(type_), lambda m: read(m.about))


def other(crowd: str, path: str = "id", type_: Type = TEXT) -> Field:
    """An attribute of somebody else: `other("employees", "email")`."""
    read = attrgetter(path)
    return Field(Shape(type_), lambda m: read(m.world.subject(crowd, m.rng, m.progress)))


def always(value: str | int | float | bool) -> Field:
    kinds = {bool: Type.FLAG, int: Type.WHOLE, float: Type.REAL, str: Type.TEXT}
    return Field(Shape(kinds[type(value)]), lambda m: value)


def pick(*symbols: str, weights: Sequence[float] | None = None) -> Field:
    """One of a closed set: an enum where the schema language has them."""
    return Field(Shape(Type.CHOICE, symbols), lambda m: m.rng.choices(symbols, weights)[0])


def label(path: str, *symbols: str) -> Field:
    """An attribute whose values form a closed set."""
    read = attrgetter(path)
    return Field(Shape(Type.CHOICE, symbols), lambda m: read(m.about))


def band(path: str, **limits: float) -> Field:
    """The first name whose limit the attribute does not reach: `band("risk", LOW=.3, HIGH=2)`."""
    read, steps = attrgetter(path), tuple(limits.items())
    return Field(
        Shape(Type.CHOICE, tuple(limits)),
        lambda m: next(name for name, limit in steps if read(m.about) < limit),
    )


def whole(low: int, high: int) -> Field:
    return Field(Shape(WHOLE, low=low, high=high), lambda m: m.rng.randint(low, high))


def real(low: float, high: float, digits: int = 2) -> Field:
    return Field(Shape(REAL, low=low, high=high), lambda m: round(m.rng.uniform(low, high), digits))


def near(path: str, spread: float, low: float, high: float, digits: int = 4) -> Field:
    """Close to an attribute, normally distributed, kept inside the bounds."""
    read = attrgetter(path)
    return Field(
        Shape(REAL, low=low, high=high),
        lambda m: round(min(high, max(low, m.rng.gauss(read(m.about), spread))), digits),
    )


def near_whole(path: str, spread: float) -> Field:
    """A whole number close to an attribute, never negative."""
    read = attrgetter(path)
    return Field(Shape(WHOLE, low=0), lambda m: max(0, round(m.rng.gauss(read(m.about), spread))))


def one_of(*numbers: float) -> Field:
    """One of a few numbers."""
    integral = all(isinstance(number, int) for number in numbers)
    return Field(
        Shape(WHOLE if integral else REAL, low=min(numbers), high=max(numbers)),
        lambda m: m.rng.choice(numbers),
    )


def skewed(median: float, spread: float, digits: int = 2) -> Field:
    """Log-normal: many small, few large, as amounts and durations are."""
    return Field(
        Shape(REAL, low=0), lambda m: round(median * m.rng.lognormvariate(0.0, spread), digits)
    )


def counted(median: float, spread: float) -> Field:
    """Log-normal whole numbers."""
    return Field(Shape(WHOLE, low=0), lambda m: int(median * m.rng.lognormvariate(0.0, spread)))


def flag(share: float) -> Field:
    return Field(Shape(Type.FLAG), lambda m: m.rng.random() < share)


def uuid() -> Field:
    return Field(
        Shape(Type.UUID),
        lambda m: str(uuids.UUID(int=m.rng.getrandbits(128), version=4)),
    )


def digest(bits: int = 128) -> Field:
    """Hexadecimal digits, as hashes and trace ids are."""
    return Field(Shape(TEXT), lambda m: f"{m.rng.getrandbits(bits):0{bits // 4}x}")


def code(pattern: str) -> Field:
    """A code such as `INV-######` (# a digit, @ a capital letter)."""
    return Field(Shape(TEXT), lambda m: "".join(_symbol(m, c) for c in pattern))


def _symbol(m: Moment, character: str) -> str:
    if character == "#":
        return m.rng.choice(string.digits)
    return m.rng.choice(string.ascii_uppercase) if character == "@" else character


def ip() -> Field:
    return Field(
        Shape(TEXT),
        lambda m: f"{m.rng.randint(11, 99)}.{m.rng.randint(0, 255)}.3.{m.rng.randint(1, 254)}",
    )


def stamp(clock: Clock = iso, *, before: float = 0.0, after: float = 0.0) -> Field:
    """The event's time; up to `before` hours earlier or `after` hours later when given."""

    def draw(m: Moment) -> Any:
        shift = after * m.rng.random() - before * m.rng.random() if before or after else 0.0
        return clock(m.at + timedelta(hours=shift))

    shape = Shape(_CLOCK_TYPES.get(clock, TEXT))
    return Field(shape, draw, event_time=not (before or after))


def clock(pattern: str) -> Clock:
    """A house format of time, in strftime's letters."""
    return lambda at: at.strftime(pattern)


def day(earliest: int = 0, latest: int = 0) -> Field:
    """A date so many days from the event's own."""
    return Field(
        Shape(DAY), lambda m: (m.at + timedelta(days=m.rng.randint(earliest, latest))).date()
    )


def phrase(*templates: str) -> Field:
    """A sentence or log line: `{0.customer.city}` reads whom the message is about, `{at}` the time,
    `{1}` is a number below 100 and `{2}` one below 100,000."""

    def draw(m: Moment) -> str:
        numbers = m.rng.randint(1, 99), m.rng.randint(1, 99_999)
        return m.rng.choice(templates).format(m.about, *numbers, at=m.at)

    return Field(Shape(TEXT), draw)


def record(**fields: Field) -> Field:
    return Field(Shape(Type.RECORD, fields=fields), lambda m: draw_row(fields, m, 99))


def shared(name: str, **fields: Field) -> Field:
    """A record that several schemas refer to by its full name."""
    shape = Shape(Type.RECORD, fields=fields, shared=name)
    return Field(shape, lambda m: draw_row(fields, m, 99))


def either(*fields: Field) -> Field:
    """One of several ways to say the same kind of thing."""
    return Field(fields[0].shape, lambda m: m.rng.choice(fields).draw(m))


def amid(crowd: str, item: Field) -> Field:
    """The item as it speaks of somebody else: all its parts of the same one."""
    return Field(item.shape, lambda m: item.draw(m.on(m.world.subject(crowd, m.rng, m.progress))))


def many(item: Field, fewest: int, most: int) -> Field:
    return Field(
        Shape(Type.LIST, item=item.shape),
        lambda m: [item.draw(m) for _ in range(m.rng.randint(fewest, most))],
    )


def each(path: str, **fields: Field) -> Field:
    """One record for each element of an attribute, such as the lines of an order."""
    read, item = attrgetter(path), record(**fields)
    return Field(
        Shape(Type.LIST, item=item.shape),
        lambda m: [item.draw(m.on(element)) for element in read(m.about)],
    )


def table(keys: Field, values: Field, fewest: int, most: int) -> Field:
    """A map with open keys."""
    return Field(
        Shape(Type.TABLE, item=values.shape),
        lambda m: {str(keys.draw(m)): values.draw(m) for _ in range(m.rng.randint(fewest, most))},
    )


def derived(type_: Type, draw: Callable[[Any], Any]) -> Field:
    """Worked out from whom the message is about."""
    return Field(Shape(type_), lambda m: draw(m.about))
