"""Who the claims of a good token make one."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from server.issuer import Issuer
from server.principal import Role
from tools.identity.errors import TokenRefusedError

KEYCLOAK: dict[str, Any] = {
    "issuer": "https://id.example.com/realms/acme",
    "audience": "headwater",
    "subject_claim": "preferred_username",
    "roles_claim": "realm_access.roles",
    "roles": {"data-steward": "steward", "data-owner": ["owner"]},
}
BACKSTAGE: dict[str, Any] = {
    "issuer": "https://backstage.example.com/api/auth",
    "audience": "backstage",
    "subject": "{}",
    "teams_claim": "ent",
    "teams": "{}",
    "team_roles": {"group:default/fraud-team": "owner"},
}


def test_a_keycloak_token_gives_name_groups_and_roles() -> None:
    found = Issuer(**KEYCLOAK).principal(
        {
            "preferred_username": "Jane",
            "groups": ["/fraud-team", "/a/nested", 7],
            "realm_access": {"roles": ["data-owner", "offline_access"]},
        }
    )

    assert (found.ref, found.teams) == ("user:default/jane", ("group:default/fraud-team",))
    assert found.roles == {Role.OWNER}
    assert found.authenticated


def test_a_backstage_token_brings_its_references_along() -> None:
    ent = ["user:default/jane", "group:default/fraud-team"]

    found = Issuer(**BACKSTAGE).principal({"sub": "user:default/jane", "ent": ent})

    assert (found.ref, found.teams) == ("user:default/jane", ("group:default/fraud-team",))
    assert found.roles == {Role.OWNER}


def test_who_has_no_role_there_gets_the_one_of_everybody() -> None:
    assert Issuer(**BACKSTAGE).principal({"sub": "user:default/bob"}).roles == {Role.VIEWER}


@pytest.mark.parametrize(
    "name", ["user:default/admin", "group:default/x", "a/b", "", "jane@example.com", 7, None]
)
def test_a_name_cannot_leave_the_namespace_that_is_configured_for_it(name: object) -> None:
    with pytest.raises(TokenRefusedError, match="names no user"):
        Issuer(**KEYCLOAK).principal({"preferred_username": name})


@pytest.mark.parametrize("subject", ["group:default/admins", "jane", "user:default/"])
def test_a_reference_that_is_taken_as_it_is_must_be_a_users(subject: str) -> None:
    with pytest.raises(TokenRefusedError, match="names no user"):
        Issuer(**BACKSTAGE).principal({"sub": subject})


@pytest.mark.parametrize(
    "wrong",
    [
        {"algorithms": ["HS256"]},
        {"algorithms": ["none"]},
        {"audience": []},
        {"subject": "user:default/all"},
        {"issuer": "id.example.com"},
        {"leeway_seconds": 3_600},
    ],
)
def test_what_would_be_unsafe_cannot_be_configured(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Issuer(**{**KEYCLOAK, **wrong})
