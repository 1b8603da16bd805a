"""What a topic's profile knows of the values of each of its fields, by the paths of its schema."""

from __future__ import annotations

from collections.abc import Iterator

from core.inference.node import Node, total
from core.inference.noise import family_of
from core.inference.profile import Profile
from core.schema.model import ITEMS, child_path
from core.similarity.values import Values


def values_by_path(profile: Profile) -> dict[str, Values]:
    """Of the topic's own messages, strays left out. An array of values has those of its items."""
    own = total(family_of(profile).own)
    return dict(_values("", own)) if own else {}


def _values(path: str, node: Node) -> Iterator[tuple[str, Values]]:
    items = node.arrays.items if node.arrays else None
    found = Values.of(node) or Values.of(items)
    if path and found:
        yield path, found
    if items:
        yield from _values(child_path(path, ITEMS), items)
    for name, child in node.objects.fields.items() if node.objects else ():
        yield from _values(child_path(path, name), child)
