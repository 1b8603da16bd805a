"""Comparisons and analyses over HTTP and by command."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.integration.catalog.test_sources import got
from tools.db.pool import open_pool


async def test_two_sources_side_by_side(client: httpx.AsyncClient) -> None:
    found = await got(client, "/sources/supplier-events/comparison/supplier-master")
    back = await got(client, "/sources/supplier-master/comparison/supplier-events")

    assert (found["left"], found["right"]) == ("supplier-events", "supplier-master")
    assert found["similarity"] == back["similarity"]
    assert found["left_in_right"] == back["right_in_left"]
    assert f"{found['similarity']:.0%} similar" in found["text"]
    assert all(match["why"] for match in found["alignment"]["matches"])


KIN = ("stage.kin-orders.v1", "kin-orders.v2", "kin-orders-dlq", "kin-cars", "kin-cars.dlq")


@pytest.fixture
async def kin(fleet_url: str) -> AsyncIterator[str]:
    """A cluster of their own, which is gone afterwards: others count what is in the catalog."""
    add = (
        "insert into sources (cluster, name, kind, status) values (%s, %s, 'discovered', 'present')"
    )
    async with await open_pool(fleet_url) as pool:
        async with pool.connection() as connection:
            for name in KIN:
                await connection.execute(add, ("kinship", name))
        yield "kinship"
        async with pool.connection() as connection:
            await connection.execute("delete from sources where cluster = 'kinship'")


async def test_families_are_told_apart_from_duplicates(client: httpx.AsyncClient, kin: str) -> None:
    first = await got(client, "/families", cluster=kin, limit=1)
    second = await got(client, "/families", cluster=kin, cursor=first["next_cursor"])

    assert [family["stem"] for family in first["items"]] == ["kin cars"]
    (orders,) = second["items"]
    assert [(one["name"], one["version"], one["role"]) for one in orders["members"]] == [
        ("kin-orders-dlq", None, "dead_letter"),
        ("kin-orders.v2", "2", None),
        ("stage.kin-orders.v1", "1", None),
    ]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/sources/supplier-events/comparison/suplier-master", 404, "Did you mean"),
        ("/sources/supplier-events/comparison/supplier-events", 409, "name another"),
        ("/sources/nowhere/related", 404, "no source 'nowhere'"),
        ("/analyses/99999", 404, "no analysis 99999"),
        ("/analyses/0", 422, "greater than or equal to 1"),
    ],
)
async def test_what_is_not_there_is_said(
    client: httpx.AsyncClient, path: str, status: int, says: str
) -> None:
    response = await client.get(path)

    assert response.status_code == status
    assert says in response.json()["detail"]


async def test_an_analysis_is_asked_for_once(client: httpx.AsyncClient) -> None:
    first = await client.post("/analyses")
    second = await client.post("/analyses", json={"whole": False})

    assert first.status_code == second.status_code == 202
    assert first.json()["id"] == second.json()["id"]
    assert first.headers["Location"] == f"/analyses/{first.json()['id']}"
    assert (await got(client, "/analyses"))["items"][0] == first.json()
    whole = (await client.post("/analyses", json={"whole": True})).json()
    assert whole["whole"]
    assert whole["id"] != first.json()["id"]
