"""The texts that models read, loaded by their name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class RouteExamples:
    """What a capability is for, and requests for it as people write them."""

    purpose: str
    examples: tuple[str, ...]


@cache
def load(name: str) -> str:
    """The Markdown prompt `prompts/<name>.md`."""
    return (files("prompts") / f"{name}.md").read_text(encoding="utf-8")


@cache
def glossary() -> Mapping[str, tuple[str, ...]]:
    """`prompts/glossary.yaml`: stems of other languages by their English noun."""
    read = yaml.safe_load((files("prompts") / "glossary.yaml").read_text(encoding="utf-8"))
    return {noun: tuple(stems) for noun, stems in read.items()}


@cache
def route_examples() -> Mapping[str, RouteExamples]:
    """`prompts/routes.yaml`, by the capability's name."""
    read = yaml.safe_load((files("prompts") / "routes.yaml").read_text(encoding="utf-8"))
    return {
        name: RouteExamples(entry["purpose"], tuple(map(str, entry["examples"])))
        for name, entry in read.items()
    }
