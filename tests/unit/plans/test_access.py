"""What a plan's owner may do on Kafka: named by a template, shown, and part of what is approved."""

from __future__ import annotations

import pytest

from core.access import Access, Operation, checked_template, owner_access
from core.modification import modification
from core.plan import Plan
from core.plan_check import problems
from core.plan_diff import Existing, plan_diff
from core.plan_facts import PlanFacts
from tests.unit.plans.plans import plan

FRAUD_TEAM = owner_access("group:default/fraud-team", "User:{team}")


def granting(*access: Access) -> Plan:
    return plan().model_copy(update={"access": access})


@pytest.mark.parametrize(
    ("template", "principal"),
    [
        ("User:{team}", "User:fraud-team"),
        ("User:CN={team},O=Acme", "User:CN=fraud-team,O=Acme"),
        ("User:svc-{team}-{team}", "User:svc-fraud-team-fraud-team"),
    ],
)
def test_the_owner_is_called_as_the_template_says(template: str, principal: str) -> None:
    access = owner_access("group:default/fraud-team", checked_template(template))

    assert access == Access(principal=principal, operations=tuple(Operation))


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{team}", "begins with User:"),
        ("User:everyone", "all teams would be one principal"),
        ("User:{owner}", "{owner} is no placeholder"),
        ("User:{team!r}", "{team} is no placeholder"),
        ("User:{team.__class__}", "is no placeholder"),
        ("User:{team", "its braces are wrong"),
        ("User:{team}\n", "cannot be printed"),
    ],
)
def test_a_wrong_template_is_refused_with_what_to_write(template: str, said: str) -> None:
    with pytest.raises(ValueError, match="write it like") as refused:
        checked_template(template)

    assert said in str(refused.value)


def test_nobody_is_called_everybody() -> None:
    with pytest.raises(ValueError, match="principal"):
        owner_access("group:default/*", "User:{team}")


def test_the_access_is_part_of_what_is_approved() -> None:
    assert granting(FRAUD_TEAM).hash != granting().hash
    assert granting(FRAUD_TEAM).hash == granting(FRAUD_TEAM).hash


def test_a_plan_without_access_keeps_the_hash_that_it_was_decided_under() -> None:
    stored = granting().model_dump(mode="json")
    del stored["access"]

    assert Plan.model_validate(stored).hash == granting().hash


def test_a_cluster_that_takes_no_acls_is_a_problem_of_plans_with_access_alone() -> None:
    facts = PlanFacts(brokers=3, no_acls="the cluster has no authorizer")

    assert problems(granting(FRAUD_TEAM), facts) == ("access: the cluster has no authorizer",)
    assert problems(granting(), facts) == ()


def test_the_approver_sees_who_gets_what() -> None:
    shown = plan_diff(granting(FRAUD_TEAM), Existing(topic=None, subject=None, product=None))

    assert "access of User:fraud-team: read, write, describe" in shown.topic.lines


def test_a_new_owner_s_access_is_told_among_the_changes() -> None:
    payments = owner_access("group:default/payments", "User:{team}")

    assert modification(granting(FRAUD_TEAM), granting(payments)) == (
        "access: User:fraud-team: read, write, describe -> User:payments: read, write, describe",
    )
