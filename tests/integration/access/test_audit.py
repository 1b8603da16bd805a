"""The audit log: it takes entries and gives none back, is told to stewards, and comes out whole."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator

import httpx
import orjson
import psycopg
import pytest

from server.app import catalog_app
from server.embedded.stack import EmbeddedStack
from tests.integration.access.callers import PRINCIPALS, bearer
from tests.integration.catalog.conftest import client_of, settings_of
from tools.db import audit
from tools.db.pool import Pool

FORMULA = "=cmd|' /C calc'!A0"


@pytest.fixture
async def client(stack: EmbeddedStack, database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    settings = settings_of(stack, database_url, principals=PRINCIPALS)
    async with client_of(catalog_app(settings)) as client:
        yield client


@pytest.mark.parametrize(
    "statement",
    ["update audit_log set actor = 'x'", "delete from audit_log", "truncate audit_log"],
)
async def test_the_database_refuses_to_change_an_entry(pool: Pool, statement: str) -> None:
    async with pool.connection() as conn:
        await audit.record(conn, actor="user:default/jane", action="a.b", target="t:1")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append only"):
            await conn.execute(statement)

    assert len((await audit.AuditLog(pool).list()).items) == 1


async def test_a_deed_is_found_by_who_what_and_request_with_what_was_before(
    client: httpx.AsyncClient,
) -> None:
    headers = {**bearer("admin"), "X-Request-Id": "the-request"}
    key = (await client.post("/keys", json={"name": "k"}, headers=headers)).json()["key"]
    await client.delete(f"/keys/{key['id']}", headers=bearer("admin"))
    await client.post("/scans", json={}, headers=bearer("owner"))

    async def found(**asked: str | int) -> list[dict[str, object]]:
        answer = await client.get("/audit", params=asked, headers=bearer("steward"))
        assert answer.status_code == 200, answer.text
        items: list[dict[str, object]] = answer.json()["items"]
        return items

    revoked, created = await found(target=f"key:{key['id']}")
    assert (revoked["action"], created["action"]) == ("key.revoke", "key.create")
    assert revoked["before"] == created["after"]
    assert await found(request_id="the-request") == [created]
    assert await found(action="key") == await found(actor="user:default/admin")
    assert await found(action="key.revoke") == [revoked]
    assert await found(action="ke_") == []
    assert await found(until=str(created["at"])) == []
    (scan,) = await found(action="scan")
    assert (scan["actor"], scan["action"]) == ("user:default/owner", "scan.start")
    first = await client.get("/audit", params={"limit": 2}, headers=bearer("steward"))
    rest = {"limit": 2, "cursor": first.json()["next_cursor"]}
    assert await found(**rest) == [created]


async def test_an_export_is_whole_in_lines_of_json_and_harmless_in_a_spreadsheet(
    client: httpx.AsyncClient, pool: Pool
) -> None:
    async with pool.connection() as conn:
        for number in range(1_203):
            after = {"text": FORMULA, "n": number}
            await audit.record(conn, actor=FORMULA, action="a.b", target="t:1", after=after)
        await audit.record(conn, actor=f"  {FORMULA}", action="b.c", target="t:2")

    async def export(**asked: str) -> httpx.Response:
        return await client.get("/audit/export", params=asked, headers=bearer("admin"))

    lines = [orjson.loads(line) for line in (await export(action="a")).text.splitlines()]
    table = await export(action="a", format="csv")
    rows = list(csv.DictReader(io.StringIO(table.text)))
    (blank,) = csv.DictReader(io.StringIO((await export(action="b", format="csv")).text))

    assert [line["after"]["n"] for line in lines] == list(range(1_202, -1, -1))
    assert [row["id"] for row in rows] == [str(line["id"]) for line in lines]
    assert rows[0]["actor"] == f"'{FORMULA}"
    assert blank["actor"] == f"'  {FORMULA}"
    assert orjson.loads(rows[0]["after"]) == {"text": FORMULA, "n": 1_202}
    assert table.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
