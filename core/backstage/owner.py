"""Owners as Backstage names them; what has none belongs to the group `unowned`."""

from __future__ import annotations

from core.backstage.entity import UNOWNED, Entity, EntityKind, reference
from core.backstage.names import DEFAULT_NAMESPACE, object_name, team_reference


def owner_of(ref: str | None) -> str:
    """An owner as an entity reference that Backstage takes; a text that is none means a group."""
    if ref is None or not ref.strip():
        return UNOWNED
    return reference(*_parts(ref))


def group_of(ref: str | None) -> Entity | None:
    """The group of an owner, None for a person: those come from where Backstage has its people."""
    if owner_of(ref) == UNOWNED:
        return _UNOWNED_GROUP
    kind, namespace, name = _parts(str(ref))
    if kind != "group":
        return None
    return Entity(
        kind=EntityKind.GROUP,
        name=name,
        namespace=namespace,
        annotations={"owner": str(ref)},
        spec={"type": "team", "children": []},
    )


def _parts(ref: str) -> tuple[str, str, str]:
    plain = ("group", DEFAULT_NAMESPACE, object_name(ref.strip().lower()))
    return team_reference(ref) or plain


_UNOWNED_GROUP = Entity(
    kind=EntityKind.GROUP,
    name=UNOWNED.rpartition("/")[2],
    title="No known owner",
    description="What Headwater knows no owner of. Naming rules, a header of the messages or a "
    "product that has the topic tell one.",
    spec={"type": "placeholder", "children": []},
)
