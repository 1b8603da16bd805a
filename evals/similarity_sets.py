"""The two sets of schema comparison, read into what the core compares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from core.arrays import Numbers
from core.inference.node import Node
from core.schema import json_schema
from core.schema.model import Field, Kind, Schema
from core.similarity.comparable import Comparable
from core.similarity.signals import Pairs
from core.similarity.values import Values

_STEP = re.compile(r"\[\]|[^.\[]+|\[")
_NUMBERS = frozenset({Kind.INTEGER, Kind.NUMBER})
_OWN = "\0"
"""The key of a place's own type and description among its children's names."""


@dataclass(frozen=True, slots=True)
class LabelledPairs:
    """Schemas, pairs of their places, and of each pair whether it is the same and its kind.

    Twins (the same fields, another meaning) are a kind that `main` is false for.
    """

    sources: tuple[Comparable, ...]
    ids: tuple[str, ...]
    pairs: Pairs
    same: Numbers
    kinds: tuple[str, ...]

    @property
    def main(self) -> NDArray[np.bool_]:
        return np.array([kind != "twin" for kind in self.kinds], bool)

    def only(self, held: NDArray[np.bool_]) -> LabelledPairs:
        """The same schemas with those pairs alone."""
        kinds = tuple(np.array(self.kinds)[held])
        return replace(self, pairs=self.pairs[held], same=self.same[held], kinds=kinds)

    def keys(self) -> list[str]:
        return [f"{self.ids[a]}|{self.ids[b]}" for a, b in self.pairs]


@dataclass(frozen=True, slots=True)
class LabelledMatches:
    """Two schemas with the pairs of paths that say the same."""

    id: str
    group: str
    left: Comparable
    right: Comparable
    truth: frozenset[tuple[str, str]]


def read_pairs(data: Path) -> LabelledPairs:
    """`schemas.json` (id, name, description, JSON Schema) and `pairs.json` (a, b, label, kind)."""
    schemas = orjson.loads((data / "schemas.json").read_bytes())
    labelled = orjson.loads((data / "pairs.json").read_bytes())
    places = {schema["id"]: place for place, schema in enumerate(schemas)}
    sources = [
        Comparable.of(schema["name"], json_schema.read(schema["schema"]), schema["description"])
        for schema in schemas
    ]
    pairs = [(places[pair["a"]], places[pair["b"]]) for pair in labelled]
    return LabelledPairs(
        tuple(sources), tuple(places), np.array(pairs, np.intp).reshape(-1, 2),
        np.array([pair["label"] for pair in labelled], np.float64),
        tuple(pair["kind"] for pair in labelled),
    )  # fmt: skip


def read_matches(data: Path) -> list[LabelledMatches]:
    """`pairs.json`: id, group, left and right (name, fields with samples), truth."""
    return [
        LabelledMatches(
            pair["id"], pair["group"], _side(pair["left"]), _side(pair["right"]),
            frozenset((left, right) for left, right in pair["truth"]),
        )
        for pair in orjson.loads((data / "pairs.json").read_bytes())
    ]  # fmt: skip


def _side(side: Mapping[str, Any]) -> Comparable:
    values = {field["path"]: Values.of(_node(field)) for field in side["fields"]}
    known = {path: found for path, found in values.items() if found}
    return Comparable.of(side["name"], _schema(side["fields"]), values=known)


def _node(field: Mapping[str, Any]) -> Node | None:
    """The samples, profiled as a scan profiles messages."""
    numeric = bool(_kinds(field["type"]) & _NUMBERS)
    column = [_number(sample) if numeric else str(sample) for sample in field["samples"]]
    return Node.of(column) if column else None


def _number(sample: object) -> object:
    try:
        return orjson.loads(str(sample))
    except orjson.JSONDecodeError:
        return str(sample)


def _kinds(told: str | Sequence[str] | None) -> frozenset[Kind]:
    names: Iterable[str] = [told] if isinstance(told, str) else told or ()
    return frozenset(Kind(name) for name in names)


def _schema(fields: Iterable[Mapping[str, Any]]) -> Schema:
    tree: dict[str, Any] = {}
    for field in fields:
        place = tree
        for step in _STEP.findall(field["path"]):
            place = place.setdefault(step, {})
        place[_OWN] = (_kinds(field["type"]), field["description"] or "")
    return Schema(_field("", tree))


def _field(name: str, place: Mapping[str, Any]) -> Field:
    kinds, doc = place.get(_OWN, (frozenset(), ""))
    children = tuple(_field(step, below) for step, below in place.items() if step != _OWN)
    return Field(name, kinds, children=children, doc=doc)
