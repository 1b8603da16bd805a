"""What the fleet is made of, before any message is drawn."""

from __future__ import annotations

from collections import Counter

import pytest

from server.demo.consumers import GROUPS
from server.demo.domains import DOMAINS
from server.demo.fleet import TOPICS, TopicsTakenError, refuse_strangers
from server.demo.topic import Naming, Writing
from tools.kafka.admin import Watermarks

MANAGED = [topic for d in DOMAINS for product in d.products for topic in product.topics]


def test_87_topics_of_which_52_belong_to_products():
    names = {topic.name for topic in TOPICS}
    assert len(TOPICS) == len(names) == 87
    assert len(MANAGED) == len(set(MANAGED)) == 52
    assert set(MANAGED) <= names


def test_product_ids_are_unique_and_every_product_says_what_it_is():
    products = [product for domain in DOMAINS for product in domain.products]
    assert len({product.id for product in products}) == len(products)
    assert all(product.description.endswith(".") and product.owner for product in products)
    assert len(DOMAINS) >= 10


def test_every_way_of_writing_and_of_naming_subjects_occurs():
    assert {topic.writing for topic in TOPICS} == set(Writing)
    assert {topic.naming for topic in TOPICS} == set(Naming)
    assert sum(topic.count == 0 for topic in TOPICS) >= 3
    assert sum(topic.key is None for topic in TOPICS) >= 10
    assert any(topic.tombstones for topic in TOPICS)
    assert any(event.versions == 3 for topic in TOPICS for event in topic.events)


def test_unmanaged_topics_register_no_schema():
    unmanaged = [topic for topic in TOPICS if topic.name not in MANAGED]
    assert not [topic.name for topic in unmanaged if topic.writing.registered]


def test_groups_read_topics_that_have_messages():
    filled = {topic.name for topic in TOPICS if topic.count}
    assert {topic for group in GROUPS for topic in group.topics} <= filled
    assert Counter(group.id for group in GROUPS).most_common(1)[0][1] == 1


def test_topics_of_the_same_name_that_others_filled_are_not_touched():
    empty = {"fraud-alerts": Watermarks("fraud-alerts", {0: (0, 0)})}
    filled = {"orders.DLQ": Watermarks("orders.DLQ", {0: (4, 7)})}
    with pytest.raises(TopicsTakenError, match=r"orders\.DLQ"):
        refuse_strangers(empty | filled)
    refuse_strangers(empty)
    refuse_strangers({topic.name: Watermarks(topic.name, {0: (0, 9)}) for topic in TOPICS})
