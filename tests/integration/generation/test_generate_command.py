"""`headwater generate`: progress, what exists, the plan, and how to approve it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import orjson
import pytest
from click.testing import Result
from typer.testing import CliRunner

from server.api import ApiName
from server.app import serve
from server.cli.main import app
from server.embedded.port_claims import free_port
from server.settings import Settings
from tests.integration.catalog.test_command_line import answering
from tests.integration.generation.conftest import FRAUD, JANE, Rig


@pytest.fixture(scope="module")
async def port(settings: Settings, rig: Rig) -> AsyncIterator[int]:
    """A generator on a port of its own; the shared server's workers draft for it as well."""
    chosen = free_port()
    own = Settings.model_validate({**settings.model_dump(), "generator_port": chosen})
    serving = asyncio.create_task(serve(own, [ApiName.GENERATOR]))
    await answering(chosen, serving)
    yield chosen
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def headwater(port: int, *arguments: str) -> Result:
    given = [*arguments, "--generator-port", str(port)]
    return await asyncio.to_thread(CliRunner().invoke, app, given)


async def test_a_draft_is_shown_with_fields_rules_cost_and_the_command_to_approve(
    port: int, rig: Rig
) -> None:
    named = ("--name", f"{rig.prefix} scores", "--owner", "fraud-team")
    shown = await headwater(port, "generate", FRAUD, *named)

    assert shown.exit_code == 0, shown.output
    for said in ("fraud_score", "Quality rules", "Monthly cost", "related source", "kept 2,555"):
        assert said in shown.output
    assert "Approve with: headwater approvals approve apr-" in shown.output


async def test_scripts_read_json_and_wait_for_the_product(port: int, rig: Rig) -> None:
    named = ("--name", f"{rig.prefix} waited", "--owner", "fraud-team")
    waiting = asyncio.create_task(
        headwater(port, "generate", FRAUD, *named, "--approve-wait", "--json")
    )
    approval_id = await _asked_for(rig, f"{rig.prefix} waited")
    approval = (await rig.catalog.get(f"/approvals/{approval_id}")).json()
    rig.approved.append(approval["plan"])
    await rig.catalog.post(
        f"/approvals/{approval_id}/decision", json={"decision": "approve"}, headers=JANE
    )
    ended = await waiting

    assert ended.exit_code == 0, ended.output
    view = orjson.loads(ended.stdout)
    assert view["generation"]["status"] == "active"
    assert view["plan"]["topic"]["name"] == approval["plan"]["topic"]["name"]


async def test_a_rejected_plan_is_an_exit_code(port: int, rig: Rig) -> None:
    named = ("--name", f"{rig.prefix} declined", "--owner", "fraud-team")
    waiting = asyncio.create_task(headwater(port, "generate", FRAUD, *named, "--approve-wait"))
    approval_id = await _asked_for(rig, f"{rig.prefix} declined")
    await rig.catalog.post(
        f"/approvals/{approval_id}/decision", json={"decision": "reject"}, headers=JANE
    )

    assert (await waiting).exit_code == 1


async def test_without_a_server_it_says_what_to_do(port: int) -> None:
    nobody = await headwater(free_port(), "generate", "x", "--name", "a", "--owner", "b")

    assert nobody.exit_code == 1
    assert "headwater up" in str(nobody.exception)


async def _asked_for(rig: Rig, name: str) -> str:
    """The approval of the product of that name, once there is one."""
    for _ in range(1_200):
        found = (await rig.catalog.get("/approvals", params={"status": "pending"})).json()
        for item in found["items"]:
            if item["product_name"] == name:
                return str(item["id"])
        await asyncio.sleep(0.05)
    raise AssertionError(f"nothing waits for {name}")
