"""One schema out of several, with where each field comes from and how each source gets there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, replace

from core.names import words
from core.schema.model import Field, Kind, Schema, child_path
from core.unify.joining import Joined, NotJoinableError, joined
from core.unify.mapping import FieldMapping, Mapping

SURE = 0.5
"""How sure a match must be for two fields to become one."""

Matches = Sequence[tuple[str, str, float]]
"""Path in the first source, path in the other, and how sure that they are the same."""


@dataclass(frozen=True, slots=True)
class Side:
    """A source; the first one given is the one whose names and forms are kept.

    The symbols of a schema that is `promised`, as registered ones are, are all that there will
    ever be; those of an inferred one are all that were seen.
    """

    name: str
    schema: Schema
    promised: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a unified field comes from: path by source; `how` says what differed."""

    path: str
    sources: AnyMapping[str, str]
    how: str = ""


@dataclass(frozen=True, slots=True)
class Unified:
    schema: Schema
    origins: tuple[Origin, ...]
    mappings: tuple[Mapping, ...]


def unified(
    name: str, sides: Sequence[Side], matches: AnyMapping[str, Matches], doc: str = ""
) -> Unified:
    """`matches` are by the name of each source but the first, against the first.

    Fields that no other source has are optional. Fields of the others that have no match are
    added, under their own names. A field keeps its place: records of the first source stay.
    """
    groups = list(_grouped(sides, matches))
    promised = {side.name for side in sides if side.promised}
    taken: set[str] = set()
    origins, fields = [], []
    steps: dict[str, list[FieldMapping]] = {side.name: [] for side in sides}
    for group in groups:
        made = _joined(group)
        path = _free(_path_of(next(iter(group.values()))[0]), taken, next(iter(group)))
        taken.add(path)
        whole = len(group) == len(sides)
        optional = not whole or any(place.optional or place.nullable for _, place in group.values())
        symbols = made.field.enum if group.keys() <= promised else None
        field = replace(made.field, optional=optional, evidence=None, enum=symbols)
        fields.append((path, field))
        origins.append(Origin(path, {source: at for source, (at, _) in group.items()}, made.how))
        for source, (at, _) in group.items():
            steps[source].append(FieldMapping(to=path, path=at, steps=made.steps[source]))
    schema = Schema(_record("", fields), name=name, doc=doc)
    return Unified(
        schema,
        tuple(origins),
        tuple(
            Mapping(source=side.name, fields=tuple(steps[side.name]), dropped=_dropped(side, steps))
            for side in sides
        ),
    )


def leaves(schema: Schema) -> dict[str, Field]:
    """What a mapping carries, by path: single values, and arrays, maps and open records whole."""
    return dict(_leaves("", schema.root))


_Group = dict[str, tuple[str, Field]]


def _grouped(sides: Sequence[Side], matches: AnyMapping[str, Matches]) -> Iterator[_Group]:
    """Fields that become one, by source; first those of the first source in their order."""
    first, *others = sides
    held = {side.name: leaves(side.schema) for side in sides}
    used: dict[str, set[str]] = {side.name: set() for side in others}
    partner = {
        side.name: {
            left: right
            for left, right, sureness in matches.get(side.name, ())
            if sureness >= SURE and left in held[first.name] and right in held[side.name]
        }
        for side in others
    }
    for path, place in held[first.name].items():
        group: _Group = {first.name: (path, place)}
        for side in others:
            at = partner[side.name].get(path)
            if at is not None and _joinable([*group.values(), (at, held[side.name][at])]):
                group[side.name] = (at, held[side.name][at])
                used[side.name].add(at)
        yield group
    yield from _left_over(others, held, used)


def _left_over(
    others: Sequence[Side], held: AnyMapping[str, AnyMapping[str, Field]], used: dict[str, set[str]]
) -> Iterator[_Group]:
    """Fields that the first source lacks; those of one name in several others are one."""
    by_name: dict[str, _Group] = {}
    for side in others:
        for path, place in held[side.name].items():
            if path in used[side.name]:
                continue
            group = by_name.setdefault(_path_of(path), {})
            if _joinable([*group.values(), (path, place)]):
                group[side.name] = (path, place)
            else:
                by_name[f"{_path_of(path)}|{side.name}"] = {side.name: (path, place)}
    yield from by_name.values()


def _joinable(places: Sequence[tuple[str, Field]]) -> bool:
    try:
        joined({str(place): field for place, (_, field) in enumerate(places)})
    except NotJoinableError:
        return False
    return True


def _joined(group: _Group) -> Joined:
    return joined({source: place for source, (_, place) in group.items()})


def _path_of(path: str) -> str:
    """`contact.eMail` -> `contact.e_mail`: one spelling for all names."""
    return ".".join("_".join(words(part)) or part for part in path.split("."))


def _free(path: str, taken: set[str], source: str) -> str:
    """A path that clashes with no other, neither as a field nor as a record around one."""
    own = "_".join(words(source))
    tried = [path, path.replace(".", "_"), f"{path.replace('.', '_')}_{own}"]
    for number in range(2, 1_000):
        tried.append(f"{tried[2]}_{number}")
        found = next((one for one in tried if not _clashes(one, taken)), None)
        if found is not None:
            return found
    raise NotJoinableError(f"no name is free for {path}")


def _clashes(path: str, taken: set[str]) -> bool:
    return path in taken or any(
        one.startswith(f"{path}.") or path.startswith(f"{one}.") for one in taken
    )


def _record(name: str, fields: Sequence[tuple[str, Field]]) -> Field:
    """A record of the fields by their paths; a record within is optional where all of it is."""
    inside: dict[str, list[tuple[str, Field]]] = {}
    children: list[Field] = []
    order: list[str] = []
    for path, field in fields:
        head, _, rest = path.partition(".")
        if head not in order:
            order.append(head)
        inside.setdefault(head, []).append((rest, field))
    for head in order:
        below = inside[head]
        if below[0][0] == "":
            children.append(replace(below[0][1], name=head))
        else:
            children.append(_record(head, below))
    optional = bool(name) and all(child.optional for child in children)
    return Field(name, frozenset({Kind.OBJECT}), optional=optional, children=tuple(children))


def _leaves(path: str, parent: Field) -> Iterator[tuple[str, Field]]:
    for child in parent.children:
        here = child_path(path, child.name)
        if child.kinds - {Kind.NULL} == {Kind.OBJECT} and child.children:
            optional = child.optional or child.nullable
            for at, leaf in _leaves(here, child):
                yield at, replace(leaf, optional=leaf.optional or optional)
        else:
            yield here, child


def _dropped(side: Side, steps: AnyMapping[str, Sequence[FieldMapping]]) -> tuple[str, ...]:
    carried = {one.path for one in steps[side.name]}
    return tuple(path for path in leaves(side.schema) if path not in carried)
