"""What changed between two schemas, field by field, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from core.schema.model import Field, Kind, Schema

_ALIKE = 0.6
"""How alike the names of a removed and an added field must be to be called a renaming."""


_COMPARED = 40_000
"""Pairs of names that are compared; where more came and went, nothing was merely renamed."""


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    KIND = "kind"
    OPTIONAL = "became_optional"
    REQUIRED = "became_required"
    ENUM = "enum"
    LOGICAL = "logical"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the field at `path` (the new path of one renamed).

    `maybe` marks a guess: a renaming is told from a removal beside an addition only by its looks.
    """

    path: str
    kind: ChangeKind
    before: str = ""
    after: str = ""
    maybe: bool = False

    @property
    def line(self) -> str:
        """The change in one readable line."""
        return _LINES[self.kind].format(self)

    def __str__(self) -> str:
        return self.line


_LINES: Mapping[ChangeKind, str] = {
    ChangeKind.ADDED: "{0.path}: added ({0.after})",
    ChangeKind.REMOVED: "{0.path}: removed (was {0.before})",
    ChangeKind.RENAMED: "{0.before}: maybe renamed to {0.after}",
    ChangeKind.KIND: "{0.path}: {0.before} became {0.after}",
    ChangeKind.OPTIONAL: "{0.path}: became optional",
    ChangeKind.REQUIRED: "{0.path}: became required",
    ChangeKind.ENUM: "{0.path}: symbols changed: {0.after}",
    ChangeKind.LOGICAL: "{0.path}: meaning changed from {0.before} to {0.after}",
}


def diff(old: Schema, new: Schema) -> tuple[Change, ...]:
    """The changes from `old` to `new`, by path; below an added or removed field nothing is said."""
    before, after = dict(old.walk()), dict(new.walk())
    before[""], after[""] = old.root, new.root
    gone = [path for path in before if path not in after]
    come = [path for path in after if path not in before]
    renamed = dict(_renamings(gone, come, before, after))
    changes = [
        Change(path, ChangeKind.RENAMED, was, path, maybe=True) for was, path in renamed.items()
    ]
    gone, come = _tops(gone, renamed.keys()), _tops(come, set(renamed.values()))
    changes += [Change(p, ChangeKind.REMOVED, before=described(before[p])) for p in gone]
    changes += [Change(p, ChangeKind.ADDED, after=described(after[p])) for p in come]
    for path in before.keys() & after.keys():
        changes += _changed(path, before[path], after[path])
    return tuple(sorted(changes, key=lambda change: (change.path, change.kind)))


def described(field: Field) -> str:
    """A field's kinds and meaning in a few words: `optional string, date-time`."""
    kinds = " or ".join(sorted(field.kinds - {Kind.NULL})) or "unknown"
    null = " or null" if field.nullable and field.kinds != {Kind.NULL} else ""
    logical = f", {field.logical}" if field.logical else ""
    enum = f", one of {len(field.enum)} symbols" if field.enum else ""
    return f"{'optional ' if field.optional else ''}{kinds}{null}{logical}{enum}"


def _tops(paths: list[str], renamed: Collection[str]) -> list[str]:
    """The paths of which no parent is listed too, without those of renamed fields."""
    listed = set(paths) | set(renamed)
    return [
        path
        for path in paths
        if path not in renamed and not any(parent in listed for parent in _parents(path))
    ]


def _parents(path: str) -> Iterator[str]:
    while path := _parent(path):
        yield path


def _parent(path: str) -> str:
    if path.endswith("[]"):
        return path[:-2]
    return path.rpartition(".")[0]


def _renamings(
    gone: list[str], come: list[str], before: Mapping[str, Field], after: Mapping[str, Field]
) -> Iterator[tuple[str, str]]:
    """Pairs of a removed and an added sibling of equal kinds and like names, the likest first."""
    if len(gone) * len(come) > _COMPARED:
        return
    pairs = [
        (likeness, was, now)
        for was in gone
        for now in come
        if _parent(was) == _parent(now) and before[was].kinds == after[now].kinds
        if (likeness := _likeness(before[was], after[now])) >= _ALIKE
    ]
    taken: set[str] = set()
    for _, was, now in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])):
        if was not in taken and now not in taken:
            taken |= {was, now}
            yield was, now


def _likeness(a: Field, b: Field) -> float:
    """Likeness of the names; of records also the share of common members."""
    names = SequenceMatcher(None, _plain(a.name), _plain(b.name)).ratio()
    mine, theirs = ({c.name for c in field.children} for field in (a, b))
    if not mine or not theirs:
        return names if a.logical == b.logical else names - 0.2
    return max(names, len(mine & theirs) / len(mine | theirs))


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _changed(path: str, old: Field, new: Field) -> Iterator[Change]:
    if old.kinds != new.kinds:
        yield Change(path, ChangeKind.KIND, _kinds(old), _kinds(new))
    if old.optional != new.optional:
        yield Change(path, ChangeKind.OPTIONAL if new.optional else ChangeKind.REQUIRED)
    if old.enum != new.enum and set(old.enum or ()) != set(new.enum or ()):
        yield Change(path, ChangeKind.ENUM, _symbols(old), _symbol_changes(old, new))
    if old.logical != new.logical:
        yield Change(path, ChangeKind.LOGICAL, old.logical or "none", new.logical or "none")


def _kinds(field: Field) -> str:
    return " or ".join(sorted(field.kinds)) or "unknown"


def _symbols(field: Field) -> str:
    return ", ".join(map(str, field.enum or ()))


def _symbol_changes(old: Field, new: Field) -> str:
    if old.enum is None:
        return f"now only {_symbols(new)}"
    if new.enum is None:
        return "no longer limited to a few symbols"
    more = [str(symbol) for symbol in new.enum if symbol not in old.enum]
    less = [str(symbol) for symbol in old.enum if symbol not in new.enum]
    said = [f"added {', '.join(more)}"] * bool(more) + [f"removed {', '.join(less)}"] * bool(less)
    return "; ".join(said)
