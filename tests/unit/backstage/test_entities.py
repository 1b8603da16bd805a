"""What becomes of facts: kinds, relations, and the AsyncAPI document that an API carries."""

from __future__ import annotations

import json
from dataclasses import replace

from core.backstage import entities
from core.backstage.definition import LARGEST, definition_of
from core.backstage.facts import ConsumerFact, ProductFact, TeamFact, TopicFact
from core.contract.port import Endpoint, PortView
from core.product import Lifecycle, OutputPort
from core.schema.model import Schema
from tests.unit.contract.plans import field

HOME = "http://headwater:8004"
ENDPOINT = Endpoint("default", "kafka:9092")

TOPIC = TopicFact(
    cluster="default",
    name="Orders",
    description="Orders.",
    described_by="rules",
    owner=None,
    owner_guessed_from=None,
    domain=None,
    tags=(),
    format="json",
    partitions=3,
    replication=1,
    version=4,
)
PRODUCT = ProductFact(
    id="orders",
    name="Orders",
    description="Orders.",
    owner="group:default/Sales",
    domain="sales",
    tags=("gold tier",),
    lifecycle=Lifecycle.DEPRECATED,
    version="2.0.0",
    cluster="eu",
    topics=("orders",),
    inputs=("clicks", "orders"),
)


def view(schema: Schema | None) -> PortView:
    return PortView(OutputPort(cluster="default", topic="Orders"), schema=schema)


def test_a_product_provides_its_topics_and_consumes_those_that_it_is_made_from() -> None:
    made = entities.product(PRODUCT)

    assert made.spec == {
        "type": "data-product",
        "lifecycle": "deprecated",
        "owner": "group:default/sales",
        "system": "system:eu/sales",
        "providesApis": ["api:eu/orders"],
        "consumesApis": ["api:eu/clicks", "api:eu/orders"],
        "dependsOn": ["resource:eu/orders", "resource:eu/clicks"],
    }
    assert made.tags == ("gold-tier",)


def test_a_consumer_group_is_no_product_of_the_same_name() -> None:
    group = entities.consumer(ConsumerFact("default", "orders", None, ("Orders",), left_out=2))

    assert group.reference != entities.product(PRODUCT).reference
    assert group.spec["consumesApis"] == [entities.api(TOPIC, HOME, "{}").reference]
    assert group.spec["owner"] == "group:default/unowned"
    assert group.annotations["topics-left-out"] == "2"


def test_the_topic_is_found_again_by_its_annotations() -> None:
    told = entities.topic(TOPIC, HOME).document(f"{HOME}/x")["metadata"]

    assert (told["annotations"]["headwater.dev/topic"], told["title"]) == ("Orders", "Orders")
    assert told["annotations"]["headwater.dev/cluster"] == "default"
    assert "headwater.dev/owner" not in told["annotations"]


def test_a_person_is_no_entity_of_ours_and_an_odd_owner_is_a_group() -> None:
    assert entities.of(TeamFact("user:default/jane"), HOME) is None
    odd = entities.of(TeamFact("The Sales Folk"), HOME)

    assert odd is not None
    assert odd.annotations["owner"] == "The Sales Folk"
    assert (
        entities.topic(replace(TOPIC, owner="The Sales Folk"), HOME).spec["owner"] == odd.reference
    )


def test_the_definition_of_an_unmanaged_topic_speaks_of_its_producers() -> None:
    document = json.loads(definition_of(TOPIC, view(Schema(field("", "object"))), ENDPOINT, HOME))

    assert document["asyncapi"] == "3.1.0"
    assert document["id"] == "urn:headwater:topic:default/Orders"
    assert document["info"]["version"] == "4"
    assert document["components"]["messages"]["Orders"]["payload"]


def test_a_schema_that_is_too_large_for_backstage_is_linked_to() -> None:
    many = Schema(
        field("", "object", children=tuple(field(f"f{n}", "string") for n in range(9_000)))
    )

    text = definition_of(TOPIC, view(many), ENDPOINT, HOME)

    message = json.loads(text)["components"]["messages"]["Orders"]
    assert len(text) < LARGEST
    assert "payload" not in message
    assert message["externalDocs"]["url"] == f"{HOME}/sources/Orders/schema"
