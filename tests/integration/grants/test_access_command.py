"""`headwater access` against a served product service."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import orjson
from typer.testing import CliRunner

from server.api import APIS, ApiName
from server.app import app_of
from server.cli.main import app
from server.embedded.port_claims import free_port
from server.listening import listen, opened
from tests.integration.catalog.test_command_line import answering
from tests.integration.grants.conftest import Ground


async def test_access_is_asked_for_listed_and_revoked_on_the_command_line(
    ground: Ground,
) -> None:
    async with serving(ground) as port:

        async def access(*arguments: str, who: str = "joe", code: int = 0) -> str:
            runner = CliRunner(env={"HEADWATER_TOKEN": who})
            asked = ["access", *arguments, "--port", port]
            shown = await asyncio.to_thread(runner.invoke, app, asked)
            assert shown.exit_code == code, f"{shown.output} {shown.exception}"
            return shown.output

        what = ("request", ground.product_id, "--team", "payments", "-m", "holds")
        asked = await access(*what, "--days", "30", "--group", ground.group)
        none = await access("list", "--product", ground.product_id, code=3)
        waiting = await access("requests", "--product", ground.product_id, "--json")
        request_id = orjson.loads(waiting.splitlines()[0])["id"]
        await ground.decided("ann", request_id)
        grant_id = (await ground.ended(request_id))["grant_id"]
        listed = await access("list", "--product", ground.product_id)
        revoked = await access("revoke", grant_id, "-m", "over", who="ann")

    assert f"may read the topic {ground.topic}" in asked
    assert f"headwater approvals approve|reject|modify {request_id}" in asked
    assert "Nobody was given access" in none
    assert "User:payments: read" in listed
    assert "it is revoked since" in revoked


@contextlib.asynccontextmanager
async def serving(ground: Ground) -> AsyncIterator[str]:
    services, port = ground.services, free_port()
    served = app_of(APIS[ApiName.PRODUCTS], services.settings, services)
    with opened("127.0.0.1", [("products_port", port)]) as sockets:
        running = asyncio.create_task(listen([(served, sockets[0])]))
        await answering(port, running)
        yield str(port)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
