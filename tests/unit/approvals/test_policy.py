import hashlib
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from core.cost.estimate import CostEstimate, CostItem
from core.plan import Plan
from server.policy import AutoProvision, Policy
from server.principal import (
    InvalidReferenceError,
    PrincipalEntry,
    Principals,
    Role,
    reference,
)
from tests.unit.plans.plans import plan

JANE, BOB = "user:default/jane", "user:default/bob"


def priced(amount: str) -> Plan:
    item = CostItem(name="storage", formula="f", inputs={}, amount=Decimal(amount))
    cost = CostEstimate(currency="EUR", price_book="b 1", items=(item,))
    return plan().model_copy(update={"cost": cost})


def entry(ref: str, token: str, *roles: Role) -> PrincipalEntry:
    digest = hashlib.sha256(token.encode()).hexdigest()
    return PrincipalEntry.model_validate({"ref": ref, "token_sha256": digest, "roles": roles})


@pytest.mark.parametrize(
    ("limits", "wanted", "why"),
    [
        ({"principals": ["*"]}, plan(), None),
        ({"principals": ["User:Default/Jane"]}, plan(), None),
        ({"principals": [BOB]}, plan(), f"{JANE} is not among"),
        ({"owners": ["group:default/fraud-team"]}, plan(), None),
        ({"owners": ["group:default/others"]}, plan(), "fraud-team is not among"),
        ({"owners": ["*"], "max_partitions": 6}, plan(), None),
        ({"owners": ["*"], "max_partitions": 5}, plan(), "6 partitions are more than 5"),
        ({"owners": ["*"], "max_monthly_cost": "5"}, priced("5.00"), None),
        ({"owners": ["*"], "max_monthly_cost": "5"}, priced("5.01"), "5.01 EUR a month are more"),
        ({"owners": ["*"], "max_monthly_cost": "5"}, plan(), "cost is not known"),
    ],
)
def test_a_rule_allows_what_is_within_all_its_limits(
    limits: dict[str, Any], wanted: Plan, why: str | None
) -> None:
    rule = AutoProvision.model_validate({"name": "rule", **limits})
    ruling = Policy(auto_provision=(rule,)).ruling(wanted, JANE)

    assert (ruling.rule == rule) is (why is None)
    assert (why or "allows it") in ruling.why


def test_a_rule_that_names_nobody_is_refused() -> None:
    with pytest.raises(ValidationError, match="neither principals nor owners"):
        AutoProvision(name="all", max_partitions=3)


def test_whoever_declares_a_name_may_do_all_only_where_nobody_is_configured() -> None:
    listed = Principals([entry(JANE, "t", Role.OWNER)], open_to_all=True)

    assert Principals((), open_to_all=True).declared(BOB).may_decide
    assert not Principals((), open_to_all=False).declared(BOB).may_write
    assert not listed.declared(BOB).may_write
    assert listed.declared(JANE.upper()).roles == {Role.OWNER}
    assert not listed.declared(JANE).authenticated


def test_a_token_is_one_of_a_principal_or_nothing() -> None:
    listed = Principals(
        [entry(JANE, "one", Role.STEWARD), entry(BOB, "two", Role.VIEWER)], open_to_all=False
    )

    found = listed.of_token("one")
    assert found is not None
    assert (found.ref, found.authenticated, found.may_decide) == (JANE, True, True)
    assert listed.of_token("three") is None
    assert listed.of_token("") is None


@pytest.mark.parametrize("text", ["jane", "user:default/", "user:a b/c", "é"])
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(InvalidReferenceError):
        reference(text)


def test_a_token_is_configured_as_its_hash_and_never_shown() -> None:
    known = entry(JANE, "t", Role.ADMIN)

    assert "**" in known.model_dump_json()
    assert hashlib.sha256(b"t").hexdigest() not in repr(known)
    with pytest.raises(ValidationError, match="SHA-256"):
        PrincipalEntry.model_validate({"ref": JANE, "token_sha256": "t"})
