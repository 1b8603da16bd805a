from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from core.contract.odcs import contract_of
from core.plan import CleanupPolicy, PlanKind
from core.promotion import (
    PromotionRefusedError,
    PromotionRequest,
    StandingSubject,
    StandingTopic,
    promotion_plan,
    stem_of,
)
from core.quality.rule import Metric, QualityRule, Severity
from core.report import EventKindCount, FormatCount, SampleReport
from core.schema.model import Bounds, Evidence, Field, Kind, Logical, Schema
from core.source import (
    Consumer,
    Description,
    SourceDetail,
    SourceKind,
    SourceStatus,
    SourceSummary,
)

NOW = datetime(2026, 1, 2, tzinfo=UTC)
REQUEST = PromotionRequest(owner="Shop Team", product_name="Orders of the shop")
TOPIC = StandingTopic(
    partitions=6,
    replication=3,
    settings={"retention.ms": "3600000", "cleanup.policy": "delete,compact", "segment.ms": "1000"},
    own={"retention.ms": "3600000", "segment.ms": "1000"},
)


def field(name: str, *kinds: Kind, seen: int = 100, parents: int = 100, **more: Any) -> Field:
    null = more.pop("null", 0)
    evidence = Evidence(parents=parents, seen=seen, null=null)
    return Field(name, frozenset(kinds), seen < parents, evidence=evidence, **more)


def source(*fields: Field, **more: Any) -> SourceDetail:
    summary = SourceSummary(
        cluster="default",
        name="shop.orders",
        kind=SourceKind.DISCOVERED,
        status=SourceStatus.PRESENT,
        description=Description(text="Orders.", by="rules"),
        owner=None,
        domain="commerce",
        tags=("orders",),
        format="json",
        has_registered_schema=False,
        fields=len(fields),
        messages=1_000,
        first_seen=NOW,
        scanned_at=NOW,
    )
    schema = Schema(Field("", frozenset({Kind.OBJECT}), children=fields), name="Order")
    given: dict[str, Any] = {
        "id": 1,
        "summary": summary,
        "schema": schema,
        "version": 1,
        "fingerprint": "f",
        "subject": None,
        "schema_id": None,
        "report": SampleReport(messages=100),
        "partitions": 6,
        "replication": 3,
        "config": {},
        "offsets": {},
        "last_seen": NOW,
        "vanished_at": None,
        "consumers": (),
    }
    return SourceDetail(**{**given, **more})


ORDER_ID = field("order_id", Kind.STRING)


def rules(*fields: Field) -> dict[str, QualityRule]:
    plan = promotion_plan(source(*fields), REQUEST, "orders", TOPIC, None)
    return {rule.id: rule for rule in plan.rules}


def test_the_topic_stays_as_it_is() -> None:
    plan = promotion_plan(source(ORDER_ID), REQUEST, "orders", TOPIC, None)

    assert (plan.kind, plan.topic.name) == (PlanKind.PROMOTE, "shop.orders")
    assert (plan.topic.partitions, plan.topic.replication) == (6, 3)
    assert plan.topic.cleanup is CleanupPolicy.COMPACT_DELETE
    assert plan.topic.settings == {"segment.ms": "1000"}
    assert (plan.topic.changed, plan.topic.dropped) == ({}, ())


def test_the_product_says_what_was_asked_for_and_else_what_the_catalog_knows() -> None:
    plan = promotion_plan(source(ORDER_ID), REQUEST, "orders", TOPIC, None)

    assert (plan.product.id, plan.product.name) == ("orders", "Orders of the shop")
    assert (plan.product.owner, plan.product.domain) == ("group:default/shop-team", "commerce")
    assert (plan.product.description, plan.product.tags) == ("Orders.", ("orders",))


def test_an_entity_reference_is_an_owner_as_it_stands() -> None:
    request = REQUEST.model_copy(update={"owner": "user:default/Jane"})
    plan = promotion_plan(source(ORDER_ID), request, "orders", TOPIC, None)
    assert plan.product.owner == "user:default/Jane"


def test_an_inferred_schema_keeps_no_measurements() -> None:
    total = field("total", Kind.NUMBER, bounds=Bounds(minimum=1, maximum=99))
    plan = promotion_plan(source(total), REQUEST, "orders", TOPIC, None)

    (place,) = plan.schema_plan.value.root.children
    assert (place.evidence, place.bounds) == (None, Bounds())
    assert (plan.schema_plan.subject, plan.schema_plan.format) == (
        "shop.orders-value",
        "json-schema",
    )
    assert plan.schema_plan.version is None


def test_a_registered_schema_is_taken_in_its_version() -> None:
    standing = StandingSubject("orders", 7, 42, "protobuf", "FULL")
    plan = promotion_plan(source(ORDER_ID), REQUEST, "orders", TOPIC, standing)

    planned = plan.schema_plan
    assert (planned.subject, planned.version, planned.format) == ("orders", 7, "protobuf")
    assert planned.compatibility == "FULL"


@pytest.mark.parametrize(("schemas", "told"), [((), "json"), (("7",), "json-schema")])
def test_plain_json_is_told_from_messages_that_carry_a_schema_id(
    schemas: tuple[str, ...], told: str
) -> None:
    counted = FormatCount(format="json", messages=100, bytes=1, schemas=schemas)
    found = source(ORDER_ID, report=SampleReport(messages=100, values=(counted,)))
    plan = promotion_plan(found, REQUEST, "orders", TOPIC, None)

    (entry,) = contract_of(plan, "localhost:9092").document["servers"]
    assert (plan.schema_plan.value_format, entry["format"]) == (told, told)


def test_what_is_always_there_is_required_and_what_is_not_is_not() -> None:
    found = rules(
        ORDER_ID,
        field("note", Kind.STRING, seen=40),
        field("coupon", Kind.STRING, Kind.NULL, null=3),
        field("rare", Kind.STRING, seen=5, parents=5),
    )
    assert {rule.field for rule in found.values()} == {"order_id"}
    assert found["order_id-required"].metric is Metric.REQUIRED
    assert "all 100 sampled" in found["order_id-required"].reason


def test_a_field_of_an_object_that_may_be_absent_is_not_required() -> None:
    inner = field("email", Kind.STRING, parents=40, seen=40)
    assert rules(field("customer", Kind.OBJECT, seen=40, children=(inner,))) == {}


@pytest.mark.parametrize(
    ("name", "low", "high", "limits"),
    [
        ("total", 2, 740, (0, None)),
        ("change", -5, 5, None),
        ("latitude", -33.5, 48.1, (-90, 90)),
        ("order_id", 1, 900, None),
    ],
)
def test_a_range_is_a_warning_with_limits_that_mean_something(
    name: str, low: float, high: float, limits: tuple[float | None, float | None] | None
) -> None:
    found = rules(field(name, Kind.NUMBER, bounds=Bounds(minimum=low, maximum=high)))
    rule = found.get(f"{name}-range")
    if limits is None:
        assert rule is None
    else:
        assert rule is not None
        assert (rule.minimum, rule.maximum, rule.severity) == (*limits, Severity.WARNING)


@pytest.mark.parametrize(
    ("subject", "severity"),
    [(None, Severity.WARNING), (StandingSubject("s", 1, 1, "avro", "FULL"), Severity.ERROR)],
)
def test_an_enum_is_a_promise_only_where_it_is_registered(
    subject: StandingSubject | None, severity: Severity
) -> None:
    status = field("status", Kind.STRING, enum=("NEW", "PAID"))
    plan = promotion_plan(source(status), REQUEST, "orders", TOPIC, subject)
    rule = next(rule for rule in plan.rules if rule.metric is Metric.ENUM)
    assert (rule.values, rule.severity) == (("NEW", "PAID"), severity)


def test_key_event_time_and_sensitive_fields_are_named() -> None:
    found = source(
        ORDER_ID,
        field("updated_at", Kind.STRING, logical=Logical.DATE_TIME),
        field("event_time", Kind.INTEGER, logical=Logical.EPOCH_MILLIS),
        field("contact", Kind.STRING, logical=Logical.EMAIL),
        field("first_name", Kind.STRING),
        report=SampleReport(messages=100, key_fields=("order_id",)),
    )
    planned = promotion_plan(found, REQUEST, "orders", TOPIC, None).schema_plan

    assert (planned.key, planned.event_time) == ("order_id", "event_time")
    assert planned.sensitive == ("contact", "first_name")


def test_who_reads_the_topic_and_what_strays_is_a_risk() -> None:
    kinds = tuple(
        EventKindCount(name=name, told_by="type", messages=50, share=0.5, fields=1)
        for name in ("placed", "paid")
    )
    reader = Consumer(group="billing.app", team=None, lag=0, state=None, last_seen=NOW)
    found = source(
        ORDER_ID,
        report=SampleReport(messages=100, event_kinds=kinds),
        consumers=(reader,),
    )
    told = " ".join(promotion_plan(found, REQUEST, "orders", TOPIC, None).risks)
    assert "placed, paid" in told
    assert "billing.app" in told


def test_a_topic_without_fields_is_refused() -> None:
    nothing = replace(source(ORDER_ID), schema=None)
    text = replace(source(), schema=Schema(Field("", frozenset({Kind.STRING}))))
    for found in (nothing, text):
        with pytest.raises(PromotionRefusedError, match=r"shop\.orders"):
            promotion_plan(found, REQUEST, "orders", TOPIC, None)


def test_an_owner_that_names_nobody_is_refused() -> None:
    request = REQUEST.model_copy(update={"owner": "???"})
    with pytest.raises(PromotionRefusedError, match="names no owner"):
        promotion_plan(source(ORDER_ID), request, "orders", TOPIC, None)


@pytest.mark.parametrize(
    ("name", "stem"), [("Orders of the Shop!", "orders-of-the-shop"), ("???", "product")]
)
def test_an_id_is_made_of_the_products_name(name: str, stem: str) -> None:
    assert stem_of(name) == stem
