"""Entities for Backstage: facts first, from which it is known whether anything is new, then all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import orjson

from core.backstage import entities
from core.backstage.definition import definition_of
from core.backstage.entity import Entity, EntityKind
from core.backstage.facts import ApiFact, Fact, SystemFact, TopicFact
from core.contract.port import Endpoint, PortView
from graph.markdown import prose
from tools.db.backstage import WHOLE, BackstageRepository, Part

FORM = 1
"""Raised when the same facts are written as other entities."""

AT_ONCE = 50
"""Topics whose schemas are read and written together."""

Read = Callable[[str, int, Part], Awaitable[Sequence[tuple[str, Fact]]]]


@dataclass(frozen=True, slots=True)
class Place:
    """A fact's place in the feed: which shelf it is on, and its key there."""

    shelf: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    place: Place
    fact: Fact


class Feed:
    """Of one cluster. `home` is the URL under which Headwater is reached."""

    def __init__(self, repository: BackstageRepository, endpoint: Endpoint, home: str) -> None:
        self._repository = repository
        self._endpoint = endpoint
        self._home = home
        self._shelves: tuple[tuple[EntityKind, Read], ...] = (
            (EntityKind.GROUP, _whole(self._teams)),
            (EntityKind.DOMAIN, _whole(self._domains)),
            (EntityKind.SYSTEM, _whole(self._systems)),
            (EntityKind.COMPONENT, self._products),
            (EntityKind.COMPONENT, self._consumers),
            (EntityKind.RESOURCE, self._topics),
            (EntityKind.API, self._apis),
        )

    async def facts(
        self, kinds: frozenset[EntityKind], after: Place, limit: int, part: Part = WHOLE
    ) -> list[Placed]:
        """Facts of these kinds that come after a place, in order, at most `limit`."""
        found: list[Placed] = []
        for number, (kind, read) in enumerate(self._shelves):
            if number < after.shelf or kind not in kinds or len(found) >= limit:
                continue
            key = after.key if number == after.shelf else ""
            rows = await read(key, limit - len(found), part)
            found += [Placed(Place(number, key), fact) for key, fact in rows]
        return found

    @property
    def cluster(self) -> str:
        return self._endpoint.cluster

    async def size(self) -> int:
        """About how many entities there are."""
        return await self._repository.size()

    def tag(self, facts: Sequence[Placed], manner: str = "") -> str:
        """An ETag: equal where the entities are, and the `manner` in which they are shown."""
        told = [FORM, manner, self._home, self._endpoint]
        text = orjson.dumps([told, [(each.place.shelf, each.fact) for each in facts]])
        return f'"{sha256(text).hexdigest()[:32]}"'

    async def batches(
        self, facts: Sequence[Placed], location: str
    ) -> AsyncIterator[list[tuple[Place, dict[str, Any]]]]:
        """The entities in order, some at a time, as descriptor files hold them."""
        for start in range(0, len(facts), AT_ONCE):
            some = facts[start : start + AT_ONCE]
            names = [each.fact.topic.name for each in some if isinstance(each.fact, ApiFact)]
            views = await self._repository.interfaces(names) if names else {}
            yield await asyncio.to_thread(self._made, some, views, location)

    def _made(
        self, facts: Sequence[Placed], views: dict[str, PortView], location: str
    ) -> list[tuple[Place, dict[str, Any]]]:
        made = ((each.place, self._entity(each.fact, views)) for each in facts)
        return [(place, entity.document(location)) for place, entity in made if entity]

    def _entity(self, fact: Fact, views: dict[str, PortView]) -> Entity | None:
        if isinstance(fact, ApiFact):
            view = views.get(fact.topic.name)
            if view is None:
                return None
            text = definition_of(fact.topic, view, self._endpoint, self._home)
            return entities.api(fact.topic, self._home, text)
        return entities.of(fact, self._home)

    async def _teams(self) -> Mapping[str, Fact]:
        found: dict[str, Fact] = {}
        for team in await self._repository.teams():
            entity = entities.of(team, self._home)
            if entity is not None:
                found.setdefault(entity.reference, team)
        return found

    async def _domains(self) -> Mapping[str, Fact]:
        return {fact.domain: fact for fact in await self._repository.domains()}

    async def _systems(self) -> Mapping[str, Fact]:
        facts = await self._repository.domains()
        return {fact.domain: SystemFact(self.cluster, fact) for fact in facts}

    async def _products(self, after: str, limit: int, part: Part) -> Sequence[tuple[str, Fact]]:
        return [(f.id, f) for f in await self._repository.products(after, limit, part)]

    async def _consumers(self, after: str, limit: int, part: Part) -> Sequence[tuple[str, Fact]]:
        return [(f.group, f) for f in await self._repository.consumers(after, limit, part)]

    async def _topics(self, after: str, limit: int, part: Part) -> Sequence[tuple[str, Fact]]:
        facts = await self._repository.topics(after, limit, part)
        return [(fact.name, _legible(replace(fact, content=""))) for fact in facts]

    async def _apis(self, after: str, limit: int, part: Part) -> Sequence[tuple[str, Fact]]:
        facts = await self._repository.topics(after, limit, part)
        return [(fact.name, ApiFact(_legible(fact))) for fact in facts]


def _legible(fact: TopicFact) -> TopicFact:
    """What topics and schemas say of themselves is foreign text, which Backstage takes for
    Markdown; what a product says was written for it."""
    if fact.description is None or fact.product_id is not None:
        return fact
    return replace(fact, description=prose(fact.description))


def _whole(facts: Callable[[], Awaitable[Mapping[str, Fact]]]) -> Read:
    """Few enough to be taken whole: all of them are in the first part."""

    async def read(after: str, limit: int, part: Part) -> Sequence[tuple[str, Fact]]:
        if part.part:
            return []
        found = await facts()
        return [(key, found[key]) for key in sorted(found) if key > after][:limit]

    return read
