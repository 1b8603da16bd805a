"""Errors are problem documents that say what to do."""

from __future__ import annotations

import httpx
import pytest

from server.app import catalog_app
from server.configured import NotConfiguredError
from server.embedded.stack import EmbeddedStack
from server.settings import Settings
from tests.integration.catalog.conftest import client_of, settings_of
from tools.db.errors import DatabaseUnreachableError


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("GET", "/nowhere", {}, 404),
        ("DELETE", "/sources", {}, 405),
        ("POST", "/search", {"content": b"x" * 300_000}, 413),
        ("POST", "/search", {"content": b"<a/>", "headers": {"content-type": "text/xml"}}, 415),
        ("POST", "/search", {"content": b"{no json"}, 422),
        ("GET", "/healthz", {"headers": {"host": "evil.example"}}, 421),
        ("POST", "/scans", {"headers": {"origin": "http://evil.example"}}, 403),
    ],
)
async def test_every_error_is_a_problem_document_with_advice_and_request_id(
    client: httpx.AsyncClient, method: str, path: str, sent: dict[str, object], status: int
) -> None:
    response = await client.request(method, path, **sent)  # type: ignore[arg-type]

    problem = response.json()
    assert response.status_code == problem["status"] == status
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["type"].startswith("urn:headwater:problem:")
    assert len(problem["detail"]) > 20
    assert problem["request_id"] == response.headers["x-request-id"]


@pytest.mark.parametrize(
    "path",
    ["/sources?owner=%00", "/changes?cluster=%00", "/scans?cluster=%00", "/sources/a?cluster=%00"],
)
async def test_a_null_character_is_the_callers_mistake(
    client: httpx.AsyncClient, path: str
) -> None:
    response = await client.get(path)

    assert (response.status_code, response.json()["type"]) == (
        422,
        "urn:headwater:problem:invalid-value",
    )


async def test_a_callers_request_id_is_kept_unless_it_is_nonsense(
    client: httpx.AsyncClient,
) -> None:
    kept = await client.get("/healthz", headers={"x-request-id": "abc-1"})
    replaced = await client.get("/healthz", headers={"x-request-id": "a b\tc"})

    assert kept.headers["x-request-id"] == "abc-1"
    assert replaced.headers["x-request-id"] != "a b\tc"


async def test_a_lost_postgres_is_a_503_that_asks_to_try_again(
    stack: EmbeddedStack, database_url: str
) -> None:
    app = catalog_app(settings_of(stack, database_url))
    async with client_of(app) as client:
        await app.state.services.pool.close()

        lists = await client.get("/sources")
        chat = await client.post("/chat", json={"message": "I need supplier data"})
        events = await client.post(
            "/chat", json={"message": "hi"}, headers={"accept": "text/event-stream"}
        )
        ready = await client.get("/readyz")

    assert (lists.status_code, chat.status_code) == (503, 503)
    assert lists.headers["retry-after"] == "5"
    assert lists.json()["type"] == "urn:headwater:problem:database-unreachable"
    assert "event: error" in events.text
    assert (ready.status_code, ready.json()["postgres"]["state"]) == (503, "unreachable")


async def test_a_server_that_cannot_start_says_why(stack: EmbeddedStack) -> None:
    nowhere = settings_of(stack, "postgresql://postgres@127.0.0.1:1/none")
    with pytest.raises(DatabaseUnreachableError):
        async with client_of(catalog_app(nowhere)):
            pass
    with pytest.raises(NotConfiguredError, match="HEADWATER_DATABASE_URL"):
        async with client_of(catalog_app(Settings())):
            pass
