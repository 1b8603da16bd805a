"""Rules of a topic over the API: stated by people, refused where they do not fit, and switched."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from core.contract.reading import checked
from core.product import OutputPort
from core.quality.rule import QualityRule
from server.app import catalog_app
from server.embedded.stack import EmbeddedStack
from server.principal import Role
from tests.integration.access.callers import bearer, entry
from tests.integration.catalog.conftest import client_of, settings_of
from tests.integration.catalog.fleet import CLUSTER, write_fleet
from tests.integration.products.requests import contract
from tools.db.audit import AuditLog
from tools.db.pool import Pool, open_pool
from tools.db.products import Deed, ProductRepository
from tools.db.rules import RuleRepository
from tools.embeddings.model import EmbeddingModel

TOPIC = "supplier_data_raw"
PATH = f"/sources/{TOPIC}/rules"
RANGE = {"metric": "range", "field": "rating", "minimum": 0, "maximum": 5, "reason": "stars"}
LEARNT = QualityRule(
    id="rating-there", metric="required", field="rating", inferred=True, reason="99 of 100"
)

Client = httpx.AsyncClient


@pytest.fixture
async def pool(database_url: str, embeddings: EmbeddingModel) -> AsyncIterator[Pool]:
    pool = await open_pool(database_url)
    await write_fleet(pool, embeddings)
    yield pool
    await pool.close()


@pytest.fixture
async def client(stack: EmbeddedStack, database_url: str, pool: Pool) -> AsyncIterator[Client]:
    async with client_of(catalog_app(settings_of(stack, database_url))) as running:
        yield running


async def learn(pool: Pool, *rules: QualityRule, topic: str = TOPIC) -> None:
    async with pool.connection() as conn, conn.transaction():
        await RuleRepository(pool).learn(conn, OutputPort(cluster=CLUSTER, topic=topic), rules)


async def listed(client: Client, topic: str = TOPIC) -> dict[str, dict[str, Any]]:
    """Those that are stored, by id."""
    answer = await client.get(f"/sources/{topic}/rules")
    assert answer.status_code == 200, answer.text
    return {each["id"]: each for each in answer.json()["items"] if each["origin"] != "implied"}


async def test_a_stated_rule_is_watched_from_then_on_and_the_same_again_changes_nothing(
    client: Client, pool: Pool
) -> None:
    put = await client.put(f"{PATH}/rating-range", json=RANGE)
    again = await client.put(f"{PATH}/rating-range", json={**RANGE, "id": "rating-range"})
    watched = await RuleRepository(pool).watched(CLUSTER)
    changed = await client.put(f"{PATH}/rating-range", json={**RANGE, "maximum": 6})
    deeds = (await AuditLog(pool).list(f"rule:{CLUSTER}/{TOPIC}/rating-range")).items

    assert put.status_code == 200, put.text
    told = put.json()
    assert (told["says"], told["origin"]) == ("rating is at least 0 and at most 5", "stated")
    assert (told["active"], told["stated_by"]) == (True, "user:default/local")
    assert again.json() == told
    assert [each.rule.id for each in watched[TOPIC]] == ["rating-range"]
    assert changed.json()["since"] > told["since"]
    assert [deed.action for deed in deeds] == ["rule.put", "rule.put"]
    assert deeds[0].before is not None
    assert deeds[0].before["rule"]["maximum"] == 5


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({**RANGE, "field": "stars"}, 422, "'stars', which is no field: the fields are"),
        ({**RANGE, "field": "company_name"}, 422, "a range needs a number, it is string"),
        ({**RANGE, "id": "other"}, 422, "Leave it out"),
        ({**RANGE, "inferred": True}, 422, "inferred"),
        ({**RANGE, "minimum": 9}, 422, "minimum above its maximum"),
        ({"metric": "pattern", "field": "company_name", "pattern": "(?=a)"}, 422, "look-ahead"),
        ({"metric": "compare", "expression": "rating >"}, 422, "cannot be used"),
        ({"metric": "compare", "expression": "rating > company_name"}, 422, "compared"),
        ({"metric": "unique", "fields": ["rating"]}, 422, "two or more different fields"),
        ({"metric": "nonsense"}, 422, "metric"),
        ({"metric": "required", "field": "rating", "reason": "a\0b"}, 422, ""),
    ],
)
async def test_a_bad_rule_is_refused_with_the_reason(
    client: Client, body: dict[str, Any], status: int, told: str
) -> None:
    answer = await client.put(f"{PATH}/r", json=body)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert told in answer.json()["detail"]
    assert await listed(client) == {}


async def test_what_is_not_known_is_told(client: Client) -> None:
    nowhere = await client.put("/sources/supplier-event/rules/r", json=RANGE)
    unread = await client.put("/sources/weather/rules/r", json=RANGE)
    stream = await client.put(
        "/sources/weather/rules/r", json={"metric": "freshness", "max_delay_ms": 60_000}
    )
    gone = await client.delete(f"{PATH}/nothing")
    off = await client.put(f"{PATH}/nothing/active", json={"active": False})

    assert (nowhere.status_code, "supplier-events" in nowhere.json()["near"]) == (404, True)
    assert (unread.status_code, unread.json()["type"]) == (
        409,
        "urn:headwater:problem:schema-unknown",
    )
    assert stream.status_code == 200, stream.text
    assert (gone.status_code, off.status_code) == (404, 404)
    assert "No rule is stored for it" in gone.json()["detail"]


async def test_a_rule_is_taken_back_by_whoever_may(client: Client, pool: Pool) -> None:
    await client.put(f"{PATH}/rating-range", json=RANGE)

    gone = await client.delete(f"{PATH}/rating-range")
    again = await client.delete(f"{PATH}/rating-range")

    assert (gone.status_code, gone.content, again.status_code) == (204, b"", 404)
    assert await listed(client) == {}
    assert TOPIC not in await RuleRepository(pool).watched(CLUSTER)


async def test_an_inferred_rule_that_was_switched_off_stays_off_when_it_is_learnt_again(
    client: Client, pool: Pool
) -> None:
    await learn(pool, LEARNT)
    taught = (await listed(client))[LEARNT.id]
    kept = await client.delete(f"{PATH}/{LEARNT.id}")
    off = await client.put(f"{PATH}/{LEARNT.id}/active", json={"active": False})
    same = await client.put(f"{PATH}/{LEARNT.id}/active", json={"active": False})
    await learn(pool)
    await learn(pool, LEARNT.model_copy(update={"reason": "999 of 1,000"}))
    now = (await listed(client))[LEARNT.id]
    on = await client.put(f"{PATH}/{LEARNT.id}/active", json={"active": True})

    assert (taught["origin"], taught["active"], taught["stated_by"]) == ("inferred", True, None)
    assert (kept.status_code, "Switch it off" in kept.json()["detail"]) == (409, True)
    assert off.json()["switched_by"] == "user:default/local"
    assert same.json() == off.json()
    assert (now["active"], now["rule"]["reason"]) == (False, "999 of 1,000")
    assert now["since"] == off.json()["since"]
    assert on.json()["active"] is True


async def test_what_the_stream_teaches_no_more_goes_and_what_people_state_stands(
    client: Client, pool: Pool
) -> None:
    other = LEARNT.model_copy(update={"id": "name-there", "field": "company_name"})
    await learn(pool, LEARNT, other)
    stated = {"metric": "required", "field": "rating", "severity": "warning"}
    put = await client.put(f"{PATH}/{LEARNT.id}", json=stated)
    await learn(pool, LEARNT)
    now = await listed(client)

    assert put.json()["origin"] == "stated"
    assert now.keys() == {LEARNT.id}
    assert (now[LEARNT.id]["origin"], now[LEARNT.id]["rule"]["severity"]) == ("stated", "warning")


async def test_a_rule_of_a_contract_is_changed_in_the_contract(client: Client, pool: Pool) -> None:
    products = ProductRepository(pool)
    deed = Deed("user:default/jane", "product.contract")
    document = contract("supplier-master")
    document["schema"][0]["quality"].append({"type": "text", "name": "eyes", "description": "ok"})

    await products.put_contract("supplier-master-data", checked(document), deed)
    path = "/sources/supplier-master/rules/score-range"
    answer = (await client.get("/sources/supplier-master/rules")).json()
    shown = {each["id"]: each for each in answer["items"]}
    refused = [
        await client.put(path, json=RANGE),
        await client.delete(path),
        await client.put(f"{path}/active", json={"active": False}),
    ]

    assert (shown["score-range"]["origin"], shown["score-range"]["product_id"]) == (
        "product",
        "supplier-master-data",
    )
    assert shown["conformity"]["origin"] == "implied"
    assert [(each["name"], each["why"]) for each in answer["not_watched"]] == [
        ("eyes", "it is text for people")
    ]
    assert {each.status_code for each in refused} == {409}
    assert "PUT /products/supplier-master-data/contract" in refused[0].json()["detail"]


async def test_a_contract_takes_over_a_stated_rule_of_its_id_and_a_deleted_product_lets_go(
    client: Client, pool: Pool
) -> None:

    products = ProductRepository(pool)
    deed = Deed("user:default/jane", "product.contract")
    path = "/sources/supplier-master/rules/score-range"
    await client.put(path, json=RANGE)
    await products.put_contract("supplier-master-data", checked(contract("supplier-master")), deed)
    owned = (await listed(client, "supplier-master"))["score-range"]
    await products.delete("supplier-master-data", "no more", deed)
    rests = (await listed(client, "supplier-master"))["score-range"]
    back = await client.put(path, json=RANGE)

    assert (owned["origin"], owned["stated_by"]) == ("product", None)
    assert rests["active"] is False
    assert (back.status_code, back.json()["origin"]) == (200, "stated"), back.text
    assert back.json()["active"] is True


@pytest.mark.parametrize(
    ("who", "managed", "guessed"),
    [("", 401, 401), ("viewer", 403, 403), ("other", 403, 403), ("owner", 200, 403),
     ("steward", 200, 200)],
)  # fmt: skip
async def test_rules_are_stated_by_the_owner_or_a_steward_and_a_guess_is_no_owner(
    stack: EmbeddedStack, database_url: str, pool: Pool, who: str, managed: int, guessed: int
) -> None:
    team = "group:default/procurement"
    principals = (
        entry("viewer", Role.VIEWER, team),
        entry("owner", Role.OWNER, team),
        entry("other", Role.OWNER, "group:default/other"),
        entry("steward", Role.STEWARD),
    )
    headers = bearer(who)
    settings = settings_of(stack, database_url, principals=principals)
    async with client_of(catalog_app(settings)) as client:
        master, events = [
            await client.put(f"/sources/{topic}/rules/r", json=RANGE, headers=headers)
            for topic in ("supplier-master", "supplier-events")
        ]
        read = await client.get("/sources/supplier-events/rules")

    assert (master.status_code, events.status_code) == (managed, guessed), events.text
    assert read.status_code == 200
