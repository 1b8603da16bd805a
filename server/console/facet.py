"""Filters as choices: the values in use, each with how many sources have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tools.db.facets import Vocabulary

_MOST = 200


@dataclass(frozen=True, slots=True)
class Facet:
    """`name` is the filter's; `values` are commonest first."""

    name: str
    label: str
    values: tuple[tuple[str, int | None], ...]
    value: str | None = None

    def chosen(self, value: str | None) -> Facet:
        known = value is None or any(each == value for each, _ in self.values)
        values = self.values if known else ((str(value), None), *self.values)
        return replace(self, value=value, values=values)


def facets_of(words: Vocabulary) -> tuple[Facet, ...]:
    return (
        Facet("domain", "Domain", _most(words.domains)),
        Facet("owner", "Owner", _most(words.owners)),
        Facet("format", "Format", _most(words.formats)),
    )


def _most(values: Mapping[str, int]) -> tuple[tuple[str, int | None], ...]:
    return tuple(values.items())[:_MOST]
