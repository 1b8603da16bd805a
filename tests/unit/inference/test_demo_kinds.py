"""The demo's own producers through inference: which of their topics carry several kinds."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import pytest

from core.decoding.message import Message
from core.decoding.payload import decode
from core.inference.event_kind import EventKind
from core.inference.render import infer
from core.inference.topic import TopicProfile
from server.demo.fleet import TOPICS
from server.demo.population import populate
from server.demo.story import Story
from server.demo.topic import Writing
from server.demo.wire.encoder import Encoder
from server.demo.world import World

_NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
_BY_NAME = {topic.name: topic for topic in TOPICS}
_INFERRED = [t.name for t in TOPICS if t.count and not t.writing.registered]

_TOLD_BY = {
    "supplier-events": "eventType",
    "supplier-events-dlq": "eventType",
    "payment_gateway_webhooks": "type",
    "checkout-events-dev": "event",
    "tracking-webhooks-carrier": "eventType",
    "salesforce_contacts_cdc": "op",
    "ga4_export_raw": "event_name",
    "mqtt-bridge-plant-2": "kind",
    "wms_events": "msgType",
    "support.ticket-events.v1": "event_type",
}


@cache
def _world() -> World:
    return populate(7, _NOW.date())


def _kinds(name: str, count: int) -> tuple[EventKind, ...]:
    topic = _BY_NAME[name]
    records = Story(topic, _world(), Encoder(topic, {}), "7").past(count, _NOW)
    messages = [Message(0, place, -1, None, record.value) for place, record in enumerate(records)]
    return infer(TopicProfile.of(decode(messages, {})).value_profile, name).kinds


@pytest.mark.parametrize("name", sorted(_TOLD_BY))
def test_topics_of_several_events_are_told_by_their_event_type(name: str) -> None:
    kinds = _kinds(name, 200)

    assert {kind.discriminator for kind in kinds} == {_TOLD_BY[name]}
    if len(events := _BY_NAME[name].events) > 1:
        assert {kind.name for kind in kinds} == {event.name for event in events}


@pytest.mark.parametrize("name", sorted(set(_INFERRED) - _TOLD_BY.keys()))
@pytest.mark.parametrize("count", [60, 300])
def test_topics_of_one_event_have_no_kinds_whatever_their_attributes(name: str, count: int) -> None:
    assert _kinds(name, count) == ()


def test_the_topics_that_defects_scatter_are_among_them() -> None:
    split_by_attributes = {"supplier_data_raw", "workday_export", "ml-output-supplier-risk-v4"}

    assert split_by_attributes <= set(_INFERRED) - _TOLD_BY.keys()
    assert all(_BY_NAME[name].writing is Writing.JSON for name in split_by_attributes)
