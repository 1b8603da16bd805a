"""What goes wrong with a demo record, drawn per record from the topic's own rate."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from server.demo.field import Moment, Row

Spoil = Callable[[Row, Moment], None]
"""Damages a record in place."""


@dataclass(frozen=True, slots=True)
class Defects:
    """`rate` of the records get one of `kinds`; the other rates are shares of all messages.

    `repeated` sends an earlier message again, `cut` breaks the bytes off, `lost_schema` names a
    schema id that no registry has, `giants` is a number of very large messages.
    """

    rate: float = 0.0
    kinds: tuple[Spoil, ...] = ()
    repeated: float = 0.0
    cut: float = 0.0
    lost_schema: float = 0.0
    giants: int = 0

    def spoil(self, row: Row, moment: Moment) -> bool:
        """Damage the row if its lot falls so; True when it did."""
        if not self.kinds or moment.rng.random() >= self.rate:
            return False
        moment.rng.choice(self.kinds)(row, moment)
        return True


def missing(*paths: str) -> Spoil:
    """A field that must be there is left out."""
    return _at(paths, lambda parent, name, m: parent.pop(name, None))


def emptied(*paths: str) -> Spoil:
    return _put(paths, lambda old, m: "")


def nulled(*paths: str) -> Spoil:
    return _put(paths, lambda old, m: None)


def as_text(*paths: str) -> Spoil:
    """A number arrives as a string."""
    return _put(paths, lambda old, m: str(old))


def as_local_number(*paths: str) -> Spoil:
    """A number arrives as German text: 12.345,67."""
    return _put(paths, lambda old, m: f"{old:,.2f}".translate(str.maketrans(",.", ".,")))


def instead(path: str, *values: Any) -> Spoil:
    """A value that no rule of the field allows."""
    return _put((path,), lambda old, m: m.rng.choice(values))


def scaled(factor: float, *paths: str) -> Spoil:
    """A number far outside its range, as a wrong unit or sign makes it."""
    return _put(paths, lambda old, m: type(old)(old * factor))


def mangled_email(*paths: str) -> Spoil:
    return _put(paths, _mangle)


def _mangle(old: Any, m: Moment) -> str:
    return m.rng.choice((str(old).replace("@", ""), str(old).replace("@", " at "), "n/a"))


def retimed(path: str, *patterns: str) -> Spoil:
    """The event's time in another format than the topic's own."""
    return _put((path,), lambda old, m: m.at.strftime(m.rng.choice(patterns)))


def late(path: str, clock: Callable[[datetime], Any], *, days: float = 12.0) -> Spoil:
    """An event time long before the message's arrival."""
    return _put((path,), lambda old, m: clock(m.at - timedelta(days=days * (1 + m.rng.random()))))


def untimely(path: str, clock: Callable[[datetime], Any]) -> Spoil:
    """An event time years in the future, as a wrong device clock writes it."""
    return _put((path,), lambda old, m: clock(m.at + timedelta(days=365 * m.rng.randint(8, 40))))


def _put(paths: Sequence[str], change: Callable[[Any, Moment], Any]) -> Spoil:
    def put(parent: Row, name: str, m: Moment) -> None:
        parent[name] = change(parent.get(name), m)

    return _at(paths, put)


def _at(paths: Sequence[str], act: Callable[[Row, str, Moment], object]) -> Spoil:
    steps = [path.split(".") for path in paths]

    def spoil(row: Row, m: Moment) -> None:
        *parents, name = m.rng.choice(steps)
        for step in parents:
            row = row[step]
        act(row, name, m)

    return spoil


def cut_off(value: bytes, rng: random.Random) -> bytes:
    """The beginning of a payload, never all of it."""
    return value[: max(1, int(len(value) * rng.uniform(0.2, 0.9)))]
