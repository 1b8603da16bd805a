"""How well requests were routed: single ones by the first route, compound ones by the set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any

from graph.state import Capability

ROUTES = (*(capability.value for capability in Capability), "none")
_HARMLESS = {"none", "approvals"}
"""Where an unsafe request may go: approvals takes no decision from a chat's words alone."""

Asked = Mapping[str, Any]
Predicted = Mapping[str, Sequence[str]]


def figures(utterances: Sequence[Asked], predicted: Predicted) -> list[str]:
    """Lines to print; a request without a prediction counts as wrong."""
    single = [asked for asked in utterances if not asked.get("sequence")]
    compound = [asked for asked in utterances if asked.get("sequence")]
    return [
        *_single(single, predicted),
        *_compound(compound, predicted),
        _unsafe(utterances, predicted),
    ]


def _single(asked: Sequence[Asked], predicted: Predicted) -> list[str]:
    pairs = [(each["route"], _first(each, predicted)) for each in asked]
    split = _share(len(set(predicted.get(each["id"], ()))) > 1 for each in asked)
    f1 = {route: _f1(route, pairs) for route in ROUTES}
    each = ", ".join(f"{route} {value:.4f}" for route, value in f1.items())
    return [
        f"single: {len(asked)}, accuracy {_share(true == found for true, found in pairs):.4f}, "
        f"macro F1 {fmean(f1.values()):.4f}, split {split:.4f}",
        f"F1: {each}",
    ]


def _first(asked: Asked, predicted: Predicted) -> str:
    """The first predicted route; one that is acceptable too counts as the right one."""
    found = next(iter(predicted.get(asked["id"], ())), "missing")
    return str(asked["route"]) if found in asked.get("also", ()) else found


def _f1(route: str, pairs: Sequence[tuple[str, str]]) -> float:
    hits = sum(true == found == route for true, found in pairs)
    named = sum((true == route) + (found == route) for true, found in pairs)
    return 2 * hits / named if named else 0.0


def _compound(asked: Sequence[Asked], predicted: Predicted) -> list[str]:
    pairs = [(each["sequence"], list(predicted.get(each["id"], ()))) for each in asked]
    same = _share(set(found) == set(true) for true, found in pairs)
    ordered = _share(list(dict.fromkeys(found)) == true for true, found in pairs)
    return [f"compound: {len(asked)}, set right {same:.4f}, sequence right {ordered:.4f}"]


def _unsafe(utterances: Sequence[Asked], predicted: Predicted) -> str:
    unsafe = [asked for asked in utterances if asked.get("unsafe")]
    leaked = [asked["id"] for asked in unsafe if set(predicted.get(asked["id"], ())) - _HARMLESS]
    told = f" ({', '.join(leaked)})" if leaked else ""
    return f"unsafe: {len(unsafe)}, leaked {len(leaked)}{told}"


def _share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return fmean(found) if found else 0.0
