"""Access to a product for a while: what a team asks for, and which ACLs of Kafka that takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from core.access import Operation
from core.listing import joined

LONGEST = timedelta(days=366)
"""How long access may be asked for at once; afterwards it is asked for again."""

SHORTEST_PREFIX = 3
"""Characters of a prefix of consumer groups: a shorter one is nearly everybody's."""

GROUP = r"^[^*\x00-\x1f]{1,249}$"
"""A consumer group's name; `*` would be all groups to Kafka."""

Granted = Literal[Operation.READ, Operation.WRITE]


class Resource(StrEnum):
    """What an ACL is about, as Kafka calls it."""

    TOPIC = "topic"
    GROUP = "group"


class Permission(BaseModel):
    """One ACL: lets `principal` do `operation` on a topic or a consumer group, from any host.

    `prefixed` is for all groups whose names begin so.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    resource: Resource
    name: str
    prefixed: bool = False
    principal: str
    operation: Operation

    @property
    def what(self) -> str:
        """`read the topic orders`, without saying who."""
        if self.prefixed:
            return f"{self.operation} the consumer groups that begin with {self.name}"
        kind = "topic" if self.resource is Resource.TOPIC else "consumer group"
        return f"{self.operation} the {kind} {self.name}"


class GrantPlan(BaseModel):
    """What `team`, which is `principal` to Kafka, gets on `topics` until `until`, and what for.

    Who reads does so in the consumer group `group`, or in any whose name begins with it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    team: str = Field(pattern=r"^group:[a-z0-9_-]+/[A-Za-z0-9._-]{1,63}$")
    principal: str = Field(pattern=r"^User:[^*\x00-\x1f]{1,300}$")
    topics: tuple[str, ...] = Field(min_length=1, max_length=100)
    operations: tuple[Granted, ...] = Field(min_length=1, max_length=2)
    group: str | None = Field(default=None, pattern=GROUP)
    group_prefix: bool = False
    purpose: str = Field(min_length=1, max_length=1_000)
    until: datetime

    @field_validator("until")
    @classmethod
    def _utc(cls, value: datetime) -> datetime:
        if value.tzinfo is None:
            raise ValueError("give a time with its offset, such as 2027-01-31T00:00:00Z")
        return value.astimezone(UTC)

    @model_validator(mode="after")
    def _reads_in_a_group(self) -> GrantPlan:
        if (Operation.READ in self.operations) != (self.group is not None):
            raise ValueError("who reads names a consumer group, and who only writes names none")
        if self.group is None and self.group_prefix:
            raise ValueError("group_prefix is for a group, and none is named")
        if self.group_prefix and len(self.group or "") < SHORTEST_PREFIX:
            raise ValueError(f"a prefix of groups has {SHORTEST_PREFIX} characters or more")
        return self

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """What Kafka must allow: on each topic the operations and describe, on the group read."""
        return tuple(dict.fromkeys(self._permissions()))

    def _permissions(self) -> Iterator[Permission]:
        for topic in self.topics:
            for operation in (*self.operations, Operation.DESCRIBE):
                yield self._on(Resource.TOPIC, topic, operation)
        if self.group is not None:
            yield self._on(Resource.GROUP, self.group, Operation.READ, self.group_prefix)

    def _on(
        self, resource: Resource, name: str, operation: Operation, prefixed: bool = False
    ) -> Permission:
        return Permission(
            resource=resource,
            name=name,
            prefixed=prefixed,
            principal=self.principal,
            operation=operation,
        )

    @property
    def line(self) -> str:
        """`User:fraud-team: read until 2027-01-31 00:00 UTC`."""
        return f"{self.principal}: {joined(self.operations)} until {self.ends}"

    @property
    def ends(self) -> str:
        return f"{self.until:%Y-%m-%d %H:%M} UTC"

    @property
    def groups(self) -> str | None:
        """The consumer groups in words; None where nothing is read."""
        if self.group is None:
            return None
        return f"any that begins with {self.group}" if self.group_prefix else self.group


def grant_problems(grant: GrantPlan, now: datetime, topics: frozenset[str]) -> Iterator[str]:
    """Why it cannot be granted, in words; `topics` are the cluster's, empty where not known."""
    if grant.until <= now:
        yield f"grant.until: {grant.ends} is over already; give a later time"
    if grant.until > now + LONGEST:
        yield f"grant.until: {grant.ends} is more than {LONGEST.days} days away; ask again later"
    for topic in grant.topics if topics else ():
        if topic not in topics:
            yield f"grant.topics: there is no topic {topic!r}"
