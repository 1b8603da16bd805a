"""A fault as it is asked for, and how it becomes one that is planted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from server.demo.domains import DOMAINS
from server.demo.faults.episode import Episode
from server.demo.faults.fault import SHARES, Fault
from server.demo.faults.faulty_story import FaultyStory
from server.demo.faults.planting import Observe, Planting, Say
from server.demo.faults.target import Target, target_of
from server.demo.production import Production
from server.demo.registration import register_newest
from server.demo.story import Onward
from server.demo.topic import Topic
from server.demo.wire.schema import SchemaKey
from server.demo.world import World
from tools.registry.errors import IncompatibleSchemaError

OWNED = frozenset(name for d in DOMAINS for product in d.products for name in product.topics)
"""The topics of products: their owners are known, so an alert has somebody to go to."""


class SchemaRefusedError(Exception):
    """The registry does not take the schema that the fault's records need."""

    def __init__(self, target: Target, cause: str) -> None:
        super().__init__(
            f"{target.fault.value} on {target.topic.name} needs a new version of its schema, and "
            f"the Schema Registry refuses it, which is how this fault is kept out: {cause} Choose "
            "a topic that is written in JSON with --topic."
        )


@dataclass(frozen=True, slots=True)
class FaultOrder:
    """`after` and `lasts` are seconds; without a `topic` the likeliest is taken.

    `share` is of the topic's records (None: the fault's own); `rate` is messages a second on that
    topic alone (None: what it gets of the fleet's).
    """

    fault: Fault
    say: Say
    topic: str | None = None
    after: float = 30.0
    lasts: float = 60.0
    share: float | None = None
    rate: float | None = None
    observe: Observe | None = None

    def target(self, topics: Sequence[Topic]) -> Target:
        """Raises UnknownTopicError and UnsuitableTopicError."""
        return target_of(self.fault, topics, OWNED, self.topic)

    def episode(self, started: datetime) -> Episode:
        begins = started + timedelta(seconds=self.after)
        share = SHARES[self.fault] if self.share is None else self.share
        return Episode(begins, begins + timedelta(seconds=self.lasts), share)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the fleet's stories are told from, and by; `told` is how many messages each topic has
    got by then."""

    world: World
    production: Production
    ids: Mapping[str, Mapping[SchemaKey, int]]
    started: datetime
    seed: str
    told: Mapping[str, int] = field(default_factory=dict)

    def onward(self, topic: Topic) -> Onward:
        return Onward(topic, self.told.get(topic.name, 0))


async def ill_schema(schema_registry: str, target: Target) -> int | None:
    """Registers what the fault's records need. Raises SchemaRefusedError, RegistryFailedError."""
    if not target.new_schema:
        return None
    try:
        return await register_newest(schema_registry, target.ill, target.event)
    except IncompatibleSchemaError as error:
        raise SchemaRefusedError(target, str(error)) from error


def planting_of(order: FaultOrder, target: Target, ill_id: int | None, ground: Ground) -> Planting:
    """Ready to be advanced; its plan is said."""
    episode = order.episode(ground.started)
    ids = ground.ids[target.topic.name]
    story = FaultyStory(target, episode, ground.world, ids, ground.seed, ill_id=ill_id)
    onward = ground.onward(target.topic)
    planting = Planting(story, ground.production, onward, order.say, ill_id, order.observe)
    order.say(planting.planted())
    return planting
