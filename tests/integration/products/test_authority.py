"""With principals configured a product is changed by its owners, and stewards activate."""

from __future__ import annotations

import pytest

from server.app import products_app
from server.embedded.stack import EmbeddedStack
from server.principal import Role
from tests.integration.access.callers import bearer, entry
from tests.integration.catalog.conftest import client_of, settings_of
from tests.integration.products.requests import ANY, draft

TEAM = "group:default/fraud-team"


PRINCIPALS = (
    entry("viewer", Role.VIEWER, TEAM),
    entry("owner", Role.OWNER, TEAM),
    entry("stranger", Role.OWNER, "group:default/other"),
    entry("steward", Role.STEWARD),
)


@pytest.mark.parametrize(
    ("who", "create", "change", "delete"),
    [
        ("", 401, 401, 401),
        ("nobody", 401, 401, 401),
        ("viewer", 403, 403, 403),
        ("stranger", 403, 403, 403),
        ("owner", 201, 200, 200),
        ("steward", 201, 200, 200),
    ],
)
async def test_who_may_write(
    stack: EmbeddedStack, database_url: str, who: str, create: int, change: int, delete: int
) -> None:
    settings = settings_of(stack, database_url, principals=PRINCIPALS)
    async with client_of(products_app(settings)) as client:
        await client.post("/products", json=draft(id="p"), headers=bearer("steward"))
        headers = {**ANY, **bearer(who)}

        made = await client.post("/products", json=draft(id="q"), headers=headers)
        changed = await client.patch("/products/p", json={"tags": []}, headers=headers)
        gone = await client.delete("/products/p?reason=r", headers=headers)
        read = await client.get("/products")

    assert (made.status_code, changed.status_code, gone.status_code) == (create, change, delete)
    assert read.status_code == 200


async def test_an_owner_gives_no_product_away_and_activates_none(
    stack: EmbeddedStack, database_url: str
) -> None:
    settings = settings_of(stack, database_url, principals=PRINCIPALS)
    async with client_of(products_app(settings)) as client:
        headers = {**ANY, **bearer("owner")}
        await client.post("/products", json=draft(id="p"), headers=headers)

        given = await client.patch(
            "/products/p", json={"owner": "group:default/other"}, headers=headers
        )
        active = await client.post("/products/p/activate", headers=headers)
        submitted = await client.post("/products/p/submit", headers=headers)

    assert (given.status_code, active.status_code, submitted.status_code) == (403, 403, 200)
