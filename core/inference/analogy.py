"""What one place tells about another: records that recur, and fields of the same name.

A field that only ever was null, or was never absent from the few records at one place, may be known
better from a twin: a record elsewhere in the same messages with mostly the same fields. What is
concluded so is tagged `by-analogy`; the evidence stays what was measured at the place itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from core.names import last_part, parts_of
from core.schema.model import ITEMS, VALUES, Field, Kind, Logical

BY_ANALOGY = "by-analogy"

_ALIKE = 0.6
_SHARED = 4
"""Twins share so many fields, and so large a part of all the fields of both."""

_MOSTLY = 0.8
"""Where so many of a record's fields are optional, one never yet absent is taken to be too."""

_MANY = 8
_COMPARED = 500
"""Kinds of records that are compared with each other; more are no schema made by people."""

_CHANGES = frozenset({"from", "to", "old", "new", "before", "after", "previous", "current"})

_TEXTS = (
    "url uri href link homepage email title description name reason message text body comment note "
    "summary language version guid uuid login label phone address path sha hash token at date"
)
_EXPECTED: Mapping[str, Kind] = {
    **dict.fromkeys(_TEXTS.split(), Kind.STRING),
    **dict.fromkeys(("count", "line", "size", "quantity", "position"), Kind.INTEGER),
}

_ENTITIES_TEXT = (
    "user owner author creator assignee actor sender customer organization team group project "
    "repository milestone license parent account company address app location contact profile"
)
_ENTITIES = frozenset(_ENTITIES_TEXT.split())
"""Names that hold a record where the messages embed other records so."""

_INTERVALS = frozenset({"range", "interval", "extent", "bounds", "limits", "bbox", "coordinates"})
"""Lists of measured ends: numbers, even while all that was seen were whole."""

_Names = frozenset[str]


def with_analogies(root: Field) -> Field:
    """The tree with what its parts tell about each other."""
    records = [place for place in _places(root) if _is_record(place)]
    return _Analogies(_twins(records), _Kinds.of(root)).applied(root)


def _places(place: Field) -> Iterator[Field]:
    yield place
    for child in place.children:
        yield from _places(child)


def _is_record(place: Field) -> bool:
    return Kind.OBJECT in place.kinds and len(_names(place)) >= _SHARED


def _names(record: Field) -> _Names:
    return frozenset(child.name for child in record.children if child.name != ITEMS)


def _twins(records: Iterable[Field]) -> dict[_Names, dict[str, list[Field]]]:
    """For each set of names the members, by name, of all records alike."""
    by_names: dict[_Names, list[Field]] = defaultdict(list)
    for record in records:
        by_names[_names(record)].append(record)
    members: dict[_Names, dict[str, list[Field]]] = {}
    if len(by_names) > _COMPARED:
        return members
    for names in by_names:
        alike = [r for other, rs in by_names.items() if _are_alike(names, other) for r in rs]
        if len(alike) > 1:
            members[names] = defaultdict(list)
            for member in (m for record in alike for m in record.children):
                members[names][member.name].append(member)
    return members


def _are_alike(a: _Names, b: _Names) -> bool:
    shared = len(a & b)
    return shared >= _SHARED and shared >= _ALIKE * len(a | b)


@dataclass(frozen=True, slots=True)
class _Kinds:
    """The kinds other than null that fields of one name, or of one last word, have."""

    by_name: Mapping[str, set[Kind]] = field(default_factory=dict)
    by_word: Mapping[str, set[Kind]] = field(default_factory=dict)
    embeds: bool = False

    @staticmethod
    def of(root: Field) -> _Kinds:
        names: dict[str, set[Kind]] = defaultdict(set)
        words: dict[str, set[Kind]] = defaultdict(set)
        for place in _places(root):
            if known := place.kinds - {Kind.NULL}:
                names[place.name] |= known
                words[last_part(place.name) if len(parts_of(place.name)) > 1 else ""] |= known
                items = (c.kinds for c in place.children if c.name == ITEMS)
                names[place.name.removesuffix("s")] |= next(items, frozenset()) - {Kind.NULL}
        embedded = [n for n, kinds in names.items() if n and Kind.OBJECT in kinds]
        return _Kinds(names, words, len(embedded) >= 2)

    def expected(self, name: str) -> frozenset[Kind]:
        """What a field of that name is likely to be: one kind, or nothing."""
        word = last_part(name)
        for known in (self.by_name.get(name), self.by_word.get(word) if word != name else None):
            if known and len(known) == 1:
                return frozenset(known)
        if word in _EXPECTED:
            return frozenset({_EXPECTED[word]})
        return frozenset({Kind.OBJECT} if word in _ENTITIES and self.embeds else ())


@dataclass(frozen=True, slots=True)
class _Analogies:
    twins: Mapping[_Names, Mapping[str, list[Field]]]
    kinds: _Kinds

    def applied(self, place: Field) -> Field:
        twins = self.twins.get(_names(place), {}) if _is_record(place) else {}
        loose = _all_optional(place)
        children = tuple(
            self._member(self.applied(child), twins.get(child.name, []), loose)
            for child in place.children
        )
        return replace(place, children=children)

    def _member(self, member: Field, twins: list[Field], loose: bool) -> Field:
        kinds, optional = member.kinds, member.optional
        if kinds == {Kind.NULL} and member.name not in (ITEMS, VALUES):
            known = frozenset(kind for twin in twins for kind in twin.kinds) - {Kind.NULL}
            kinds |= known if len(known) == 1 else self.kinds.expected(member.name)
        if Kind.ARRAY in kinds and last_part(member.name) in _INTERVALS:
            member = _measured(member)
        if not optional and member.name not in (ITEMS, VALUES):
            optional = loose or any(twin.optional for twin in twins)
        if (kinds, optional) == (member.kinds, member.optional):
            return member
        tags = member.tags | {BY_ANALOGY}
        return replace(member, kinds=kinds, optional=optional, tags=tags)


def _measured(interval: Field) -> Field:
    """The interval with whole ends taken for numbers."""
    children = (
        replace(end, kinds=end.kinds - {Kind.INTEGER} | {Kind.NUMBER}, tags=end.tags | {BY_ANALOGY})
        if Kind.INTEGER in end.kinds
        else end
        for end in interval.children
    )
    return replace(interval, children=tuple(children))


def _all_optional(record: Field) -> bool:
    """Whether none of a record's fields is to be counted on: nearly all others are optional, or it
    lists changes (what was before, what after), settings (a few symbols for all) or links."""
    members = [child for child in record.children if child.name not in (ITEMS, VALUES)]
    if not members or Kind.OBJECT not in record.kinds:
        return False
    absent = sum(member.optional for member in members)
    if len(members) > _SHARED and absent >= _MOSTLY * len(members):
        return True
    return _lists_changes(members) or _lists_settings(members) or _lists_links(members)


def _lists_changes(members: list[Field]) -> bool:
    return all(_names(member) and _names(member) <= _CHANGES for member in members)


def _lists_settings(members: list[Field]) -> bool:
    symbols = {symbol for member in members for symbol in member.enum or ()}
    return len(members) >= _MANY and all(m.enum for m in members) and len(symbols) <= _SHARED


def _lists_links(members: list[Field]) -> bool:
    return len(members) >= 3 and all(member.logical is Logical.URI for member in members)
