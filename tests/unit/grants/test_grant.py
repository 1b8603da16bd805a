from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from core.access import Operation
from core.grant import GrantPlan, grant_problems
from core.grant_life import GrantStatus, ending, parted
from core.modification import modification
from core.plan import Plan
from core.plan_changes import InvalidChangesError, allowed_paths, change
from tests.unit.grants.made import AT, access_to, asked, grant
from tests.unit.plans.plans import plan


def test_a_reader_gets_what_a_consumer_needs_and_a_writer_what_a_producer_does() -> None:
    both = asked(operations=(Operation.READ, Operation.WRITE), topics=("a", "b"))
    writer = asked(operations=(Operation.WRITE,), group=None)

    assert [each.what for each in asked().permissions] == [
        "read the topic fraud.scores",
        "describe the topic fraud.scores",
        "read the consumer group payments.holds",
    ]
    assert len(both.permissions) == 7
    assert [each.what for each in writer.permissions] == [
        "write the topic fraud.scores",
        "describe the topic fraud.scores",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"group": None},
        {"group": "*"},
        {"group": "pa", "group_prefix": True},
        {"operations": ("write",)},
        {"operations": ("describe",)},
        {"principal": "User:*"},
        {"team": "user:default/joe"},
        {"until": AT.replace(tzinfo=None)},
    ],
)
def test_what_would_open_more_than_it_says_is_no_grant(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        asked(**wrong)


def test_a_plan_comes_back_from_json_with_the_same_hash_and_others_keep_theirs() -> None:
    made = access_to()

    assert Plan.model_validate(made.model_dump(mode="json")).hash == made.hash
    assert "grant" not in str(plan().model_dump(exclude_none=True))
    with pytest.raises(ValidationError, match="a plan of kind access has a grant"):
        Plan(**{**dict(plan()), "grant": asked()})


def test_an_end_in_the_past_or_too_far_away_is_a_problem() -> None:
    def told(given: GrantPlan, *topics: str) -> list[str]:
        return [each.partition(":")[0] for each in grant_problems(given, AT, frozenset(topics))]

    assert told(asked()) == []
    assert told(asked(until=AT)) == ["grant.until"]
    assert told(asked(until=AT + timedelta(days=367))) == ["grant.until"]
    assert told(asked(), "another") == ["grant.topics"]


def test_of_a_plan_of_access_only_the_access_may_be_changed() -> None:
    made = access_to()

    changed = change(made, {"grant.until": "2027-02-01T00:00:00Z"})

    assert all(path.startswith("grant.") for path in allowed_paths(made.kind))
    assert modification(made, changed) == (
        "grant.until: 2027-03-31T00:00:00Z -> 2027-02-01T00:00:00Z",
    )
    for path in ("topic.partitions", "grant.principal", "grant.team", "rules.x", "product.owner"):
        with pytest.raises(InvalidChangesError):
            change(made, {path: "User:other"})
    with pytest.raises(InvalidChangesError):
        change(plan(), {"grant.until": "2027-02-01T00:00:00Z"})


def test_a_permission_is_its_own_unless_somebody_else_gave_it_before() -> None:
    read, describe, group = asked().permissions
    other = grant("gr-1", own=(describe,))

    alone = parted(asked().permissions, {read}, ())
    beside = parted(asked().permissions, {read, describe}, [other])

    assert (alone.own, alone.found) == ((describe, group), (read,))
    assert (beside.own, beside.found) == ((describe, group), (read,))


def test_at_its_end_a_grant_takes_its_own_but_what_a_live_one_needs() -> None:
    read, describe, group = asked().permissions
    ended = grant("gr-1", GrantStatus.ENDING, own=(read, group), found=(describe,))
    live = grant("gr-2", plan=asked(group="payments.other"))

    alone = ending(ended, [ended, grant("gr-3", GrantStatus.ENDING)])
    beside = ending(ended, [ended, live])

    assert alone.take == (read, group)
    assert [each.because for each in alone.kept] == ["somebody else had given it before"]
    assert beside.take == (group,)
    assert [each.permission for each in beside.kept] == [describe, read]
