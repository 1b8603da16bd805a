"""What Backstage reads: judged by Backstage's own validators, over topics with odd names."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import yaml

from core.generation import GenerationRequest
from core.product import DataProduct, Lifecycle, OutputPort
from core.source import Owner
from server.app import catalog_app
from server.backstage import parts
from server.embedded.stack import EmbeddedStack
from tests.integration.catalog.conftest import client_of, database_of, settings_of
from tests.integration.catalog.fleet import (
    CLUSTER,
    FINDINGS,
    MASTER,
    READERS,
    field,
    finding,
    record,
)
from tests.integration.catalog.test_command_line import headwater, port
from tests.node_tools import asked
from tools.db.finding import Reader
from tools.db.findings import FindingRepository
from tools.db.pool import open_pool
from tools.db.products import ProductRepository
from tools.db.scans import ScanRepository

__all__ = ["port"]

CATALOG = "/backstage/catalog-info.yaml"
ODD_FLEET = f"test_backstage_{secrets.token_hex(4)}"
URL = f"http://localhost{CATALOG}"

ODD = ("Orders", "orders", "ORDERS", "_internal.", "a..b", "-x-", "long." * 49, "made-0123456789ab")
ODD_FINDINGS = tuple(
    finding(
        name,
        record(field("order_id")),
        f"Orders, ![seen](http://elsewhere/{number}).",
        owner=Owner(ref=f"group:default/Team_{number % 3}", guessed_from="a test"),
    )
    for number, name in enumerate(ODD)
)
PRODUCT = DataProduct(
    id="orders",
    name="Orders: 100% *true*",
    description="Orders,\nof all shops.",
    owner="group:default/Team_1",
    domain="Supply Chain & Logistics",
    tags=("Gold tier", "!!"),
    lifecycle=Lifecycle.DEPRECATED,
    ports=tuple(OutputPort(cluster=CLUSTER, topic=topic) for topic in ("Orders", "orders")),
)
ODD_READERS = (
    Reader("orders", "orders", "Team_1", 1, "stable"),
    Reader("my group/with: ünï 😀", "ORDERS", None, 1, "stable"),
    Reader("gone", "no-such-topic", "gone", 1, "empty"),
)


@pytest.fixture(scope="module")
async def odd_url(stack: EmbeddedStack, template_database: str) -> AsyncIterator[str]:
    async with database_of(stack, template_database, ODD_FLEET) as url:
        await write_odd_fleet(url)
        yield url


@pytest.fixture(scope="module")
async def odd(stack: EmbeddedStack, odd_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(catalog_app(settings_of(stack, odd_url))) as running:
        yield running


async def write_odd_fleet(url: str) -> None:
    pool = await open_pool(url)
    for product in (MASTER, PRODUCT):
        await ProductRepository(pool).put(product)
    run = await ScanRepository(pool).queue(CLUSTER, "test")
    found = FindingRepository(pool, CLUSTER)
    await found.put(run.id, (*FINDINGS, *ODD_FINDINGS))
    await found.put_consumers((*READERS, *ODD_READERS))
    await pool.close()


async def pages(client: httpx.AsyncClient, **given: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    while True:
        answer = await client.get("/backstage/entities", params=given)
        page = answer.raise_for_status().json()
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        given["cursor"] = page["next_cursor"]


async def test_backstage_takes_every_entity_and_finds_all_that_they_refer_to(
    odd: httpx.AsyncClient,
) -> None:
    answer = await odd.get(CATALOG)

    judged = asked("backstage.mjs", URL, given=answer.text)
    assert answer.headers["content-type"].startswith("text/plain")
    assert judged["problems"] == judged["dangling"] == judged["twice"] == []
    topics = len(FINDINGS) + len(ODD)
    assert judged["kinds"]["Resource"] == judged["kinds"]["API"] == topics
    # Two products, and four groups that read topics which are there.
    assert judged["kinds"]["Component"] == 2 + 4
    assert judged["kinds"]["Domain"] == judged["kinds"]["System"] == 2


async def test_entities_lead_back_to_their_topics_and_mark_nothing_up(
    odd: httpx.AsyncClient,
) -> None:
    resources = await pages(odd, kind="Resource")

    told = {item["metadata"]["annotations"]["headwater.dev/topic"]: item for item in resources}
    assert set(told) == {each.placement.name for each in (*FINDINGS, *ODD_FINDINGS)}
    assert "![" not in told["ORDERS"]["metadata"]["description"]
    assert told["orders"]["metadata"]["description"] == PRODUCT.description
    assert told["Orders"]["spec"]["owner"] == told["orders"]["spec"]["owner"]


async def test_pages_are_the_file(odd: httpx.AsyncClient) -> None:
    whole = list(yaml.safe_load_all((await odd.get(CATALOG)).text))

    assert await pages(odd, limit=7) == whole
    only = await pages(odd, limit=3, kind=["Group", "API"])
    assert only == [each for each in whole if each["kind"] in {"Group", "API"}]


async def test_what_is_known_is_not_sent_again_until_it_changes(
    odd: httpx.AsyncClient, odd_url: str
) -> None:
    for path in (CATALOG, "/backstage/entities?limit=500"):
        tag = (await odd.get(path)).headers["etag"]
        known = await odd.get(path, headers={"If-None-Match": f'"other", W/{tag}'})
        assert (known.status_code, known.text, known.headers["etag"]) == (304, "", tag)
    pool = await open_pool(odd_url)
    await ProductRepository(pool).put(PRODUCT.model_copy(update={"name": "Orders"}))
    await pool.close()
    changed = await odd.get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


async def test_a_large_catalog_is_a_location_of_parts_that_make_up_the_whole(
    odd: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (await odd.get(CATALOG)).text
    monkeypatch.setattr(parts, "_STEPS", ((10, 1), (1_000, 4)))

    index = await odd.get(f"{CATALOG}?kind=API&kind=Group")
    targets = asked("backstage.mjs", f"{URL}?kind=API&kind=Group", given=index.text)["targets"]
    read = [list(yaml.safe_load_all((await odd.get(target)).text)) for target in targets]

    assert len(read) == 4
    found = [each for part in read for each in part if each]
    wanted = [each for each in yaml.safe_load_all(whole) if each["kind"] in {"API", "Group"}]
    assert sorted(map(str, found)) == sorted(map(str, wanted))
    beyond = await odd.get("/backstage/parts/4/4.yaml")
    assert beyond.status_code == 404


async def test_the_provider_hands_over_all_entities_or_none(port: int) -> None:
    url = f"http://127.0.0.1:{port}"

    async with httpx.AsyncClient(base_url=url) as client:
        wanted = await pages(client, kind=["Resource", "Group"])
    (mutation,) = await asyncio.to_thread(asked, "provider.mjs", url, "Group", "Resource", given="")
    assert (mutation["type"], [each["entity"] for each in mutation["entities"]]) == ("full", wanted)
    (told,) = await asyncio.to_thread(asked, "provider.mjs", url, "Queue", given="")
    assert told["error"].startswith("Headwater: 422")


async def test_the_command_line_prints_what_backstage_reads(port: int) -> None:
    async def said(*arguments: str) -> str:
        return (await headwater("backstage", *arguments, "--port", str(port))).output

    assert "default/procurement" in await said("entities", "--kind", "Domain")
    assert json.loads(await said("entities", "--limit", "1", "--json"))["next_cursor"]
    file = yaml.safe_load_all(await said("catalog-info", "--kind", "System"))
    assert [each["kind"] for each in file] == ["System"]
    assert "/proxy/kafka/generate" in await said("template", "--proxy", "kafka")


async def test_the_template_is_valid_and_asks_for_what_the_generator_takes(
    odd: httpx.AsyncClient,
) -> None:
    given = {"owner": "group:default/platform", "proxy": "kafka"}
    text = (await odd.get("/backstage/template.yaml", params=given)).text

    assert asked("backstage.mjs", URL, given=text)["problems"] == []
    spec = yaml.safe_load(text)["spec"]
    step = spec["steps"][0]["input"]
    assert (spec["owner"], step["path"]) == ("group:default/platform", "/proxy/kafka/generate")
    filled = {name: name for name, value in step["body"].items() if "parameters." in value}
    assert set(filled) == set(spec["parameters"][0]["required"])
    GenerationRequest.model_validate(filled)
