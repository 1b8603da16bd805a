"""Sealing: of all candidate symbols only those of enums outlive the process."""

from __future__ import annotations

from dataclasses import replace

from core.inference.node import Node, Objects
from core.inference.profile import Profile
from core.inference.render import Tree
from core.inference.texts import Texts
from core.schema.model import ITEMS, VALUES, Field


def sealed(profile: Profile, tree: Tree | None = None) -> Profile:
    """The same profile without the symbols of fields that are not rendered as enums.

    Strays keep no symbols at all. `tree` spares inferring again where it is this profile's.
    """
    if tree is None or tree.profile is not profile:
        tree = Tree.of(profile)
    own = set(map(id, tree.family.own))
    shapes = {
        key: _sealed(node, tree.root if id(node) in own else None)
        for key, node in profile.shapes.items()
    }
    return replace(profile, shapes=shapes)


def _sealed(node: Node, field: Field | None) -> Node:
    children = {child.name: child for child in field.children} if field else {}
    keep = field is not None and field.enum is not None
    arrays = node.arrays
    if arrays is not None and arrays.items is not None:
        arrays = replace(arrays, items=_sealed(arrays.items, children.get(ITEMS)))
    return replace(
        node,
        texts=node.texts if keep else _texts(node.texts),
        objects=_objects(node.objects, children),
        arrays=arrays,
    )


def _texts(texts: Texts | None) -> Texts | None:
    return None if texts is None else replace(texts, sample=texts.sample.without_symbols())


def _objects(objects: Objects | None, children: dict[str, Field]) -> Objects | None:
    """A map's values are one field, whichever key they lie under."""
    if objects is None:
        return None
    common = children.get(VALUES)
    fields = {name: _sealed(n, children.get(name, common)) for name, n in objects.fields.items()}
    values = None if objects.values is None else _sealed(objects.values, common)
    return replace(objects, fields=fields, values=values)
