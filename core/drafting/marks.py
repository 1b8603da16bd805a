"""What is said of a field beside its name, as data, and where in a sentence it stood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from core.drafting.ontology import Unit


class Trait(StrEnum):
    """One word's worth of what holds of a field."""

    OPTIONAL = "optional"
    REQUIRED = "required"
    SENSITIVE = "sensitive"
    UNIQUE = "unique"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    DATE = "date"
    TIMESTAMP = "timestamp"
    EPOCH = "epoch"
    LIST = "list"
    MAP = "map"
    SIGNED = "signed"
    UUID = "uuid"
    FRACTION = "fraction"


@dataclass(frozen=True, slots=True)
class Bound:
    """Limits of a number as said; `meanings` are what single numbers stand for."""

    minimum: float | int | None
    maximum: float | int | None
    says: str
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    meanings: tuple[tuple[str, str], ...] = ()
    over: int = 1
    """How many of the fields before it are meant, as in `both above 0`."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The values that are allowed, as written."""

    values: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Form:
    """How a text is built: a pattern where it was described, and examples of it."""

    pattern: str | None
    says: str
    example: str | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """The unit that a value is given in."""

    unit: Unit
    says: str
    over: int = 1
    """How many of the fields before it are meant, as in `all in cents`."""


@dataclass(frozen=True, slots=True)
class Said:
    """A trait and the words; `over` is how many of the fields before it are meant."""

    trait: Trait
    says: str
    over: int = 1


@dataclass(frozen=True, slots=True)
class Members:
    """A bracket that lists what its field is made of."""

    text: str


Mark = Bound | Choice | Form | Measured | Said | Members

_PLACE = re.compile(r"\u27e6(\d+)\u27e7")


@dataclass(slots=True)
class Marked:
    """A text in which marks have been replaced by their places."""

    text: str
    marks: list[Mark] = field(default_factory=list)

    def place(self, mark: Mark) -> str:
        """The place of a mark that is kept from now on, to stand in the text for it."""
        self.marks.append(mark)
        return f" \u27e6{len(self.marks) - 1}\u27e7 "

    def at(self, token: str) -> Mark | None:
        found = _PLACE.fullmatch(token)
        return self.marks[int(found[1])] if found else None

    def tidy(self) -> None:
        self.text = " ".join(self.text.split())


def is_place(token: str) -> bool:
    return bool(_PLACE.fullmatch(token))
