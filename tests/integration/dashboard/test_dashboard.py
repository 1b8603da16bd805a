"""The dashboard's figures and the lists behind them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from rich.console import Console

from server.app import catalog_app
from server.cli.dashboard import activity_table, show_dashboard
from server.console.pages.dashboard import listed
from server.dashboard.views import ActivityView, Dashboard
from server.embedded.stack import EmbeddedStack
from tests.integration.catalog.conftest import client_of, settings_of
from tests.integration.dashboard.ground import JANE, figures, fill
from tools.db.dashboard import DashboardRepository
from tools.db.pool import Pool, open_pool

FLOOR = 0.95

DAYS = 2
"""The ground may have been made before midnight."""

AN_OLD_DAY = """
insert into dashboard_days
select cluster, %(day)s, measured_at, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, null, 0
from dashboard_days where day = %(today)s
"""


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    async with await open_pool(database_url) as pool:
        await fill(pool, database_url)
        await DashboardRepository(pool, FLOOR).measure("default")
        yield pool


@pytest.fixture
async def client(
    stack: EmbeddedStack, database_url: str, pool: Pool
) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(catalog_app(settings_of(stack, database_url))) as client:
        yield client


async def got(client: httpx.AsyncClient, path: str, **asked: Any) -> Any:
    response = await client.get(path, params=asked or None)
    assert response.status_code == 200, response.text
    return response.json()


async def rows(client: httpx.AsyncClient, href: str, limit: int) -> list[Mapping[str, Any]]:
    """All rows of a list, page by page."""
    found: list[Mapping[str, Any]] = []
    address = httpx.URL(href).copy_merge_params({"limit": limit})
    while True:
        page = await got(client, str(address))
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        address = address.copy_set_param("cursor", page["next_cursor"])


async def test_the_list_behind_each_figure_has_as_many_rows(client: httpx.AsyncClient) -> None:
    found = figures(await got(client, "/dashboard", days=DAYS))
    elsewhere = await got(client, "/dashboard", days=DAYS, cluster="elsewhere")

    assert {name: each["value"] for name, each in found.items() if not each["value"]} == {}
    assert len(found) >= 24
    for figure in (*found.values(), *figures(elsewhere).values()):
        assert len(await rows(client, figure["href"], limit=2)) == figure["value"], figure


async def test_the_figures_are_those_of_the_cluster(client: httpx.AsyncClient) -> None:
    told = figures(await got(client, "/dashboard", days=DAYS))

    values = {name: each["value"] for name, each in told.items()}
    assert values["sources.total"] == 7
    assert (values["sources.managed"], values["sources.discovered"]) == (1, 6)
    assert (values["sources.candidates"], values["sources.needs_governance"]) == (2, 2)
    assert (values["recommendations.total"], values["recommendations.by_kind.promote"]) == (9, 3)
    assert (values["quality.errors"], values["quality.warnings"]) == (2, 1)
    assert (values["quality.below_floor"], values["quality.average.over"]) == (1, 3)
    assert values["approvals.waiting"] == 3
    assert values["activity.consolidations_in_progress"] == 1
    assert values["activity.products_created"] == values["activity.sources_promoted"] == 1
    assert (values["activity.sources_found"], values["activity.sources_gone"]) == (8, 1)
    assert (values["activity.alerts_opened"], values["activity.alerts_resolved"]) == (4, 1)


async def test_the_average_is_shown_with_its_inputs(client: httpx.AsyncClient) -> None:
    average = (await got(client, "/dashboard"))["quality"]["average"]

    assert average["value"] == pytest.approx((0.95 + 0.85 + 1) / 3)
    assert average["value"] == pytest.approx(average["sum_of_scores"] / average["over"]["value"])
    assert average["records"] == 600


async def test_the_home_begins_with_the_lowest_score(client: httpx.AsyncClient) -> None:
    shown = (await client.get("/console/")).text

    card = shown[shown.index("Lowest quality") : shown.index("Browse by domain")]
    named = re.findall(r'class="topic" href="[^"]+">([^<]+)<', card)
    assert named == ["fraud-alerts", "supplier-events", "web.clicks"]


async def test_what_was_not_measured_is_not_shown(client: httpx.AsyncClient, pool: Pool) -> None:
    here = await got(client, "/dashboard")
    elsewhere = await got(client, "/dashboard", cluster="elsewhere")

    (today,) = here["trends"]
    assert today["sources"] == here["sources"]["total"]["value"]
    assert elsewhere["trends"] == []
    assert elsewhere["quality"]["average"]["value"] is None
    assert elsewhere["sources"]["total"]["value"] == 7


async def test_a_day_has_one_point_however_often_it_is_measured(pool: Pool) -> None:
    dashboard = DashboardRepository(pool, FLOOR)
    (first,) = await dashboard.days("default")
    for age in (3, 90):
        given = {"day": first.day - timedelta(days=age), "today": first.day}
        await pool.rows(AN_OLD_DAY, given)
    await pool.rows("update sources set status = 'vanished' where name = 'weather'", {})

    assert not await dashboard.measure("default", unless_within=3_600)
    assert await dashboard.measure("default")
    before, today = await dashboard.days("default")

    assert (before.day, before.sources) == (first.day - timedelta(days=3), 1)
    assert (today.day, today.sources) == (first.day, first.sources - 1)
    assert today.measured_at > first.measured_at


async def test_activity_is_told_newest_first_each_thing_once(client: httpx.AsyncClient) -> None:
    whole = (await got(client, "/activity", limit=200))["items"]
    paged = await rows(client, "/activity", limit=3)

    assert paged == whole
    assert len({each["id"] for each in whole}) == len(whole)
    assert [each["at"] for each in whole] == sorted((each["at"] for each in whole), reverse=True)
    assert {each["cluster"] for each in whole} == {"default", None}
    told = {each["kind"]: each for each in whole}
    assert told["product.created"]["by"] == JANE
    assert told["source.promoted"]["title"] == "fraud.3 became the data product Fraud scores"
    assert (
        told["approval.requested"]["title"] == "The plan of Fraud scores was handed in for approval"
    )
    assert told["recommendation.dismissed"]["href"].startswith("/recommendations/")
    for each in whole:
        if each["kind"].split(".")[0] in ("alert", "recommendation", "scan"):
            await got(client, each["href"])


async def test_activity_is_narrowed_by_kind_and_time(client: httpx.AsyncClient) -> None:
    since = datetime.now(UTC) - timedelta(hours=1)
    kinds = ["alert.opened", "alert.resolved"]

    alerts = (await got(client, "/activity", kind=kinds, since=since.isoformat()))["items"]
    before = (await got(client, "/activity", kind=kinds, until=since.isoformat()))["items"]

    assert [each["kind"] for each in alerts].count("alert.opened") == 4
    assert {each["kind"] for each in alerts} == set(kinds)
    assert before == []


async def test_what_cannot_be_asked_is_refused(client: httpx.AsyncClient) -> None:
    for wrong in (
        "/activity?since=yesterday",
        "/activity?since=0001-01-01T00:00:00%2B10:00",
        "/activity?kind=nothing",
        "/dashboard?days=91",
        "/sources?score_below=0",
    ):
        assert (await client.get(wrong)).status_code == 422, wrong


async def test_the_command_tells_figures_and_what_happened(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    told = Dashboard.model_validate(await got(client, "/dashboard"))
    show_dashboard(told, Console(width=80))
    happened = [
        ActivityView.model_validate(each) for each in (await got(client, "/activity"))["items"]
    ]
    Console(width=80).print(activity_table(happened))

    said = capsys.readouterr().out
    assert "93.3%" in said
    assert "needs governance" in said
    assert "supplier-events was found" in said
    assert max(map(len, said.splitlines())) <= 80


async def test_each_tile_of_the_console_opens_the_list_it_counts(client: httpx.AsyncClient) -> None:
    shown = await client.get("/console/dashboard")
    assert shown.status_code == 200, shown.text

    links = {unescape(href) for href in re.findall(r'class="stat[^>]*href="([^"]+)"', shown.text)}
    found = figures(await got(client, "/dashboard"))
    values = {listed(each["href"]): each["value"] for each in found.values()}
    assert len(links) >= 15
    assert {urlsplit(href).path for href in links} <= {urlsplit(href).path for href in values}
    for href, value in values.items():
        opened = await client.get(href)
        assert opened.status_code == 200, (href, opened.text[:2_000])
        shown_rows = opened.text.count('<th scope="row">') + opened.text.count('<span class="dot ')
        if urlsplit(href).path in ("/console/sources", "/console/activity"):
            assert shown_rows == value, href


async def test_the_console_tells_what_happened_and_escapes_it(
    client: httpx.AsyncClient, pool: Pool
) -> None:
    await pool.rows("update sources set name = '<b>weather' where name = 'weather'", {})

    shown = (await client.get("/console/activity", params={"kind": "source.found"})).text
    empty = (await client.get("/console/activity", params={"kind": "plan.failed"})).text

    assert "&lt;b&gt;weather was found" in shown
    assert "<b>weather" not in shown
    assert "Nothing like that happened" in empty
