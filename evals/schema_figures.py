"""How well an inferred schema agrees with the published one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from core.schema.model import Field, Kind, Schema

_JSON = {Kind.MAP: "object", Kind.BYTES: "string"}


@dataclass(slots=True)
class Judgement:
    """One topic. Rates are None where nothing was to be judged."""

    precision: float | None
    recall: float | None
    types: float | None
    required: float | None
    enums: tuple[int, int, int]
    """Right, invented and missed."""
    maps: tuple[int, int]
    """Found, of how many."""


@dataclass(slots=True)
class Figures:
    """Rates are means over topics; enums and maps are counted over all of them together."""

    topics: list[Judgement] = field(default_factory=list)

    def add(self, judgement: Judgement) -> None:
        self.topics.append(judgement)

    def as_dict(self) -> dict[str, float | None]:
        right, invented, missed = (sum(t.enums[i] for t in self.topics) for i in range(3))
        found, maps = (sum(t.maps[i] for t in self.topics) for i in range(2))
        return {
            "field precision": _mean(t.precision for t in self.topics),
            "field recall": _mean(t.recall for t in self.topics),
            "types strict": _mean(t.types for t in self.topics),
            "required": _mean(t.required for t in self.topics),
            "enum F1": _share(2 * right, 2 * right + invented + missed),
            "enum precision": _share(right, right + invented),
            "enum recall": _share(right, right + missed),
            "maps": _share(found, maps),
        }

    def __str__(self) -> str:
        return "\n".join(
            f"  {name:16} {'-' if value is None else f'{value:.4f}'}"
            for name, value in self.as_dict().items()
        )


def judged(truth: Mapping[str, Mapping[str, Any]], schema: Schema) -> Judgement:
    """Judge a schema by the truth of each path.

    Undocumented fields and those below maps or open objects are neither right nor wrong; fields
    that no message had are not missed; types leave null out, and a number takes in integers.
    """
    fields = dict(schema.walk())
    maps = [path for path, true in truth.items() if true.get("map")]
    loose = [path for path, true in truth.items() if true.get("open") or true.get("any")]
    wanted = [
        path for path, true in truth.items()
        if true["n_seen"] > 0 and not true.get("undocumented") and not _below(path, maps)
    ]  # fmt: skip
    found = [path for path in wanted if path in fields]
    claimed = [
        path for path in fields
        if not path.endswith("*") and not _below(path, maps + loose)
        and not truth.get(path, {}).get("undocumented")
    ]  # fmt: skip
    seen_maps = [path for path in maps if truth[path]["n_seen"] > 0]
    return Judgement(
        precision=_share(sum(path in truth for path in claimed), len(claimed)),
        recall=_share(len(found), len(wanted)),
        types=_mean(_right_types(truth[path], fields[path]) for path in found),
        required=_mean(_right_required(path, truth[path], fields[path]) for path in found),
        enums=_enums([(truth[path], fields[path]) for path in found]),
        maps=(sum(Kind.MAP in fields[p].kinds for p in seen_maps if p in fields), len(seen_maps)),
    )


def _below(path: str, roots: Iterable[str]) -> bool:
    return any(path.startswith((f"{root}.", f"{root}[]")) for root in roots)


def _right_types(true: Mapping[str, Any], found: Field) -> float | None:
    wanted = _comparable(true["types"])
    if true.get("conflict") or true.get("any") or not wanted:
        return None
    return float(_comparable(_JSON.get(kind, kind.value) for kind in found.kinds) == wanted)


def _comparable(types: Iterable[str]) -> set[str]:
    names = set(types) - {"null"}
    return names - {"integer"} if "number" in names else names


def _right_required(path: str, true: Mapping[str, Any], found: Field) -> float | None:
    if path.endswith("[]") or true.get("conflict") or true.get("req_conflict"):
        return None
    return float(found.optional != true["required"])


def _enums(pairs: list[tuple[Mapping[str, Any], Field]]) -> tuple[int, int, int]:
    verdicts = [(bool(true.get("enum")), bool(found.enum), true) for true, found in pairs]
    return (
        sum(true and found for true, found, _ in verdicts),
        sum(found and not true and not at.get("enum_ambiguous") for true, found, at in verdicts),
        sum(true and not found for true, found, _ in verdicts),
    )


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
