from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from core.impact import impact_of
from core.plan import CleanupPolicy, Compatibility, Plan, PlanKind
from core.plan_diff import (
    Effect,
    Existing,
    ExistingSubject,
    ExistingTopic,
    Silence,
    as_registered,
    plan_diff,
)
from core.plan_risks import risks_of
from core.product import DataProduct, Lifecycle, OutputPort
from core.schema.model import Field, Kind
from core.spans import span_of
from tests.unit.plans.plans import plan, schema_of, with_schema

NOTHING = Existing(None, None, None)


def topic(configs: Mapping[str, str] | None = None, partitions: int = 6) -> ExistingTopic:
    known = {"retention.ms": "86400000", "cleanup.policy": "delete"}
    return ExistingTopic(partitions, 1, {**known, **(configs or {})})


def subject(wanted: Plan, level: str = "BACKWARD") -> ExistingSubject:
    return ExistingSubject(3, level, as_registered(wanted.schema_plan))


def product(wanted: Plan) -> DataProduct:
    given = wanted.product.model_dump()
    port = OutputPort(cluster="default", topic=wanted.topic.name)
    return DataProduct(**given, lifecycle=Lifecycle.ACTIVE, ports=(port,))


def test_what_is_there_as_planned_is_kept() -> None:
    wanted = plan()
    diff = plan_diff(wanted, Existing(topic(), subject(wanted), product(wanted)))

    parts = (diff.topic, diff.subject, diff.product)
    assert [part.effect for part in parts] == [Effect.KEEP] * 3
    assert not any(part.lines for part in parts)


def test_what_is_new_is_told_whole() -> None:
    diff = plan_diff(plan(), NOTHING)

    assert diff.topic.lines == (
        "6 partitions",
        "1 replica",
        "cleanup.policy: delete",
        "retention.ms: 86400000 (1 day)",
    )
    assert "score_id: string, uuid" in diff.subject.lines
    assert diff.product.title == "new product"


def test_of_an_observed_topic_only_what_the_plan_changes_is_a_change() -> None:
    wanted = plan(kind=PlanKind.PROMOTE, observed={"cleanup.policy": "delete", "retention.ms": "5"})
    drifted = topic({"cleanup.policy": "compact", "retention.ms": "5"})

    assert plan_diff(wanted, Existing(drifted, None, None)).topic.lines == (
        "retention.ms: 5 (5 ms) -> 86400000 (1 day)",
    )


def test_the_order_of_cleanup_policies_means_nothing() -> None:
    wanted = plan(cleanup=CleanupPolicy.COMPACT_DELETE)
    found = topic({"cleanup.policy": "delete,compact"})

    assert plan_diff(wanted, Existing(found, None, None)).topic.effect is Effect.KEEP


def test_a_changed_level_alone_makes_no_version() -> None:
    wanted = plan()
    part = plan_diff(wanted, Existing(None, subject(wanted, "FULL"), None)).subject

    assert part.title == "version 3 stays, its compatibility level changes"
    assert part.lines == ("compatibility: FULL -> BACKWARD",)


def test_silence_is_told_and_is_a_risk() -> None:
    existing = Existing(Silence("Kafka does not answer."), None, None)
    impact = impact_of(plan(), existing, datetime.now(UTC))

    assert impact.diff.topic.effect is Effect.UNKNOWN
    assert impact.diff.topic.lines[0] == "Kafka does not answer."
    assert "Kafka does not answer." in impact.risks[-1]


@pytest.mark.parametrize(
    ("wanted", "existing", "risk"),
    [
        (with_schema(plan(), sensitive=("analyst_email",)), NOTHING, "(analyst_email), kept for 1"),
        (plan(retention_ms=-1), NOTHING, "grow without end"),
        (plan(replication=1), NOTHING, "One replica"),
        (with_schema(plan(cleanup=CleanupPolicy.COMPACT), key=None), NOTHING, "no key is named"),
        (with_schema(plan(), compatibility=Compatibility.NONE), NOTHING, "any schema may follow"),
        (plan(), Existing(topic(), None, None), "exists already"),
        (plan(), Existing(topic(partitions=3), None, None), "keys move"),
        (plan(), Existing(topic(partitions=9), None, None), "cannot take partitions away"),
        (plan(), Existing(topic({"retention.ms": "-1"}), None, None), "older messages go"),
        (plan(kind=PlanKind.PROMOTE), NOTHING, "nothing to promote"),
    ],
)
def test_each_risk_comes_from_a_fact(wanted: Plan, existing: Existing, risk: str) -> None:
    assert any(risk in told for told in risks_of(wanted, existing))


def test_a_safe_plan_has_no_risks_but_its_own() -> None:
    wanted = plan(replication=3).model_copy(update={"risks": ("A risk of the draft.",)})

    assert risks_of(wanted, NOTHING) == ("A risk of the draft.",)


def test_fields_that_readers_miss_are_named() -> None:
    before = ExistingSubject(1, "NONE", schema_of(Field("old", frozenset({Kind.STRING}))))

    told = risks_of(plan(), Existing(None, before, None))

    assert any("version 1 may break over old" in risk for risk in told)


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (-1, "for ever"),
        (0, "0 ms"),
        (1_500, "1,500 ms"),
        (60_000, "1 minute"),
        (220_752_000_000, "2,555 days"),
    ],
)
def test_spans_are_told_in_their_largest_whole_unit(milliseconds: int, words: str) -> None:
    assert span_of(milliseconds) == words
