"""Which fields of a topic its contract calls sensitive: by classification, or by tags."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from core.contract.document import OdcsDocument
from core.schema.model import ITEMS, child_path

HARMLESS = frozenset({"", "public", "internal", "open", "unclassified", "none"})
"""Classifications that hide nothing; the standard leaves the words to those who write it, so that
one that is not known here hides."""


def classified_paths(contract: OdcsDocument, topic: str, tags: Collection[str]) -> frozenset[str]:
    """By path; `tags` are those that say it, in lower case."""
    found = contract.topic_object(topic)
    return frozenset() if found is None else frozenset(_below(found, "", tags))


def _below(holder: Mapping[str, Any], path: str, tags: Collection[str]) -> Iterator[str]:
    for each in holder.get("properties", ()):
        here = child_path(path, str(each["name"]))
        if _says_so(each, tags):
            yield here
        yield from _below(each, here, tags)
    if "items" in holder:
        here = child_path(path, ITEMS)
        if _says_so(holder["items"], tags):
            yield here
        yield from _below(holder["items"], here, tags)


def _says_so(told: Mapping[str, Any], tags: Collection[str]) -> bool:
    said = str(told.get("classification") or "").strip().lower()
    return said not in HARMLESS or any(str(tag).lower() in tags for tag in told.get("tags") or ())
