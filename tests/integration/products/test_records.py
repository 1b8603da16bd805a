"""Products are drafted, listed, changed without lost updates, deleted and restored."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from tests.integration.products.requests import ANY, created, draft

Client = httpx.AsyncClient


async def test_a_draft_gets_a_readable_id_and_the_next_one_a_suffix(client: Client) -> None:
    first, second = await created(client), await created(client)

    assert (first["id"], second["id"]) == ("fraud-scores", "fraud-scores-2")
    assert (first["lifecycle"], first["version"], first["revision"]) == ("draft", "1.0.0", 1)


async def test_drafts_made_at_once_get_ids_of_their_own(client: Client) -> None:
    made = await asyncio.gather(*(created(client) for _ in range(4)))

    assert len({each["id"] for each in made}) == 4


async def test_an_idempotency_key_gives_the_same_product_however_often(client: Client) -> None:
    key = {"Idempotency-Key": "a-key"}

    answers = await asyncio.gather(
        *(client.post("/products", json=draft(), headers=key) for _ in range(8))
    )
    other = await client.post("/products", json=draft(domain="else"), headers=key)

    assert {answer.status_code for answer in answers} == {201}
    assert {answer.json()["id"] for answer in answers} == {"fraud-scores"}
    assert (await client.get("/products")).json()["items"] == [answers[0].json()]
    assert (other.status_code, other.json()["type"]) == (
        409,
        "urn:headwater:problem:idempotency-key-reused",
    )


async def test_a_change_of_an_older_revision_is_refused(client: Client) -> None:
    made = await client.post("/products", json=draft())
    path, seen = made.headers["Location"], {"If-Match": made.headers["ETag"]}

    first = await client.patch(path, json={"tags": ["a"]}, headers=seen)
    lost = await client.patch(path, json={"tags": ["b"]}, headers=seen)
    blind = await client.patch(path, json={"tags": ["c"]})

    assert (first.status_code, first.json()["tags"]) == (200, ["a"])
    assert (lost.status_code, lost.headers["ETag"]) == (412, first.headers["ETag"])
    assert (blind.status_code, blind.json()["type"]) == (
        428,
        "urn:headwater:problem:if-match-required",
    )
    assert (await client.get(path)).json()["tags"] == ["a"]


@pytest.mark.parametrize("tag", ['W/"1"', '"x"', "1", '"1", "2"', '"99"'])
async def test_a_tag_of_no_revision_changes_nothing(client: Client, tag: str) -> None:
    await created(client, id="p")

    answer = await client.delete("/products/p?reason=r", headers={"If-Match": tag})

    assert answer.status_code == 412


async def test_the_version_rises_by_what_changed(client: Client) -> None:
    await created(client, "one", id="p")

    async def changed(**more: object) -> str:
        answer = await client.patch("/products/p", json=more, headers=ANY)
        return str(answer.json()["version"])

    assert await changed(description="Better words.") == "1.0.1"
    assert await changed(description="Better words.") == "1.0.1"
    assert await changed(ports=[{"topic": "one"}, {"topic": "two"}]) == "1.1.0"
    assert await changed(ports=[{"topic": "two"}], name="New") == "2.0.0"
    versions = (await client.get("/products/p/versions")).json()["items"]
    assert [each["version"] for each in versions] == ["2.0.0", "1.1.0", "1.0.1", "1.0.0"]
    assert versions[0]["changes"] == [
        {"line": "output port one: removed", "bump": "major"},
        {"line": "name: “Fraud Scores” became “New”", "bump": "patch"},
    ]
    assert versions[0]["created_by"] == "user:default/local"


async def test_put_replaces_all_and_defaults_what_is_left_out(client: Client) -> None:
    await created(client, "one", id="p", documentation="# Read me")
    whole = draft("one", name="Other")
    del whole["tags"]

    answer = await client.put("/products/p", json=whole, headers=ANY)

    told = answer.json()
    assert (told["name"], told["tags"], told["documentation"]) == ("Other", [], "")


async def test_versions_are_kept_whole_compared_and_paged(client: Client) -> None:
    await created(client, id="p")
    for number in range(3):
        await client.patch("/products/p", json={"description": f"{number}"}, headers=ANY)

    first = (await client.get("/products/p/versions?limit=2")).json()
    rest = await client.get("/products/p/versions", params={"cursor": first["next_cursor"]})
    whole = (await client.get("/products/p/versions/1.0.1")).json()
    diff = (await client.get("/products/p/versions/1.0.0/diff/1.0.3")).json()
    none = await client.get("/products/p/versions/9.9.9")

    assert [each["version"] for each in first["items"]] == ["1.0.3", "1.0.2"]
    assert [each["version"] for each in rest.json()["items"]] == ["1.0.1", "1.0.0"]
    assert (whole["product"]["description"], whole["contract"]) == ("0", None)
    assert (diff["from"], diff["to"], diff["bump"]) == ("1.0.0", "1.0.3", "patch")
    assert diff["changes"][0]["line"] == "description: “Scores of transactions.” became “2”"
    assert (none.status_code, "1.0.3" in none.json()["detail"]) == (404, True)


async def test_a_deleted_product_is_gone_with_its_reason_and_can_be_restored(
    client: Client,
) -> None:
    await created(client, "one", id="p")

    gone = await client.delete("/products/p?reason=nobody+reads+it", headers=ANY)
    read = await client.get("/products/p")
    (shown,) = (await client.get("/products?deleted=true")).json()["items"]
    listed = (await client.get("/products")).json()["items"]
    history = await client.get("/products/p/versions")
    again = await client.post("/products", json=draft(id="p"))
    lost = await client.post("/products/p/restore", headers={"If-Match": '"1"'})
    back = await client.post("/products/p/restore", headers={"If-Match": gone.headers["ETag"]})

    assert (gone.status_code, lost.status_code) == (200, 412)
    assert (read.status_code, "nobody reads it" in read.json()["detail"]) == (410, True)
    assert shown["deleted"]["reason"] == "nobody reads it"
    assert [port["topic"] for port in shown["ports"]] == ["one"]
    assert listed == []
    assert history.status_code == 200
    assert again.status_code == 409
    assert (back.json()["deleted"], back.json()["ports"]) == (None, shown["ports"])


async def test_the_topics_of_a_deleted_product_are_free(client: Client) -> None:
    await created(client, "one", id="p")
    taken = await client.post("/products", json=draft("one", id="q"))
    await client.delete("/products/p?reason=r", headers=ANY)

    await created(client, "one", id="q")
    back = await client.post("/products/p/restore")

    assert (taken.status_code, "one (p)" in taken.json()["detail"]) == (409, True)
    assert (back.status_code, "one (q)" in back.json()["detail"]) == (409, True)


async def test_filters_hold_together_and_unknown_ones_are_refused(client: Client) -> None:
    await created(client, "t1", id="a", tags=["gold"], domain="risk")
    await created(client, "t2", id="b", tags=["gold"], domain="sales", description="About b%")
    await created(client, id="c", owner="user:default/jane", domain="risk")

    async def ids(**asked: str) -> list[str]:
        answer = await client.get("/products", params=asked)
        return [each["id"] for each in answer.json()["items"]]

    assert await ids(tag="gold") == ["a", "b"]
    assert await ids(tag="gold", domain="risk") == ["a"]
    assert await ids(owner="user:default/jane") == ["c"]
    assert await ids(topic="t2") == ["b"]
    assert await ids(text="ABOUT B%") == ["b"]
    assert await ids(lifecycle="active") == []
    page = (await client.get("/products?limit=2")).json()
    assert await ids(cursor=page["next_cursor"]) == ["c"]
    assert (await client.get("/products?ownr=x")).status_code == 422
    assert (await client.get("/products?cursor=x")).status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"owner": "fraud-team"},
        {"name": ""},
        {"name": "a\0b"},
        {"name": "\ud800"},
        {"id": "Not A Slug"},
        {"ports": [{"topic": "no topic"}]},
        {"lifecycle": "active"},
        {"tags": ["x"] * 51},
    ],
)
async def test_what_cannot_be_a_product_is_refused(client: Client, wrong: dict[str, str]) -> None:
    answer = await client.post("/products", content=json.dumps(draft(**wrong)))

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_unknown_product_names_its_like(client: Client) -> None:
    await created(client, id="fraud-scores")

    answer = await client.get("/products/fraud-score")

    assert (answer.status_code, answer.json()["near"]) == (404, ["fraud-scores"])
