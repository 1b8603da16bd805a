import pytest

from core.ownership import OwnerEvidence, OwnerRules, OwnerRulesError, guess_owner, team_of_group

RULES = OwnerRules()


@pytest.mark.parametrize(
    ("topic", "ref"),
    [
        ("team-billing.invoices", "group:default/team-billing"),
        ("team_a-supplier-events", "group:default/team-a"),
        ("fraud-team.alerts", "group:default/fraud-team"),
        ("alerts.fraud-team", "group:default/fraud-team"),
    ],
)
def test_a_team_in_the_topic_name_is_its_guessed_owner(topic: str, ref: str) -> None:
    owner = guess_owner(OwnerEvidence(topic), RULES)
    assert owner is not None
    assert owner.ref == ref
    assert owner.guessed_from
    assert "topic's name" in owner.guessed_from


@pytest.mark.parametrize("topic", ["supplier-events", "orders.v1", "steam-sales", "team"])
def test_a_name_without_a_team_gives_no_owner(topic: str) -> None:
    assert guess_owner(OwnerEvidence(topic), RULES) is None


def test_the_registry_outranks_the_topic_name_and_is_named_as_the_ground() -> None:
    evidence = OwnerEvidence("team-a.orders", properties={"owner": "group:default/procurement"})
    owner = guess_owner(evidence, RULES)
    assert owner is not None
    assert owner.ref == "group:default/procurement"
    assert owner.guessed_from == "the property `owner` of the registered schema"


@pytest.mark.parametrize(
    ("header", "value"),
    [("producer", "team-a.erp-export"), ("team", "team-a"), ("owner", "group:default/team-a")],
)
def test_the_header_with_which_a_producer_signs_tells_its_team(header: str, value: str) -> None:
    owner = guess_owner(OwnerEvidence("supplier-events", headers={header: value}), RULES)
    assert owner is not None
    assert owner.ref == "group:default/team-a"
    assert owner.guessed_from == f"the header `{header}` of its messages"


def test_a_producer_without_a_team_is_no_owner() -> None:
    evidence = OwnerEvidence("orders", headers={"producer": "order-service"})
    assert guess_owner(evidence, RULES) is None


def test_a_property_that_is_no_team_name_is_passed_over() -> None:
    evidence = OwnerEvidence("team-a.orders", properties={"owner": "see <b>wiki</b>; or ask Joe!"})
    owner = guess_owner(evidence, RULES)
    assert owner is not None
    assert owner.ref == "group:default/team-a"


@pytest.mark.parametrize(
    ("group", "team"),
    [
        ("risk-scoring.nightly-export", "risk-scoring"),
        ("connect-sink", None),
        ("console-consumer-4711", None),
        ("com.example.billing", None),
        (".hidden", None),
    ],
)
def test_a_consumer_group_tells_its_team_before_the_first_dot(group: str, team: str | None) -> None:
    assert team_of_group(group, RULES) == team


def test_rules_from_yaml_replace_what_they_name_and_keep_the_rest() -> None:
    rules = OwnerRules.from_yaml(
        """
        reference: "group:acme/{team}"
        topics:
          - pattern: '^supplier-events$'
            owner: group:default/team-a
            says: the list of legacy topics
          - pattern: '^dom\\.(?P<team>[a-z]+)\\.'
        """
    )
    legacy = guess_owner(OwnerEvidence("supplier-events"), rules)
    assert legacy is not None
    assert (legacy.ref, legacy.guessed_from) == (
        "group:default/team-a",
        "the list of legacy topics",
    )
    named = guess_owner(OwnerEvidence("dom.sales.orders"), rules)
    assert named is not None
    assert named.ref == "group:acme/sales"
    assert team_of_group("risk.app", rules) == "risk"


@pytest.mark.parametrize(
    "text",
    [
        "topics: [{pattern: '(unclosed'}]",
        "topics: [{pattern: 'no-team-group'}]",
        "topic_rules: []",
        "topics: [",
        "- just a list",
    ],
)
def test_unusable_rules_are_refused_with_advice(text: str) -> None:
    with pytest.raises(OwnerRulesError, match="A rule needs a `pattern`"):
        OwnerRules.from_yaml(text)
