"""What is told of consumer groups whose coordinator does not answer at once."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException

from tools.kafka.connection import KafkaConnection
from tools.kafka.errors import KafkaDeniedError, KafkaFailedError
from tools.kafka.groups import ConsumerGroups, GroupReader
from tools.kafka.request import AdminRequests

MOVING = KafkaError.NOT_COORDINATOR
LOADING = KafkaError.COORDINATOR_LOAD_IN_PROGRESS
DENIED = KafkaError.GROUP_AUTHORIZATION_FAILED


@dataclass
class Broker:
    """Answers each question with the next of its `errors`, or well where none is left."""

    groups: tuple[str, ...]
    errors: dict[str, list[int]] = field(default_factory=dict)
    listing: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def poll(self, _: float) -> None:
        """Nothing waits."""

    def list_consumer_groups(self, **_: Any) -> Future[Any]:
        state = SimpleNamespace(name="STABLE")
        valid = [SimpleNamespace(group_id=group, state=state) for group in self.groups]
        errors = [KafkaError(self.listing.pop(0))] if self.listing else []
        return _done(SimpleNamespace(valid=valid, errors=errors))

    def list_consumer_group_offsets(self, asked: Any, **_: Any) -> dict[str, Future[Any]]:
        group = asked[0].group_id
        self.asked.append(group)
        if waiting := self.errors.get(group):
            failed: Future[Any] = Future()
            failed.set_exception(KafkaException(KafkaError(waiting.pop(0))))
            return {group: failed}
        place = SimpleNamespace(topic="orders", partition=0, offset=7, error=None)
        return {group: _done(SimpleNamespace(topic_partitions=[place]))}


def _done(result: object) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_result(result)
    return future


async def _read(broker: Broker) -> ConsumerGroups:
    requests = AdminRequests(KafkaConnection("127.0.0.1:1"), 1.0)
    requests.client = broker  # type: ignore[assignment]
    return await GroupReader(requests, pause=0.0).read()


async def test_a_group_whose_coordinator_moves_is_asked_again_and_it_alone():
    broker = Broker(("a", "b"), {"b": [MOVING, LOADING]})

    found = await _read(broker)

    assert [(o.group, o.committed) for o in found.offsets] == [("a", 7), ("b", 7)]
    assert broker.asked == ["a", "b", "b", "b"]
    assert found.complete
    assert not found.silent


async def test_a_group_that_stays_away_is_silent_and_not_asked_for_ever():
    broker = Broker(("a", "b"), {"b": [MOVING] * 100})

    found = await _read(broker)

    assert [offset.group for offset in found.offsets] == ["a"]
    assert set(found.silent) == {"b"}
    assert len(broker.asked) < 20


async def test_a_group_that_forbids_to_look_is_silent_after_one_question():
    broker = Broker(("a",), {"a": [DENIED] * 100})

    found = await _read(broker)

    assert isinstance(found.silent["a"], KafkaDeniedError)
    assert broker.asked == ["a"]


async def test_a_group_that_is_gone_is_not_silent():
    found = await _read(Broker(("a",), {"a": [KafkaError.GROUP_ID_NOT_FOUND]}))

    assert (found.offsets, dict(found.silent)) == ((), {})


async def test_a_listing_that_lacks_a_broker_for_a_moment_is_asked_again():
    assert (await _read(Broker(("a",), listing=[LOADING]))).complete


async def test_a_listing_that_lacks_a_broker_for_good_says_so():
    found = await _read(Broker(("a",), listing=[LOADING] * 100))

    assert [offset.group for offset in found.offsets] == ["a"]
    assert not found.complete


async def test_no_group_and_an_error_is_an_error():
    with pytest.raises(KafkaFailedError):
        await _read(Broker((), listing=[LOADING] * 100))
