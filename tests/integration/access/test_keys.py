"""API keys from their making to their end, over HTTP and on the command line; with JWTs beside."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from server.app import catalog_app
from server.embedded.stack import EmbeddedStack
from server.issuer import Issuer
from server.principal import Role
from tests.integration.access.callers import PRINCIPALS, TEAM, bearer, entry
from tests.integration.access.issuer import LocalIssuer, serving
from tests.integration.catalog.conftest import client_of, settings_of
from tools.db.pool import Pool

LEAD = entry("lead", Role.STEWARD, TEAM)


@pytest.fixture
def issuer() -> Iterator[LocalIssuer]:
    with serving() as issuer:
        issuer.add("one")
        yield issuer


@pytest.fixture
async def client(
    stack: EmbeddedStack, database_url: str, issuer: LocalIssuer
) -> AsyncIterator[httpx.AsyncClient]:
    trusted = Issuer(issuer=issuer.url, audience="headwater", team_roles={TEAM: "steward"})
    settings = settings_of(stack, database_url, principals=(*PRINCIPALS, LEAD), oidc=(trusted,))
    async with client_of(catalog_app(settings)) as client:
        yield client


async def test_a_key_works_until_it_is_rotated_and_its_overlap_is_over_or_it_is_revoked(
    client: httpx.AsyncClient, pool: Pool
) -> None:
    made = (
        await client.post("/keys", json={"name": "nightly", "roles": ["owner"]},
                          headers=bearer("lead"))
    ).json()  # fmt: skip
    key, first = made["key"], made["secret"]
    path = f"/keys/{key['id']}"
    assert first.startswith(f"hw_{key['id']}_")

    who = (await client.get("/whoami", headers=bearer(first))).json()
    assert who == {
        "principal": "user:default/lead", "authenticated": True, "roles": ["owner"],
        "teams": [TEAM], "key_id": key["id"],
    }  # fmt: skip
    used = (await client.get(path, headers=bearer("lead"))).json()
    assert used["last_used_at"] is not None

    turn = await client.post(f"{path}/rotate", json={}, headers=bearer("lead"))
    second = turn.json()["secret"]
    assert turn.json()["key"]["overlap_until"] is not None
    assert [await _status(client, each) for each in (first, second)] == [200, 200]
    third = (
        await client.post(f"{path}/rotate", json={"overlap_hours": 0}, headers=bearer("lead"))
    ).json()["secret"]
    assert [await _status(client, each) for each in (first, second, third)] == [401, 401, 200]

    revoked = (await client.delete(path, headers=bearer("lead"))).json()
    assert (revoked["status"], revoked["revoked_by"]) == ("revoked", "user:default/lead")
    assert await _status(client, third) == 401
    late = await client.post(f"{path}/rotate", json={}, headers=bearer("lead"))
    assert late.status_code == 409

    log = (await client.get("/audit", params={"action": "key"}, headers=bearer("lead"))).json()
    done = [entry["action"] for entry in log["items"]]
    assert done == ["key.revoke", "key.rotate", "key.rotate", "key.create"]
    async with pool.connection() as conn:
        kept = await conn.execute(
            "select (select string_agg(k::text, '') from api_keys k)"
            " || (select string_agg(a::text, '') from audit_log a) as kept"
        )
        text = (await kept.fetchone() or {})["kept"]
    assert not any(secret.rpartition("_")[2] in text for secret in (first, second, third))


async def _status(client: httpx.AsyncClient, token: str) -> int:
    return (await client.get("/whoami", headers=bearer(token))).status_code


async def test_an_expired_key_is_good_no_longer(client: httpx.AsyncClient, pool: Pool) -> None:
    made = (await client.post("/keys", json={"name": "k"}, headers=bearer("admin"))).json()
    async with pool.connection() as conn:
        await conn.execute("update api_keys set expires_at = now()")

    ended = await client.get(f"/keys/{made['key']['id']}", headers=bearer("admin"))

    assert await _status(client, made["secret"]) == 401
    assert ended.json()["status"] == "expired"


@pytest.mark.parametrize(
    ("who", "wish", "status"),
    [
        ("lead", {"roles": ["admin"]}, 403),
        ("lead", {"teams": ["group:default/other"]}, 403),
        ("lead", {"principal": "user:default/bob"}, 403),
        ("lead", {"roles": ["viewer"], "teams": []}, 201),
        ("admin", {"roles": ["steward"], "teams": [TEAM], "principal": "user:default/ci"}, 201),
        ("admin", {"principal": "ci"}, 422),
        ("admin", {"expires_in_days": 1_000}, 422),
    ],
)
async def test_nobody_gives_more_than_they_have_but_an_admin(
    client: httpx.AsyncClient, who: str, wish: dict[str, object], status: int
) -> None:
    answer = await client.post("/keys", json={"name": "k", **wish}, headers=bearer(who))

    assert answer.status_code == status, answer.text


async def test_a_key_makes_no_keys_and_a_steward_sees_none_of_others(
    client: httpx.AsyncClient,
) -> None:
    mine = (await client.post("/keys", json={"name": "mine"}, headers=bearer("lead"))).json()
    theirs = (await client.post("/keys", json={"name": "theirs"}, headers=bearer("admin"))).json()
    key, path = bearer(mine["secret"]), f"/keys/{theirs['key']['id']}"

    assert (await client.post("/keys", json={"name": "x"}, headers=key)).status_code == 403
    own = await client.post(f"/keys/{mine['key']['id']}/rotate", json={}, headers=key)
    assert own.status_code == 200
    assert (await client.get(path, headers=bearer("lead"))).status_code == 404
    assert (await client.delete(path, headers=bearer("lead"))).status_code == 404
    listed = (await client.get("/keys", headers=bearer("lead"))).json()["items"]
    every = (await client.get("/keys", params={"limit": 1}, headers=bearer("admin"))).json()
    assert [each["name"] for each in listed] == ["mine"]
    assert every["items"][0]["name"] == "theirs"
    rest = {"limit": 1, "cursor": every["next_cursor"]}
    (last,) = (await client.get("/keys", params=rest, headers=bearer("admin"))).json()["items"]
    assert last["name"] == "mine"


async def test_a_jwt_of_a_configured_issuer_is_a_bearer_token_and_a_bad_one_says_why(
    client: httpx.AsyncClient, issuer: LocalIssuer
) -> None:
    good = bearer(issuer.token("one", groups=["procurement"]))
    bad = bearer(issuer.token("one", exp=1))

    who = (await client.get("/whoami", headers=good)).json()
    refused = await client.get("/sources", headers=bad)

    assert (who["principal"], who["roles"], who["teams"]) == (
        "user:default/jane", ["steward"], [TEAM],
    )  # fmt: skip
    assert refused.status_code == 401
    assert "has expired" in refused.json()["detail"]
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]


async def test_an_issuer_that_is_away_is_a_503_while_other_tokens_work(
    stack: EmbeddedStack, database_url: str
) -> None:
    with serving() as issuer:
        issuer.add("one")
        token = issuer.token("one")
    trusted = Issuer(issuer=issuer.url, audience="headwater")
    settings = settings_of(stack, database_url, principals=PRINCIPALS, oidc=(trusted,))
    async with client_of(catalog_app(settings)) as client:
        away = await client.get("/whoami", headers=bearer(token))
        known = await client.get("/whoami", headers=bearer("viewer"))

    assert (away.status_code, known.status_code) == (503, 200)
    assert away.json()["type"] == "urn:headwater:problem:issuer-unreachable"
    assert away.headers["Retry-After"]


async def test_in_the_console_a_secret_is_on_the_page_that_makes_it_and_on_no_other(
    client: httpx.AsyncClient,
) -> None:
    lead = {**bearer("lead"), "Accept": "text/html"}
    await client.get("/console/keys", headers=lead)
    posted = {**lead, "X-CSRF-Token": client.cookies["headwater_csrf"]}

    made = await client.post(
        "/console/keys", data={"name": "<b>", "role": "viewer", "days": "30"}, headers=posted
    )
    (secret,) = re.findall(r"hw_[0-9a-f]{10}_[\w-]{43}", made.text)
    listed = await client.get("/console/keys", headers=lead)
    log = await client.get("/console/audit?action=key", headers=lead)
    other = await client.get("/console/audit", headers={**bearer("owner"), "Accept": "text/html"})

    assert made.headers["Cache-Control"] == "no-store"
    assert (await client.get("/whoami", headers=bearer(secret))).json()["roles"] == ["viewer"]
    for page in (listed, log):
        assert page.status_code == 200
        assert secret not in page.text
        assert "&lt;b&gt;" in page.text
    assert other.status_code == 403
