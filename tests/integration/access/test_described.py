"""Keys, the audit log and roles against a served catalog, by commands and by any requests."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest

from server.api import ApiName
from server.app import serve
from server.embedded.port_claims import free_port
from server.embedded.stack import EmbeddedStack
from tests.described import assert_no_breach
from tests.integration.access.callers import PRINCIPALS
from tests.integration.catalog.conftest import settings_of
from tests.integration.catalog.test_command_line import answering, headwater

_UNENDING = ("--exclude-path-regex", "/events$")


@pytest.fixture
async def port(stack: EmbeddedStack, database_url: str) -> AsyncIterator[int]:
    chosen = free_port()
    settings = settings_of(stack, database_url, catalog_port=chosen, principals=PRINCIPALS)
    serving = asyncio.create_task(serve(settings, [ApiName.CATALOG]))
    await answering(chosen, serving)
    yield chosen
    serving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving


async def test_no_role_gets_an_error_of_the_servers_own(port: int, tmp_path: Path) -> None:
    """Nobody, and a token that nobody has, are asked for in the matrix of routes."""
    folders = [tmp_path / role for role in ("viewer", "owner", "steward", "admin")]
    for folder in folders:
        folder.mkdir()
    runs = (
        assert_no_breach(
            port, folder, *_UNENDING, examples=1, seconds=5, token=folder.name,
            checks="not_a_server_error",
        )
        for folder in folders
    )  # fmt: skip
    await asyncio.gather(*runs)


async def test_what_is_described_of_keys_and_audit_is_so(port: int, tmp_path: Path) -> None:
    await assert_no_breach(
        port, tmp_path, "--include-path-regex", "^/(keys|audit|whoami)", examples=8, seconds=20,
        token="admin",
    )  # fmt: skip


async def test_keys_and_the_audit_log_on_the_command_line(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run(*arguments: str, token: str, code: int = 0) -> str:
        monkeypatch.setenv("HEADWATER_TOKEN", token)
        shown = await headwater(*arguments, "--port", str(port))
        assert shown.exit_code == code, f"{shown.output} {shown.exception}"
        return f"{shown.output}{shown.exception or ''}"

    made = await run("keys", "create", "nightly", "--role", "steward", token="admin")
    (secret,) = re.findall(r"hw_[0-9a-f]{10}_[\w-]{43}", made)
    key_id = secret.split("_")[1]

    assert "nightly" in await run("keys", "list", token="admin")
    turned = orjson.loads(await run("keys", "rotate", key_id, "--json", token=secret))
    assert "good until" in await run("keys", "show", key_id, token=turned["secret"])
    assert "revoked" in await run("keys", "revoke", key_id, token="admin")
    assert "not known" in await run("keys", "list", token=secret, code=1)
    told = await run("audit", "--target", f"key:{key_id}", "--json", token="steward")
    done = [orjson.loads(line)["action"] for line in told.splitlines()]
    assert done == ["key.revoke", "key.rotate", "key.create"]
    table = await run("audit", "--action", "key", "--export", "csv", token="steward")
    assert len(table.splitlines()) == 4
    assert "user:default/owner may not" in await run("audit", token="owner", code=1)
