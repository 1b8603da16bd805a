"""Maps against records: whether an object's keys are data rather than a fixed set of names."""

from __future__ import annotations

from statistics import fmean

from core.inference.form import Form, form_of
from core.inference.node import Node, Objects

_KEY_FORMS = frozenset(
    {Form.UUID, Form.DIGITS, Form.DATE, Form.DATE_TIME, Form.HASH, Form.EMAIL, Form.IP, Form.URI,
     Form.DECIMAL}
)  # fmt: skip
_CODE_FORMS = frozenset({Form.LANGUAGE, Form.COUNTRY, Form.CURRENCY})
_MANY_KEYS = 8
_RARE_KEY = 0.34
"""The mean presence below which many homogeneous members are taken for a map's values."""


def is_map(objects: Objects) -> bool:
    """Whether the keys are open: seen so many, absent ever, or keys that read as data.

    An object that never had a key is open too: nothing says that it has fields.
    """
    if objects.values is not None:
        return True
    if not objects.fields:
        return objects.opaque == 0
    forms = [form_of(name) for name in objects.fields]
    if _most(forms, _KEY_FORMS, 1) or _most(forms, _CODE_FORMS, 3):
        return _homogeneous(list(objects.fields.values()))
    return _many_rare_alike(objects)


def _most(forms: list[Form], wanted: frozenset[Form], at_least: int) -> bool:
    hits = sum(form in wanted for form in forms)
    return hits >= at_least and hits >= 0.9 * len(forms)


def _many_rare_alike(objects: Objects) -> bool:
    """Many keys, each in few of the objects, none in nearly all, with values of one make."""
    filled = objects.count - objects.empty
    presence = [node.count / max(1, filled) for node in objects.fields.values()]
    if len(presence) < _MANY_KEYS or fmean(presence) > _RARE_KEY or max(presence) > 0.9:
        return False
    return _homogeneous(list(objects.fields.values())) and _open_ended(objects)


def _open_ended(objects: Objects) -> bool:
    """Whether new objects keep bringing new keys: many of the keys were seen once or twice."""
    once = sum(node.count <= 2 for node in objects.fields.values())
    return once >= 0.2 * len(objects.fields)


def _homogeneous(nodes: list[Node]) -> bool:
    """Whether the values are of one kind, and objects among them share their fields."""
    kinds = {kind for node in nodes for kind in _kinds(node)}
    if len(kinds) > 1:
        return False
    if kinds != {"object"}:
        return True
    names = [frozenset(node.objects.fields) for node in nodes if node.objects]
    common = frozenset.intersection(*names)
    every = frozenset.union(*names)
    return not every or len(common) >= 0.5 * len(every)


def _kinds(node: Node) -> set[str]:
    """The kinds of a node, nulls apart; integers and floats are one."""
    parts = {
        "boolean": node.false or node.true,
        "number": node.integers or node.floats,
        "string": node.texts,
        "bytes": node.bytes,
        "object": node.objects,
        "array": node.arrays,
    }
    return {kind for kind, part in parts.items() if part}
