"""Use and costs over the API: counted by looks at offsets, for the teams that they are of."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from core.cost.estimate import CostEstimate, CostItem
from server.app import catalog_app
from server.embedded.stack import EmbeddedStack
from server.principal import Role
from server.services import Services
from tests.integration.access.callers import bearer, entry
from tests.integration.catalog.conftest import client_of, settings_of
from tools.db.usage import WRITTEN, Seen, UsageLedger

NOW = datetime.now(UTC)
HOUR_AGO = NOW - timedelta(hours=1)

BUYER, STEWARD = "buyer-token", "steward-token"


def days() -> dict[str, str]:
    """Those of the two looks and of what is asked since, which may be another."""
    return {"from": HOUR_AGO.date().isoformat(), "to": datetime.now(UTC).date().isoformat()}


@pytest.fixture(scope="module")
def app(stack: EmbeddedStack, fleet_url: str) -> FastAPI:
    settings = settings_of(
        stack,
        fleet_url,
        principals=(
            entry(BUYER, Role.OWNER, "group:default/procurement"),
            entry(STEWARD, Role.STEWARD),
        ),
    )
    return catalog_app(settings)


@pytest.fixture(scope="module")
async def asked(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """The catalog of the fleet with principals, after two looks at it an hour apart."""
    async with client_of(app) as running:
        ledger = UsageLedger(services(app).pool, "default")
        for at, high, committed in ((HOUR_AGO, 1_000, 100), (NOW, 4_600, 1_900)):
            await ledger.observe(
                [
                    Seen("supplier-events", WRITTEN, {0: high}),
                    Seen("supplier-events", "billing-sync", {0: committed}, "billing", 50),
                    Seen("supplier-events", "mine", {0: high}, "procurement", 0),
                    Seen("supplier-master", WRITTEN, {0: 1_200}),
                    Seen("fraud-alerts", WRITTEN, {0: high}),
                    Seen("fraud-alerts", "risk-scoring", {0: high}, "risk", 0),
                    Seen("fraud-alerts", "mine", {0: 3}, "procurement", 9),
                    Seen("web.clicks", WRITTEN, {0: high}),
                ],
                at,
            )
        yield running


def services(app: FastAPI) -> Services:
    found: Services = app.state.services
    return found


async def get(
    client: httpx.AsyncClient, path: str, token: str = STEWARD, **given: Any
) -> dict[str, Any]:
    answer = await client.get(path, params={**days(), **given}, headers=bearer(token))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_sources_use_is_what_was_written_and_read_by_team(
    asked: httpx.AsyncClient,
) -> None:
    (used,) = (await get(asked, "/usage", source="supplier-events"))["items"]

    assert (used["written"], used["written_per_second"], used["read"]) == (3600, 1.0, 5400)
    assert [(team["team"], team["messages"]) for team in used["teams"]] == [
        ("procurement", 3600),
        ("billing", 1800),
    ]
    billing = used["consumers"][1]
    assert (billing["group"], billing["lag"], billing["per_second"]) == ("billing-sync", 50, 0.5)


async def test_owners_see_theirs_and_their_own_groups_elsewhere_stewards_all(
    asked: httpx.AsyncClient,
) -> None:
    everything = (await get(asked, "/usage", limit=100))["items"]
    own = (await get(asked, "/usage", BUYER))["items"]
    anonymous = await asked.get("/usage", params=days())
    foreign = await asked.get("/usage", params={"source": "web.clicks"}, headers=bearer(BUYER))

    assert len(everything) == 8
    groups = {used["source"]: [each["group"] for each in used["consumers"]] for used in own}
    assert groups == {
        "fraud-alerts": ["mine"],
        "supplier-events": ["mine", "billing-sync"],
        "supplier-master": [],
    }
    assert anonymous.json()["items"] == []
    assert foreign.status_code == 403


async def test_a_team_is_found_by_what_it_owns_or_reads(asked: httpx.AsyncClient) -> None:
    names = [
        [used["source"] for used in (await get(asked, "/usage", team=team))["items"]]
        for team in ("risk", "group:default/billing")
    ]

    assert names == [["fraud-alerts"], ["supplier-events"]]


async def test_what_nobody_uses_is_told_page_by_page_with_why(asked: httpx.AsyncClient) -> None:
    found: list[tuple[str, str]] = []
    cursor: str | None = None
    while True:
        page = await get(asked, "/usage/unused", limit=1, **({"cursor": cursor} if cursor else {}))
        found += [(item["kind"], item["name"]) for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert found == [
        ("product", "supplier-master-data"),
        ("silent", "supplier-master"),
        ("unread", "web.clicks"),
    ]
    (own,) = (await get(asked, "/usage/unused", BUYER, kind="silent"))["items"]
    assert own["why"].startswith("Nothing was written to it from ")
    # Nothing is called unused that was not looked at all the while.
    earlier = (HOUR_AGO.date() - timedelta(days=1)).isoformat()
    assert (await get(asked, "/usage/unused", **{"from": earlier}))["items"] == []


async def test_searches_in_vain_are_for_stewards_and_hold_no_address(
    app: FastAPI, asked: httpx.AsyncClient
) -> None:
    services(app).usage.tally.searched("default", "mail of Jane@Example.com", found=False)
    await asked.post("/search", json={"query": "Supplier"})
    await services(app).usage.tally.flush()

    found = (await get(asked, "/usage/searches"))["items"]
    in_vain = (await get(asked, "/usage/searches", nothing_found=True))["items"]
    owners = await asked.get("/usage/searches", headers=bearer(BUYER))

    assert {"supplier", "mail of <e-mail>"} <= {each["query"] for each in found}
    wanted = {each["query"] for each in in_vain}
    assert "mail of <e-mail>" in wanted
    assert "supplier" not in wanted
    assert owners.status_code == 403


async def test_a_look_at_a_source_is_counted_by_kind_of_principal_and_one_in_vain_is_not(
    app: FastAPI, asked: httpx.AsyncClient
) -> None:
    for name, token in (("weather", BUYER), ("weather", ""), ("wether", BUYER)):
        await asked.get(f"/sources/{name}", headers=bearer(token))
    await services(app).usage.tally.flush()

    rows = await services(app).pool.rows(
        "select * from usage_views where name in ('weather', 'wether')", {}
    )
    (used,) = (await get(asked, "/usage", source="weather"))["items"]

    by = {row["principal"]: row["views"] for row in rows if row["name"] == "weather"}
    assert {row["name"] for row in rows} == {"weather"}
    assert by["anonymous"] >= 1
    assert used["view_days"][-1]["by"] == by


async def test_costs_add_up_by_topic_product_and_team(asked: httpx.AsyncClient) -> None:
    totals = {by: await get(asked, "/costs", by=by) for by in ("topic", "product", "team")}

    assert len({each["total"] for each in totals.values()}) == 1
    lines = [line for by in totals.values() for line in by["items"]]
    assert all(item["formula"] and item["inputs"] for line in lines for item in line["items"])
    own = await get(asked, "/costs", BUYER)
    assert {line["owner"] for line in own["items"]} == {"group:default/procurement"}
    page = await get(asked, "/costs", limit=2)
    rest = await get(asked, "/costs", cursor=page["next_cursor"], limit=200)
    assert [*page["items"], *rest["items"]] == totals["topic"]["items"]


async def test_costs_come_as_a_table_that_is_asked_for_either_way(
    asked: httpx.AsyncClient,
) -> None:
    headers = bearer(STEWARD)
    given = await asked.get("/costs", params={**days(), "format": "csv"}, headers=headers)
    accepted = await asked.get("/costs", params=days(), headers={**headers, "Accept": "text/csv"})

    assert given.text == accepted.text
    assert given.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(given.text, newline="")))
    total = (await get(asked, "/costs"))["total"]
    assert sum(Decimal(row["monthly"]) for row in rows) == Decimal(total)


async def test_what_a_source_costs_is_held_against_what_was_estimated(
    app: FastAPI, asked: httpx.AsyncClient
) -> None:
    estimate = CostEstimate(
        currency="USD",
        price_book="built-in 1",
        items=(
            CostItem(
                name="partitions",
                formula="partitions x replication x price per partition and month",
                inputs={"partitions": "12", "replication": "3", "price": "1.00"},
                amount=Decimal("36.00"),
            ),
        ),
    )
    await services(app).pool.rows(
        """
        insert into approvals (id, thread_id, kind, status, plan, plan_hash, requested_by,
            expires_at, decided_at)
        values ('cost-1', 'cost-1', 'create', 'active', jsonb_build_object(
            'topic', jsonb_build_object('name', 'supplier-events', 'cluster', 'default'),
            'cost', %(cost)s::jsonb), '', '', now(), now())
        """,
        {"cost": estimate.model_dump_json()},
    )

    told = await get(asked, "/sources/supplier-events/cost", BUYER)

    (partitions,) = [each for each in told["difference"]["items"] if each["because"]]
    assert (partitions["estimated"], partitions["measured"]) == ("36.00", "3.00")
    assert [(each["input"], each["effect"]) for each in partitions["because"]] == [
        ("partitions", "-27.00"),
        ("replication", "-6.00"),
    ]
    foreign = await asked.get("/sources/web.clicks/cost", headers=bearer(BUYER))
    assert foreign.status_code == 403


async def test_days_that_cannot_be_asked_for_are_refused_with_advice(
    asked: httpx.AsyncClient,
) -> None:
    answer = await asked.get("/usage", params={"from": "2026-02-02", "to": "2026-01-01"})

    assert answer.status_code == 422
    assert "Swap them" in answer.json()["detail"]


async def test_the_chat_tells_what_a_source_costs_to_those_whose_it_is(
    asked: httpx.AsyncClient,
) -> None:
    async def said(message: str) -> str:
        answer = await asked.post("/chat", json={"message": message}, headers=bearer(BUYER))
        text: str = answer.json()["answer"]
        return text

    own = await said("what does supplier-events cost?")
    foreign = await said("what does web.clicks cost?")

    assert "a month at what was measured, by the price book built-in 1" in own
    assert "- partitions 3.00: " in own
    assert "for its owner's team and for stewards to see" in foreign
    assert "3.00" not in foreign


@pytest.mark.parametrize(
    ("path", "shown", "token", "status"),
    [
        ("usage?days=7", "supplier-events", STEWARD, 200),
        ("usage?view=unused&days=1", "", STEWARD, 200),
        ("usage?view=searches", "", STEWARD, 200),
        ("usage?view=searches", "steward", BUYER, 403),
        ("costs?by=team", "/costs?by=team", STEWARD, 200),
        ("costs?by=product", "Supplier Master Data", STEWARD, 200),
        ("costs?by=savings", "", STEWARD, 200),
        ("sources/supplier-events/usage?days=2", "billing-sync", BUYER, 200),
        ("sources/supplier-events/cost", "a month, measured", BUYER, 200),
        ("sources/web.clicks/cost", "stewards to see", BUYER, 200),
        ("sources/web.clicks/usage", "stewards to see", BUYER, 200),
    ],
)
async def test_pages_and_panes_show_what_the_api_tells(
    asked: httpx.AsyncClient, path: str, shown: str, token: str, status: int
) -> None:
    answer = await asked.get(f"/console/{path}", headers=bearer(token))

    assert answer.status_code == status, answer.text
    assert shown in answer.text
    assert "<script>alert" not in answer.text
