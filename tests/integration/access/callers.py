"""Who asks in these tests, each with a token that is their name."""

from __future__ import annotations

import hashlib

from server.principal import PrincipalEntry, Role

TEAM, OTHER_TEAM = "group:default/procurement", "group:default/other"

STRANGER = "stranger"
"""May write, and is of another team."""


def entry(name: str, role: Role, *teams: str) -> PrincipalEntry:
    return PrincipalEntry(
        ref=f"user:default/{name}",
        token_sha256=hashlib.sha256(name.encode()).hexdigest(),
        roles=frozenset({role}),
        teams=teams,
    )


PRINCIPALS = (
    entry("viewer", Role.VIEWER, OTHER_TEAM),
    entry(STRANGER, Role.OWNER, OTHER_TEAM),
    entry("owner", Role.OWNER, TEAM),
    entry("steward", Role.STEWARD),
    entry("admin", Role.ADMIN),
)

CALLERS = ("", "wrong", *(each.ref.rpartition("/")[2] for each in PRINCIPALS))
"""Nobody, a token that nobody has, and each of the principals."""


def bearer(name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {name}"} if name else {}
