"""What is known of fields, units and business entities: data of this folder, read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a field is by its last words; `limits` is `definition` or `sense`, see the data."""

    kind: str
    type: str
    logical: str | None = None
    minimum: float | int | None = None
    maximum: float | int | None = None
    exclusive: bool = False
    limits: str = ""
    unit: str = ""
    pattern: str | None = None
    sensitive: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing or a happening of business, and what is commonly told of it."""

    name: str
    domain: str
    id: str
    also: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    person: bool = False
    happens: bool = False


@dataclass(frozen=True, slots=True)
class CodeForm:
    """A code whose form a standard fixes."""

    pattern: str
    says: str
    only_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that a value is given in, with the bounds that the unit implies."""

    name: str
    type: str = "number"
    minimum: float | int | None = None
    maximum: float | int | None = None
    limits: str = "sense"
    money: bool = False


@dataclass(frozen=True, slots=True)
class Ontology:
    """Everything by the words that say it, in lower case."""

    attributes: Mapping[str, Attribute]
    entities: Mapping[str, tuple[Entity, ...]]
    domains: Mapping[str, str]
    """Words that speak for a domain."""
    formats: Mapping[str, CodeForm]
    times: Mapping[str, float]
    """Units of time in milliseconds."""
    units: Mapping[str, Unit]
    talk: frozenset[str]
    verbs: frozenset[str]
    small: frozenset[str]
    qualifiers: frozenset[str]
    happenings: frozenset[str]
    short: Mapping[str, str]
    decisive: frozenset[str]
    longest: int = field(default=4)


@cache
def ontology() -> Ontology:
    """The built-in one."""
    words = _read("words.yaml")
    attributes = _attributes(_read("attributes.yaml"))
    domains = _read("entities.yaml")
    entities = _entities(domains)
    return Ontology(
        attributes=attributes,
        entities=entities,
        domains={word: name for name, part in domains.items() for word in part["words"]},
        formats=_formats(_read("formats.yaml")),
        times={w: float(ms) for ms, names in _read("units.yaml")["time"].items() for w in names},
        units=_units(_read("units.yaml")["measures"]),
        talk=frozenset(_parted(words["talk"])),
        verbs=frozenset(_parted(words["verbs"])),
        small=frozenset(_parted(words["small"])),
        qualifiers=frozenset(_parted(words["qualifiers"])),
        happenings=frozenset(_parted(words["happenings"])),
        short=words["short"],
        decisive=frozenset(_parted(words["decisive"])),
    )


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    return {
        f"{module}.{name}": frozenset(words.split())
        for module, lists in _read("lists.yaml").items()
        for name, words in lists.items()
    }


def listed(name: str) -> frozenset[str]:
    """A set of words that a module's grammar asks for: `chunks.links`."""
    return _lists()[name]


def _read(name: str) -> Any:
    text = files("core.drafting").joinpath("ontology", name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=_LOADER)  # noqa: S506  (a safe loader, the fast one where built)


def _parted(text: str) -> Iterable[str]:
    return (word.strip() for word in text.split(",") if word.strip())


def _attributes(kinds: Mapping[str, Any]) -> dict[str, Attribute]:
    found: dict[str, Attribute] = {}
    for kind, about in kinds.items():
        told = {key: value for key, value in about.items() if key != "heads"}
        attribute = Attribute(kind=kind, **told)
        for head in _parted(about["heads"]):
            found.setdefault(head, attribute)
    return found


def _entities(domains: Mapping[str, Any]) -> dict[str, tuple[Entity, ...]]:
    found: dict[str, tuple[Entity, ...]] = {}
    for domain, part in domains.items():
        for name, about in part["entities"].items():
            entity = Entity(
                name=name,
                domain=domain,
                id=about.get("id", f"{name.replace(' ', '_').replace('-', '_')}_id"),
                also=tuple(about.get("also", ())),
                has=tuple(about.get("has", ())),
                person=about.get("person", False),
                happens=about.get("happens", False),
            )
            for word in (name, *entity.also):
                found[word] = (*found.get(word, ()), entity)
    return found


def _formats(rows: Iterable[Mapping[str, Any]]) -> dict[str, CodeForm]:
    return {
        word: CodeForm(row["pattern"], row["says"], tuple(row.get("only_with", ())))
        for row in rows
        for word in row["words"]
    }


def _units(rows: Iterable[Mapping[str, Any]]) -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for row in rows:
        told = {key: value for key, value in row.items() if key not in ("words", "unit")}
        for word in row["words"]:
            found.setdefault(word, Unit(name=row["unit"], **told))
    return found
