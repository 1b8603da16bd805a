"""`headwater products` against a served product service: what people see, exit codes, files."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest
import yaml

from server.api import ApiName
from server.app import serve
from server.embedded.port_claims import free_port
from server.embedded.stack import EmbeddedStack
from tests.integration.catalog.conftest import settings_of
from tests.integration.catalog.test_command_line import answering, headwater
from tests.integration.products.requests import contract


@pytest.fixture
async def port(stack: EmbeddedStack, database_url: str) -> AsyncIterator[str]:
    chosen = free_port()
    settings = settings_of(stack, database_url, products_port=chosen)
    serving = asyncio.create_task(serve(settings, [ApiName.PRODUCTS]))
    await answering(chosen, serving)
    yield str(chosen)
    serving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving


NEW = (
    *("create", "--name", "Fraud Scores", "--description", "Scores.", "--domain", "risk"),
    *("--owner", "group:default/fraud-team", "--tag", "fraud"),
)


async def test_a_product_from_its_draft_to_its_end(port: str, topic: str, tmp_path: Path) -> None:
    async def products(*arguments: str, code: int = 0) -> str:
        shown = await headwater("products", *arguments, "--port", port)
        assert shown.exit_code == code, f"{shown.output} {shown.exception}"
        return shown.output if code == 0 else f"{shown.output}{shown.exception}"

    file = tmp_path / "contract.yaml"
    file.write_text(yaml.safe_dump(contract(topic), sort_keys=False))

    assert "fraud-scores" in await products(*NEW, "--topic", topic, "--as", "user:default/jane")
    assert "1.1.0" in await products("contract", "fraud-scores", "--put", str(file))
    assert yaml.safe_load(await products("contract", "fraud-scores")) == contract(topic)
    document = orjson.loads(
        await products("contract", "fraud-scores", "--standard", "asyncapi", "--json")
    )
    assert document["asyncapi"] == "3.1.0"
    assert "active" in await products("activate", "fraud-scores")
    assert "1.1.1" in await products("update", "fraud-scores", "--description", "Better.")
    history = await products("versions", "fraud-scores")
    assert "user:default/jane" in history
    assert "contract: added" in history
    assert "“Scores.” became “Better.”" in await products("diff", "fraud-scores", "1.0.0")
    await products("diff", "fraud-scores", "1.1.1", "1.1.1", code=3)
    listed = await products("list", "--lifecycle", "active")
    assert topic in listed.replace("\n", "").replace(" ", "")
    assert max(len(line.rstrip()) for line in listed.splitlines()) <= 80
    assert "deprecated" in await products("deprecate", "fraud-scores")
    assert "retired" in await products("retire", "fraud-scores")
    assert "no use" in await products("delete", "fraud-scores", "--reason", "no use", "--yes")
    await products("list", code=3)
    assert "Restore it" in await products("show", "fraud-scores", code=1)
    assert "retired" in await products("restore", "fraud-scores")


async def test_snippets_are_printed_and_written(port: str, topic: str, tmp_path: Path) -> None:
    file = tmp_path / "contract.yaml"
    file.write_text(yaml.safe_dump(contract(topic)))
    await headwater("products", *NEW, "--topic", topic, "--port", port)
    await headwater("products", "contract", "fraud-scores", "--put", str(file), "--port", port)

    printed = await headwater("products", "snippets", "fraud-scores", "--port", port)
    written = await headwater(
        "products", "snippets", "fraud-scores", "--out", str(tmp_path), "--port", port
    )

    assert "Consumer" in printed.stdout
    for name in ("produce.py", "consume.py", "Produce.java", "kcat.sh"):
        assert (tmp_path / name).read_text() in printed.stdout
    assert "pip install" in written.stdout


async def test_refusals_say_what_to_do(port: str) -> None:
    await headwater("products", *NEW, "--port", port)
    wrong = await headwater("products", "retire", "fraud-scores", "--port", port)
    none = await headwater("products", "show", "fraud-score", "--port", port)
    nobody = await headwater("products", "list", "--port", str(free_port()))

    assert "it can become pending or active" in str(wrong.exception)
    assert "Did you mean fraud-scores?" in str(none.exception)
    assert "headwater up" in str(nobody.exception)
    assert {wrong.exit_code, none.exit_code, nobody.exit_code} == {1}
