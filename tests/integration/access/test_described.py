"""Whoever asks, no request of any form breaks the server."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.api import ApiName
from server.app import serve
from server.embedded.stack import EmbeddedStack
from tests.described import assert_no_breach
from tests.integration.access.callers import PRINCIPALS
from tests.integration.catalog.conftest import settings_of
from tests.integration.catalog.test_command_line import answering, free_port

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
    for token in (None, "wrong", "viewer", "owner", "steward", "admin"):
        await assert_no_breach(
            port, tmp_path, *_UNENDING, examples=1, seconds=6, token=token,
            checks="not_a_server_error",
        )  # fmt: skip


async def test_what_is_described_of_keys_and_audit_is_so(port: int, tmp_path: Path) -> None:
    await assert_no_breach(
        port, tmp_path, "--include-path-regex", "^/(keys|audit|whoami)", examples=8, seconds=20,
        token="admin",
    )  # fmt: skip
