"""`headwater approvals` against served routes: what people see, what scripts read, exit codes."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import orjson
import pytest
from typer.testing import CliRunner, Result

from core.approval import ApprovalStatus
from server.cli.main import app as command
from server.listening import listen
from tests.integration.approvals.conftest import BOB, JANE, AppOf, House
from tests.integration.approvals.plans import a_plan
from tools.db.provisioning import StepRepository

pytestmark = pytest.mark.usefixtures("wide")


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
async def port(app_of: AppOf) -> AsyncIterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(listen([(app_of(), listening)]))
        yield str(listening.getsockname()[1])
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving


async def approvals(*arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, command, ["approvals", *arguments])


async def test_an_inbox_is_listed_within_80_columns(house: House, port: str) -> None:
    empty = await approvals("list", "--port", port)
    pending = await house.pending()
    shown = await approvals("list", "--status", "pending", "--port", port)
    as_json = await approvals("list", "--json", "--port", port)

    assert empty.exit_code == 3
    assert pending.id in shown.output
    assert "3.00 USD" in shown.output
    assert max(len(line.rstrip()) for line in shown.output.splitlines()) <= 80
    assert orjson.loads(as_json.stdout)["items"][0]["id"] == pending.id


async def test_a_plan_is_shown_with_diff_cost_risks_and_the_way_on(house: House, port: str) -> None:
    pending = await house.pending(a_plan("shown-nowhere"))

    shown = await approvals("show", pending.id, "--port", port)

    assert shown.exit_code == 0, shown.output
    for told in (
        "Fraud scores  pending",
        "asked for by jane",
        "6 partitions, 1 replica, kept for 7 days",
        pending.plan_hash,
        "+ shown-nowhere: new topic",
        "score: number",
        "cost: 3.00 USD a month, by test 1",
        "partitions x rate",
        "Holds confidential or personal data (email)",
        f"headwater approvals approve|reject|modify {pending.id}",
    ):
        assert told in shown.output, told


async def test_a_decision_is_taken_as_the_one_named_and_refusals_say_why(
    house: House, port: str
) -> None:
    pending = await house.pending()
    own = await approvals("approve", pending.id, "--as", JANE.ref, "--port", port)
    done = await approvals("approve", pending.id, "--as", BOB.ref, "-m", "fine", "--port", port)
    contrary = await approvals("reject", pending.id, "--as", BOB.ref, "--port", port)
    nobody = await approvals("reject", pending.id, "--as", "bob", "--port", port)

    assert "asked for this plan" in str(own.exception)
    assert done.exit_code == 0, done.output
    assert "approve by bob" in done.output
    assert "fine" in done.output
    assert "decided approve" in str(contrary.exception)
    assert "no entity reference" in str(nobody.exception)
    assert {each.exit_code for each in (own, contrary, nobody)} == {1}


async def test_a_plan_is_modified_by_paths_and_values(house: House, port: str) -> None:
    pending = await house.pending()
    given = ("--as", BOB.ref, "--port", port)
    unknown = await approvals("modify", pending.id, "--set", "topic.colour=red", *given)
    formless = await approvals("modify", pending.id, "--set", "topic.partitions", *given)
    done = await approvals(
        "modify",
        pending.id,
        "--set",
        "topic.partitions=12",
        "--set",
        'product.tags=["fraud"]',
        "--set",
        "product.domain=risk",
        "--set",
        "rules.score-range=null",
        *given,
    )

    assert "topic.retention_ms" in str(unknown.exception)
    assert "PATH=VALUE" in str(formless.exception)
    assert done.exit_code == 0, done.output
    assert "topic.partitions: 6 -> 12" in done.output
    assert 'product.tags: [] -> ["fraud"]' in done.output
    assert "rules.score-range: removed" in done.output


async def test_a_link_is_made_and_printed_alone(house: House, port: str) -> None:
    pending = await house.pending()
    made = await approvals("link", pending.id, "--as", BOB.ref, "--hours", "2", "--port", port)

    assert made.exit_code == 0, made.output
    assert made.stdout.startswith(f"http://127.0.0.1:{port}/approvals/callback/{pending.id}.")


async def test_waiting_ends_with_the_plan_and_tells_each_step(house: House, port: str) -> None:
    pending = await house.pending()
    steps = StepRepository(house.pool)
    command = ("approve", pending.id, "--as", BOB.ref, "--wait", "--port", port)
    waiting = asyncio.create_task(approvals(*command))
    for _ in range(1_200):
        if (await house.approvals.get(pending.id)).status is ApprovalStatus.APPROVED:
            break
        await asyncio.sleep(0.05)
    await steps.plan(pending.id, ["topic", "schema"])
    await house.approvals.begin(pending.id)
    await steps.finish(pending.id, await steps.begin(pending.id, "topic"), {"topic": "x"})
    await steps.fail(pending.id, await steps.begin(pending.id, "schema"), "incompatible")
    await house.approvals.finish(pending.id, ApprovalStatus.FAILED, "The schema was refused.")

    ended = await waiting

    assert ended.exit_code == 1
    assert "✓ topic" in ended.output
    assert "✗ schema" in ended.output
    assert "incompatible" in ended.output
    assert "The schema was refused." in ended.output
    assert "s from the decision" in ended.output
