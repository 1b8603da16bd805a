"""Alerts over HTTP and by the links that teams are sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from core.quality.rule import Severity
from server.alerts.link import LIFETIME, AlertLinks
from server.app import catalog_app
from server.embedded.stack import EmbeddedStack
from tests.integration.alerts.ground import TEAM, Ground, finding, holding
from tests.integration.catalog.conftest import client_of, settings_of
from tools.db.audit import AuditLog

SECRET = "the secret of these links, long enough"
JANE = {"X-Headwater-Principal": "user:default/jane"}


@dataclass
class Told:
    """A running catalog with one alert, of two fields of one topic."""

    client: httpx.AsyncClient
    ground: Ground

    async def post(self, deed: str, body: Any = None, number: int = 1) -> httpx.Response:
        return await self.client.post(f"/alerts/{number}/{deed}", json=body, headers=JANE)

    async def got(self, path: str = "/alerts/1", **asked: Any) -> Any:
        response = await self.client.get(path, params=asked)
        assert response.status_code == 200, response.text
        return response.json()

    async def link(self, secret: str = SECRET, older: timedelta = timedelta(0)) -> str:
        (alert,) = await self.ground.all()
        now = datetime.now(UTC)
        given = alert.model_copy(update={"opened_at": now - older})
        return await AlertLinks(self.ground.pool, "", secret).link_of(given)


@pytest.fixture
async def told(stack: EmbeddedStack, database_url: str, ground: Ground) -> AsyncIterator[Told]:
    settings = settings_of(stack, database_url, callback_secret=SECRET)
    await ground.look(0, finding(), finding("<b>"))
    async with client_of(catalog_app(settings)) as client:
        yield Told(client, ground)


async def test_an_alert_is_shown_with_what_happened_and_what_can_be_done(told: Told) -> None:
    (listed,) = (await told.got("/alerts", active=True))["items"]
    detail = await told.got()

    assert listed == {name: detail[name] for name in listed}
    assert (detail["status"], detail["source"], detail["team"]) == ("open", "orders.v1", TEAM)
    assert {each["field"] for each in detail["findings"]} == {"customer_id", "<b>"}
    assert [each["kind"] for each in detail["events"]] == ["opened"]
    assert detail["events"][0]["published_at"] is None
    assert [each["name"] for each in detail["actions"]] == ["acknowledge", "resolve", "mute"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [2, 1]),
        ({"active": True}, [2]),
        ({"active": False}, [1]),
        ({"status": "open"}, [2]),
        ({"status": "resolved"}, [1]),
        ({"source": "orders.v1"}, [1]),
        ({"source": "elsewhere"}, []),
        ({"severity": "warning"}, [2]),
        ({"team": TEAM}, [1]),
        ({"cluster": "another"}, []),
        ({"team": TEAM, "severity": "warning"}, []),
    ],
)
async def test_a_list_has_what_every_filter_lets_through(
    told: Told, asked: dict[str, Any], found: list[int]
) -> None:
    await told.ground.look(50, holding(finding()), holding(finding("<b>")))
    await told.ground.look(90, holding(finding()), holding(finding("<b>")))
    await told.ground.look(99, finding(severity=Severity.WARNING), source="quiet")

    page = await told.got("/alerts", **asked)

    assert [each["id"] for each in page["items"]] == found


async def test_a_list_is_paged(told: Told) -> None:
    for number in range(5):
        await told.ground.look(100, finding(), source=f"s{number}")

    first = await told.got("/alerts", limit=4)
    second = await told.got("/alerts", limit=4, cursor=first["next_cursor"])
    wrong = await told.client.get("/alerts", params={"cursor": "nonsense"})

    assert [each["id"] for each in (*first["items"], *second["items"])] == [6, 5, 4, 3, 2, 1]
    assert second["next_cursor"] is None
    assert wrong.status_code == 400


async def test_people_acknowledge_mute_and_resolve_and_repeats_change_nothing(told: Told) -> None:
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    acknowledged = await told.post("acknowledge", {"comment": "on it"})
    assert (await told.post("acknowledge", {"comment": "on it"})).json() == acknowledged.json()
    muted = await told.post("mute", {"until": until, "reason": "a migration"})
    assert (await told.post("mute", {"until": until, "reason": "a migration"})).json() == (
        muted.json()
    )
    unmuted = await told.post("unmute")
    resolved = await told.post("resolve", {"reason": "rolled back"})
    assert (await told.post("resolve", {"reason": "rolled back"})).json() == resolved.json()

    assert acknowledged.json()["status"] == "acknowledged"
    assert acknowledged.json()["acknowledged"]["by"] == "user:default/jane"
    assert muted.json()["muted"]["reason"] == "a migration"
    assert unmuted.json()["muted"] is None
    assert resolved.json()["resolved"]["reason"] == "rolled back"
    entries = (await AuditLog(told.ground.pool).list("alert:1")).items
    assert len(entries) == 4
    late = await told.post("acknowledge", {})
    assert (late.status_code, late.json()["type"]) == (409, "urn:headwater:problem:alert-resolved")


@pytest.mark.parametrize(
    ("deed", "body", "status"),
    [
        ("resolve", {"reason": "  "}, 422),
        ("resolve", {}, 422),
        ("mute", {}, 422),
        ("mute", {"minutes": 5, "until": "2100-01-01T00:00:00Z"}, 422),
        ("mute", {"minutes": 0}, 422),
        ("mute", {"until": "2020-01-01T00:00:00Z"}, 409),
        ("mute", {"until": "9999-12-31T23:59:59-12:00"}, 409),
        ("mute", {"until": "0001-01-01T00:00:00+12:00"}, 409),
        ("acknowledge", {"note": "?"}, 422),
    ],
)
async def test_what_cannot_be_done_is_refused_and_changes_nothing(
    told: Told, deed: str, body: dict[str, Any], status: int
) -> None:
    refused = await told.post(deed, body)

    assert refused.status_code == status, refused.text
    assert refused.headers["content-type"] == "application/problem+json"
    assert [each["kind"] for each in (await told.got())["events"]] == ["opened"]


async def test_an_alert_that_is_not_there_is_not_found(told: Told) -> None:
    for deed, body in (("acknowledge", {}), ("resolve", {"reason": "x"}), ("unmute", None)):
        assert (await told.post(deed, body, number=999)).status_code == 404
    assert (await told.client.get("/alerts/999")).status_code == 404


async def test_a_link_shows_a_page_and_takes_the_acknowledgement(told: Told) -> None:
    link = await told.link()

    page = await told.client.get(link, headers={"Accept": "text/html"})
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "`&lt;b&gt;`" in page.text
    assert "<b>" not in page.text
    assert (await told.got())["status"] == "open"

    body = {"acknowledged_by": "User:Default/Bob", "comment": "I look"}
    answered = await told.client.post(link, json=body)
    assert answered.json()["acknowledged"]["by"] == "user:default/bob"
    again = await told.client.get(link, headers={"Accept": "text/html"})
    assert "Acknowledged by user:default/bob" in again.text


async def test_a_link_that_is_no_longer_good_or_never_was_opens_nothing(told: Told) -> None:
    forged = await told.client.get(await told.link(secret="another secret than the server's"))
    cut = await told.client.get((await told.link())[:-3])
    late = await told.client.get(await told.link(older=LIFETIME))
    nobody = await told.client.post(await told.link(), json={"acknowledged_by": "me"})

    codes = [each.status_code for each in (forged, cut, late, nobody)]
    assert codes == [403, 403, 410, 422]


async def test_only_who_may_write_does_something(
    stack: EmbeddedStack, database_url: str, ground: Ground
) -> None:
    entry = {"ref": "user:default/eve", "token_sha256": "0" * 64}
    await ground.look(0, finding())
    async with client_of(
        catalog_app(settings_of(stack, database_url, principals=[entry]))
    ) as client:
        seen = await client.get("/alerts/1")
        refused = await client.post("/alerts/1/resolve", json={"reason": "x"}, headers=JANE)

    assert (seen.status_code, refused.status_code) == (200, 401)
