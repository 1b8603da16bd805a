"""What two contracts say of a field beside its type: uniqueness, class, texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.contract.properties import FIELD
from core.schema.model import ITEMS, child_path
from core.versioning import Bump, Difference, difference

_PROMISES = ("primaryKey", "unique", "partitioned")
_JUDGED_ELSEWHERE = frozenset(
    {
        "name",
        "logicalType",
        "logicalTypeOptions",
        "physicalType",
        "required",
        "quality",
        "properties",
        "items",
        "primaryKeyPosition",
        "partitionKeyPosition",
        *_PROMISES,
    }
)


def annotation_diff(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    """Of the fields that both schema objects have."""
    before, after = dict(_flat(was, "")), dict(_flat(now, ""))
    for path in before.keys() & after.keys():
        yield from _promises(path, before[path], after[path])
        yield from _words(path, before[path], after[path])


def _flat(holder: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for each in holder.get("properties", ()):
        here = child_path(path, str(each["name"]))
        yield here, each
        yield from _flat(each, here)
    if "items" in holder:
        here = child_path(path, ITEMS)
        yield here, holder["items"]
        yield from _flat(holder["items"], here)


def _promises(path: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    for name in _PROMISES:
        old, new = bool(was.get(name)), bool(now.get(name))
        if old and not new:
            yield difference(f"{path}: no longer {name}", Bump.MAJOR)
        elif new and not old:
            yield difference(f"{path}: now {name}", Bump.MINOR)


def _words(path: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    old, new = (_annotations(each) for each in (was, now))
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) == new.get(name):
            continue
        if name == "classification":
            told = f"{old.get(name, 'none')} became {new.get(name, 'none')}"
            yield difference(f"{path}: classification {told}", Bump.MINOR)
        else:
            yield difference(f"{path}: {name} changed", Bump.PATCH)


def _annotations(written: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in written.items() if name not in _JUDGED_ELSEWHERE}
    custom = [each for each in told.pop("customProperties", ()) if each["property"] != FIELD]
    return told | ({"customProperties": custom} if custom else {})
