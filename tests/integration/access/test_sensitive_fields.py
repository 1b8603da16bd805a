"""A viewer sees that a sensitive field exists, and its owners what it looks like; wherever read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from core.alerts.finding import Position
from core.schema.model import Bounds, Evidence, Logical
from server.app import catalog_app
from server.embedded.stack import EmbeddedStack
from tests.integration.access.callers import PRINCIPALS, bearer
from tests.integration.alerts.ground import Ground, finding
from tests.integration.catalog.conftest import client_of, settings_of
from tests.integration.catalog.fleet import field, record, write_fleet
from tests.integration.catalog.fleet import finding as found
from tools.db.pool import open_pool
from tools.embeddings.model import EmbeddingModel

TELLING = "zzz9@aa.aa"
EMAIL = replace(
    field("contact_email", logical=Logical.EMAIL),
    enum=(TELLING,),
    bounds=Bounds(max_length=64_321),
    evidence=Evidence(parents=300, seen=290, null=4, distinct=9.0, shapes=((TELLING, 0.9),)),
)
RATING = replace(field("rating"), enum=("good", "bad"))

PLACES = (
    "/sources/supplier-master",
    "/sources/supplier-master/schema",
    "/sources/supplier-master/schema?format=tree",
    "/sources/supplier-master/schema?format=avro",
    "/sources/supplier-master/schema?version=1&format=tree",
    "/sources/supplier-master/changes",
    "/sources/supplier-master/rules",
    "/sources/supplier-master/quality",
    "/changes",
    "/alerts",
    "/alerts/1",
    "/alerts/1/explanation",
    "/console/sources/supplier-master/schema",
)
"""Wherever something of a field is shown."""


@pytest.fixture
async def client(
    stack: EmbeddedStack, database_url: str, embeddings: EmbeddingModel
) -> AsyncIterator[httpx.AsyncClient]:
    """The topic is of a product, whose contract says nothing; one of its e-mail addresses broke a
    rule that lists them."""
    settings = settings_of(stack, database_url, principals=PRINCIPALS)
    schema = record(field("supplier_id"), EMAIL, RATING)
    change = (f"contact_email: symbols changed: added {TELLING}",)
    source = found("supplier-master", schema, "Suppliers.", registered=True)
    kind = source.changes[0][0]
    async with await open_pool(database_url) as pool:
        await write_fleet(pool, embeddings, [replace(source, changes=((kind, change),))])
        place = Position(partition=0, offset=7, excerpt=TELLING)
        broken = finding(
            "contact_email", source="supplier-master", told=f"It is {TELLING}.", positions=(place,)
        )
        await Ground(pool).look(0, broken, source="supplier-master")
    async with client_of(catalog_app(settings)) as client:
        rule = {"metric": "enum", "field": "contact_email", "values": [TELLING]}
        answer = await client.put(
            "/sources/supplier-master/rules/listed", json=rule, headers=bearer("owner")
        )
        assert answer.status_code == 200, answer.text
        yield client


async def _shown(client: httpx.AsyncClient, who: str) -> dict[str, str]:
    told = {}
    for place in PLACES:
        answer = await client.get(place, headers=bearer(who))
        assert answer.status_code == 200, f"{place}: {answer.text}"
        told[place] = answer.text
    return told


async def test_what_values_look_like_is_shown_to_owners_and_stewards_alone(
    client: httpx.AsyncClient,
) -> None:
    for who in ("", "viewer", "stranger"):
        for place, text in (await _shown(client, who)).items():
            leaks = [each for each in (TELLING, "64321") if each in text]
            assert leaks == [], f"{place} as {who}"
    for who in ("owner", "steward", "admin"):
        texts = await _shown(client, who)
        silent = [place for place, text in texts.items() if TELLING not in text]
        assert silent == [], f"as {who}"


async def test_a_viewer_still_sees_the_field_its_type_and_that_it_is_sensitive(
    client: httpx.AsyncClient,
) -> None:
    source = (await client.get("/sources/supplier-master", headers=bearer("viewer"))).json()
    fields: dict[str, Any] = {each["name"]: each for each in source["schema"]["root"]["children"]}
    rules = (await client.get("/sources/supplier-master/rules", headers=bearer("viewer"))).json()
    alert = (await client.get("/alerts/1", headers=bearer("viewer"))).json()

    email = fields["contact_email"]
    assert (email["kinds"], email["logical"], email["tags"]) == (["string"], "email", ["sensitive"])
    assert (email["evidence"]["seen"], email["evidence"]["shapes"]) == (290, [])
    assert fields["rating"]["enum"] == ["good", "bad"]
    (listed,) = [each for each in rules["items"] if each["id"] == "listed"]
    assert (listed["rule"]["metric"], listed["rule"]["hidden"]) == ("enum", True)
    assert [each["field"] for each in alert["findings"]] == ["contact_email"]


async def test_an_agent_reads_as_whoever_talks_to_it(client: httpx.AsyncClient) -> None:
    told = {}
    for who in ("viewer", "owner"):
        asked = {"message": "explain alert 1"}
        answer = await client.post("/chat", json=asked, headers=bearer(who))
        assert answer.status_code == 200, answer.text
        told[who] = answer.text

    assert TELLING not in told["viewer"]
    assert TELLING in told["owner"]
