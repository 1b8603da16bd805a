"""The texts that models read, loaded by their name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from prompts.filler import Filler


@dataclass(frozen=True, slots=True)
class RouteExamples:
    """What a capability is for, requests for it as people write them, and words that hint at it."""

    purpose: str
    examples: tuple[str, ...]
    verbs: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@cache
def load(name: str) -> str:
    """The Markdown prompt `prompts/<name>.md`."""
    return (files("prompts") / f"{name}.md").read_text(encoding="utf-8")


def dated(name: str, now: datetime) -> str:
    """The prompt with the time that it is."""
    return load(name).replace("{now}", f"{now:%A, %Y-%m-%d %H:%M} UTC")


@cache
def glossary() -> Mapping[str, tuple[str, ...]]:
    """`prompts/glossary.yaml`: stems of other languages by their English noun."""
    read = _yaml("glossary")
    return {noun: tuple(stems) for noun, stems in read.items()}


@cache
def route_examples() -> Mapping[str, RouteExamples]:
    """`prompts/routes.yaml`, by the capability's name, about the subjects of `subjects.yaml`."""
    read = _yaml("routes")
    filler = Filler(_yaml("subjects"))
    return {
        name: RouteExamples(
            entry["purpose"],
            tuple(filler.filled(entry["examples"])),
            tuple(entry.get("verbs", ())),
            tuple(entry.get("words", ())),
        )
        for name, entry in read.items()
    }


@dataclass(frozen=True, slots=True)
class MisuseTexts:
    """Lists of words, and the patterns that name them; the file says how they are written."""

    words: Mapping[str, tuple[str, ...]]
    orders: tuple[str, ...]
    spared: tuple[str, ...]
    unless_asked: tuple[str, ...]
    anywhere: tuple[str, ...]
    raw: tuple[str, ...]
    examples: tuple[str, ...]


@cache
def misuse() -> MisuseTexts:
    """`prompts/misuse.yaml`: what is declined, with examples about the subjects of others."""
    read = _yaml("misuse")
    read["examples"] = Filler(_yaml("subjects")).filled(read["examples"])
    words = {name: tuple(entries.split(", ")) for name, entries in read.pop("words").items()}
    return MisuseTexts(words, **{name: tuple(patterns) for name, patterns in read.items()})


def _yaml(name: str) -> Any:
    return yaml.safe_load((files("prompts") / f"{name}.yaml").read_text(encoding="utf-8"))
