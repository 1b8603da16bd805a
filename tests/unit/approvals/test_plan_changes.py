import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.modification import modification
from core.plan import Plan, PlanKind
from core.plan_changes import PATHS, InvalidChangesError, allowed_paths, change, same
from core.quality.rule import Metric
from core.schema.model import Kind
from tests.unit.plans.plans import plan, rule

RULES = (rule(Metric.RANGE, "score", minimum=0, maximum=1), rule(Metric.REQUIRED, "score_id"))

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def refused(changes: dict[str, object], kind: PlanKind = PlanKind.CREATE) -> dict[str, str]:
    with pytest.raises(InvalidChangesError) as caught:
        change(plan(rules=RULES, kind=kind), changes)
    return dict(caught.value.problems)


def test_changes_are_made_together_and_leave_the_rest_as_it_was() -> None:
    before = plan(rules=RULES)

    after = change(before, {"topic.partitions": 12, "product.tags": ["fraud"]})

    assert (after.topic.partitions, after.product.tags) == (12, ("fraud",))
    assert after.hash != before.hash
    back = change(after, {"topic.partitions": 6, "product.tags": []})
    assert same(back, before)


def test_a_subject_named_after_the_topic_follows_it() -> None:
    renamed = change(plan(), {"topic.name": "scores.v2"})
    named = change(plan(), {"topic.name": "scores.v2", "schema_plan.subject": "own"})

    assert renamed.schema_plan.subject == "scores.v2-value"
    assert named.schema_plan.subject == "own"
    assert change(named, {"topic.name": "scores.v3"}).schema_plan.subject == "own"


def test_fields_are_changed_added_and_taken_out_by_their_path() -> None:
    after = change(
        plan(),
        {
            "schema_plan.fields.score": {"doc": "How likely it is fraud."},
            "schema_plan.fields.reasons[]": {"kinds": ["integer"]},
            "schema_plan.fields.country": {"kinds": ["string"], "optional": True},
            "schema_plan.fields.analyst_email": None,
        },
    )

    fields = dict(after.schema_plan.value.walk())
    assert fields["score"].doc == "How likely it is fraud."
    assert fields["score"].bounds.maximum == 1
    assert fields["reasons[]"].kinds == {Kind.INTEGER}
    assert fields["country"].optional
    assert "analyst_email" not in fields


def test_rules_are_changed_added_and_taken_out_by_their_id() -> None:
    after = change(
        plan(rules=RULES),
        {
            "rules.score-range": {"maximum": 100},
            "rules.score_id-required": None,
            "rules.score_id-unique": {"metric": "unique", "field": "score_id"},
        },
    )

    assert [each.id for each in after.rules] == ["score-range", "score_id-unique"]
    assert after.rules[0].maximum == 100
    assert after.rules[1].reason == "added by the approver"


def test_settings_of_kafka_are_texts_whatever_they_are_given_as() -> None:
    after = change(
        plan(settings={"segment.ms": "5"}),
        {
            "topic.settings.max.message.bytes": 2_000_000,
            "topic.settings.unclean.leader.election.enable": False,
            "topic.settings.segment.ms": None,
        },
    )

    assert after.topic.settings == {
        "max.message.bytes": "2000000",
        "unclean.leader.election.enable": "false",
    }


def test_an_unknown_path_is_answered_with_those_that_can_be_changed() -> None:
    problems = refused({"topic.colour": "red", "cost": 1, "rules.": {}})

    assert set(problems) == {"topic.colour", "cost", "rules."}
    assert "topic.partitions" in problems["topic.colour"]
    assert "rules.<id of a rule>" in problems["topic.colour"]
    assert "topic.observed" not in allowed_paths(PlanKind.PROMOTE)


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({}, "changes"),
        ({"topic.partitions": 6}, "changes"),
        ({"topic.partitions": 0}, "topic.partitions"),
        ({"product.owner": "fraud-team"}, "product.owner"),
        ({"rules.none": None}, "rules.none"),
        ({"rules.score-range": 3}, "rules.score-range"),
        ({"rules.score-range": {"colour": 1}}, "rules.0.colour"),
        ({"rules": [], "rules.score-range": None}, "rules"),
        ({"schema_plan.fields.none": None}, "schema_plan.fields.none"),
        ({"schema_plan.fields.none.x": {}}, "schema_plan.fields.none.x"),
        ({"schema_plan.fields.a..b": {}}, "schema_plan.fields.a..b"),
        ({"schema_plan.fields.score": {"colour": 1}}, "schema_plan.fields.score"),
        ({"schema_plan.fields.score": {"kinds": ["decimal"]}}, "schema_plan.value"),
        ({"schema_plan.value": {"type": "record"}}, "schema_plan.value"),
        ({f"x{number}": 1 for number in range(300)}, "changes"),
    ],
)
def test_what_makes_no_plan_is_refused_at_its_place(changes: dict[str, object], at: str) -> None:
    assert at in refused(changes)


@pytest.mark.parametrize("path", ["topic.name", "topic.partitions", "topic.replication"])
def test_of_the_topic_of_a_promotion_only_settings_are_changed(path: str) -> None:
    assert path in refused({path: 1}, PlanKind.PROMOTE)


PATHS_TO_TRY = st.sampled_from(
    [*PATHS, "topic.settings.x", "rules.score-range", "schema_plan.fields.score"]
)


@given(st.dictionaries(PATHS_TO_TRY, ANYTHING, max_size=4))
def test_whatever_is_given_makes_a_plan_or_is_refused(changes: dict[str, object]) -> None:
    try:
        changed = change(plan(rules=RULES), changes)
    except InvalidChangesError:
        return
    assert changed.hash == Plan.model_validate(changed.model_dump(mode="json")).hash


def test_a_modification_is_told_line_by_line() -> None:
    before = plan(rules=RULES)
    after = change(
        before,
        {
            "topic.retention_ms": 3_600_000,
            "product.domain": "payments",
            "schema_plan.fields.analyst_email": None,
            "rules.score-range": {"maximum": 10},
            "rules.score_id-required": None,
        },
    )

    assert modification(before, after) == (
        "topic.retention_ms: 86400000 -> 3600000",
        "product.domain: risk -> payments",
        "schema: analyst_email: removed (was optional string, email)",
        "rules.score_id-required: removed",
        "rules.score-range.maximum: 1 -> 10",
    )
