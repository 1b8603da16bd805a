"""A topic's profile: what its messages are, how they fail, and what their values and keys hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.decoding.decoded import DecodedBatch, FailureReason, Format, Group, SchemaRef
from core.inference.codec import (
    ProfileUnreadableError,
    packed,
    profile_of_rows,
    profile_rows,
    unpacked,
)
from core.inference.coerce import field_name
from core.inference.event_kind import EventKind, schema_kinds
from core.inference.profile import Profile
from core.inference.render import Tree
from core.inference.seal import sealed

MAX_GROUPS = 64
"""So many pairs of format and schema are kept apart; further ones go without their schema."""

MAX_HEADERS = 256


@dataclass(frozen=True, slots=True)
class GroupKey:
    """A format and, where the bytes or headers name one, a registered schema."""

    format: Format
    schema: SchemaRef | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The values of one group."""

    count: int
    size: int
    profile: Profile

    def __add__(self, other: Part) -> Part:
        return Part(self.count + other.count, self.size + other.size, self.profile + other.profile)


@dataclass(frozen=True, slots=True)
class TopicProfile:
    """A monoid as its parts are: `of(a) + of(b)` equals the profile of both batches together.

    `size` is the bytes of the messages. `headers` is None once there are more than 256 different
    names; `merged` says that the schemas were too many to be kept apart within a format.
    """

    messages: int = 0
    size: int = 0
    tombstones: int = 0
    unkeyed: int = 0
    failures: Mapping[FailureReason, int] = field(default_factory=dict)
    headers: Mapping[str, int] | None = field(default_factory=dict)
    values: Mapping[GroupKey, Part] = field(default_factory=dict)
    keys: Mapping[GroupKey, Part] = field(default_factory=dict)
    merged: bool = False

    @staticmethod
    def of(batch: DecodedBatch) -> TopicProfile:
        """Profile a decoded sample; raises for nothing that can be in one."""
        return TopicProfile().grown(batch)

    def grown(self, batch: DecodedBatch) -> TopicProfile:
        """The same as `self + TopicProfile.of(batch)`, and quicker the more is known already."""
        reasons = Counter(failure.reason for failure in batch.failures)
        headers = {field_name(name): count for name, count in batch.header_names.items()}
        return TopicProfile(
            self.messages + batch.messages,
            self.size + batch.bytes,
            self.tombstones + batch.tombstones,
            self.unkeyed + batch.unkeyed,
            _counts(self.failures, reasons),
            None if self.headers is None else _counts(self.headers, headers),
            _grown(self.values, batch.values, self.merged),
            _grown(self.keys, batch.keys, self.merged),
            self.merged,
        )._bounded()

    def __add__(self, other: TopicProfile) -> TopicProfile:
        headers = None
        if self.headers is not None and other.headers is not None:
            headers = _counts(self.headers, other.headers)
        both = TopicProfile(
            self.messages + other.messages,
            self.size + other.size,
            self.tombstones + other.tombstones,
            self.unkeyed + other.unkeyed,
            _counts(self.failures, other.failures),
            headers,
            _together((*self.values.items(), *other.values.items())),
            _together((*self.keys.items(), *other.keys.items())),
            self.merged or other.merged,
        )
        return both._bounded()

    @property
    def decoded(self) -> int:
        return sum(part.count for part in self.values.values())

    @property
    def formats(self) -> dict[Format, int]:
        """How many values came in each format, the commonest first."""
        tally: Counter[Format] = Counter()
        for key, part in self.values.items():
            tally[key.format] += part.count
        return dict(sorted(tally.items(), key=lambda item: (-item[1], item[0])))

    @property
    def dominant_format(self) -> Format | None:
        """The format of most values; None where nothing was decoded."""
        return next(iter(self.formats), None)

    @property
    def value_profile(self) -> Profile:
        """All values of the dominant format together, whatever their schemas."""
        wanted = self.dominant_format
        return _all_of([p.profile for k, p in self.values.items() if k.format is wanted])

    @property
    def schema_kinds(self) -> tuple[EventKind, ...]:
        """Kinds of events told apart by the registered schemas that the values name, if any are."""
        named = {f"{k.schema.id or k.schema.guid}": p for k, p in self.values.items() if k.schema}
        return schema_kinds({name: list(p.profile.shapes.values()) for name, p in named.items()})

    @property
    def key_profile(self) -> Profile:
        return _all_of([part.profile for part in self.keys.values()])

    def to_bytes(self, tree: Tree | None = None) -> bytes:
        """A compact, versioned form; every profile in it is sealed.

        `tree` is what was inferred of `value_profile`, if it was: the same is not inferred twice.
        """
        return packed(
            [
                self.messages, self.size, self.tombstones, self.unkeyed,
                {reason.value: count for reason, count in self.failures.items()},
                None if self.headers is None else dict(self.headers),
                _rows(self.values, tree), _rows(self.keys), self.merged,
            ]
        )  # fmt: skip

    @staticmethod
    def from_bytes(data: bytes) -> TopicProfile:
        """Raises `ProfileUnreadableError` where `data` is no topic profile of a known version."""
        try:
            messages, size, tombstones, unkeyed, failures, headers, values, keys, merged = unpacked(
                data
            )
            reasons = {FailureReason(reason): count for reason, count in failures.items()}
            return TopicProfile(
                messages, size, tombstones, unkeyed, reasons, headers,
                _read(values), _read(keys), merged,
            )  # fmt: skip
        except (TypeError, ValueError, AttributeError) as error:
            raise ProfileUnreadableError(ProfileUnreadableError.__doc__) from error

    def _bounded(self) -> TopicProfile:
        merged = self.merged or max(len(self.values), len(self.keys)) > MAX_GROUPS
        crowded = self.headers is not None and len(self.headers) > MAX_HEADERS
        if not merged and not crowded:
            return self
        values, keys = self.values, self.keys
        if merged:
            values = _together((GroupKey(k.format), p) for k, p in values.items())
            keys = _together((GroupKey(k.format), p) for k, p in keys.items())
        return TopicProfile(
            self.messages, self.size, self.tombstones, self.unkeyed, self.failures,
            None if crowded else self.headers, values, keys, merged,
        )  # fmt: skip


def _all_of(profiles: list[Profile]) -> Profile:
    return profiles[0] if len(profiles) == 1 else sum(profiles, Profile())


def _grown(
    parts: Mapping[GroupKey, Part], groups: Iterable[Group], merged: bool
) -> dict[GroupKey, Part]:
    grown = dict(parts)
    for group in groups:
        key = GroupKey(group.format, None if merged else group.schema)
        known = grown.get(key, Part(0, 0, Profile()))
        grown[key] = Part(
            known.count + len(group.values),
            known.size + group.bytes,
            known.profile.grown(group.values),
        )
    return grown


def _together(items: Iterable[tuple[GroupKey, Part]]) -> dict[GroupKey, Part]:
    parts: dict[GroupKey, Part] = {}
    for key, part in items:
        parts[key] = parts[key] + part if key in parts else part
    return parts


def _counts(a: Mapping[Any, int], b: Mapping[Any, int]) -> dict[Any, int]:
    return {key: a.get(key, 0) + b.get(key, 0) for key in {**a, **b}}


def _rows(parts: Mapping[GroupKey, Part], tree: Tree | None = None) -> list[Any]:
    return [
        [
            key.format.value,
            None if key.schema is None else [key.schema.id, key.schema.guid],
            part.count,
            part.size,
            profile_rows(sealed(part.profile, tree)),
        ]
        for key, part in parts.items()
    ]


def _read(rows: Iterable[Any]) -> dict[GroupKey, Part]:
    return {
        GroupKey(Format(form), None if ref is None else SchemaRef(*ref)): Part(
            count, size, profile_of_rows(profile)
        )
        for form, ref, count, size, profile in rows
    }
