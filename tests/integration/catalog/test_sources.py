"""Sources over HTTP: search, lists, details, schemas, history."""

from __future__ import annotations

from typing import Any

import fastavro
import httpx
import pytest

from tools.db.cursor import write_cursor


async def got(client: httpx.AsyncClient, path: str, **given: Any) -> Any:
    response = await client.get(path, params=given)
    assert response.status_code == 200, response.text
    return response.json()


async def test_a_plain_curl_finds_sources_of_both_kinds(client: httpx.AsyncClient) -> None:
    response = await client.post(
        "/search",
        content=b'{"query":"supplier"}',
        headers={"content-type": "application/x-www-form-urlencoded"},
    )

    found = response.json()
    assert [hit["source"]["name"] for hit in found["managed"]] == ["supplier-master"]
    names = [hit["source"]["name"] for hit in found["discovered"]]
    assert set(names[:2]) == {"supplier-events", "supplier_data_raw"}
    assert all(hit["reasons"] for hit in found["managed"] + found["discovered"])
    assert found["embedding_model"] == "all-MiniLM-L6-v2-int8"


async def test_a_search_is_narrowed_and_paged(client: httpx.AsyncClient) -> None:
    asked: dict[str, Any] = {"query": "supplier", "limit": 1, "filters": {"kind": "discovered"}}
    first = (await client.post("/search", json=asked)).json()
    second = (await client.post("/search", json={**asked, "cursor": first["next_cursor"]})).json()

    assert first["managed"] == second["managed"] == []
    names = [hit["source"]["name"] for hit in first["discovered"] + second["discovered"]]
    assert sorted(names) == ["supplier-events", "supplier_data_raw"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"query": "   "}, 422),
        ({"query": "x" * 10_000}, 422),
        ({"query": "a", "filters": {"colour": "red"}}, 422),
        ({"query": "a", "limit": 1000}, 422),
        ({"query": "a", "cursor": "nonsense"}, 400),
        ({"query": "'; drop table sources; --"}, 200),
        ({"query": "\u0000%_\\"}, 200),
    ],
)
async def test_a_strange_search_gets_a_clear_answer(
    client: httpx.AsyncClient, body: dict[str, Any], status: int
) -> None:
    response = await client.post("/search", json=body)

    assert response.status_code == status, response.text
    if status != 200:
        assert response.json()["detail"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"query": " "}, "Say what the data is about in a few words"),
        ({"query": "x" * 1001}, "1001 characters, 1000 are read"),
        ({"query": "a", "filters": {"colour": 1}}, "no filter 'colour'; the filters are kind, own"),
    ],
)
async def test_a_refused_search_says_what_to_do_instead(
    client: httpx.AsyncClient, body: dict[str, Any], said: str
) -> None:
    response = await client.post("/search", json=body)

    assert response.status_code == 422
    assert said in response.json()["detail"]


async def test_the_limits_of_a_query_stand_in_the_description(client: httpx.AsyncClient) -> None:
    described = (await client.get("/openapi.json")).json()["components"]["schemas"]

    query = described["SearchRequest"]["properties"]["query"]
    assert (query["minLength"], query["maxLength"]) == (1, 1000)


@pytest.mark.parametrize("owned", [True, False])
async def test_a_list_and_a_search_agree_on_owners(client: httpx.AsyncClient, owned: bool) -> None:
    listed = await got(client, "/sources", has_owner=owned)
    asked = {"query": "supplier", "limit": 100, "filters": {"has_owner": owned}}
    found = (await client.post("/search", json=asked)).json()

    assert {item["owner"] is not None for item in listed["items"]} == {owned}
    names = {hit["source"]["name"] for hit in found["managed"] + found["discovered"]}
    assert names
    assert names <= {item["name"] for item in listed["items"]}


async def test_a_list_goes_through_all_sources_page_by_page(client: httpx.AsyncClient) -> None:
    names: list[str] = []
    cursor = None
    while True:
        given = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = await got(client, "/sources", **given)
        names += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert names == sorted(names)
    assert len(names) == 8


async def test_a_list_is_narrowed_and_refuses_an_unknown_filter(
    client: httpx.AsyncClient,
) -> None:
    managed = await got(client, "/sources", kind="managed", format="avro", has_schema=True)
    refused = await client.get("/sources", params={"colour": "red"})

    assert [item["name"] for item in managed["items"]] == ["supplier-master"]
    assert refused.status_code == 422
    assert "colour" in refused.json()["detail"]


async def test_a_source_shows_schema_evidence_owner_consumers_and_changes(
    client: httpx.AsyncClient,
) -> None:
    shown = await got(client, "/sources/supplier-events")

    email = next(
        child for child in shown["schema"]["root"]["children"] if child["path"] == "contact_email"
    )
    assert (email["kinds"], email["logical"]) == (["string"], "email")
    assert (email["evidence"]["parents"], email["evidence"]["seen"]) == (300, 290)
    assert shown["summary"]["owner"]["guessed_from"] == "the name's first word"
    assert [each["group"] for each in shown["consumers"]] == ["billing-sync", "risk-scoring"]
    assert shown["report"]["failures"][0]["messages"] == 9
    assert shown["recent_changes"][0]["kind"] == "new"
    assert shown["offsets"] == {"0": [0, 1200]}


async def test_a_schema_is_rendered_as_avro_json_schema_and_tree(
    client: httpx.AsyncClient,
) -> None:
    path = "/sources/supplier-events/schema"
    avro = await got(client, path, format="avro")
    document = await got(client, path, format="json-schema")
    tree = await got(client, path, format="tree")

    fastavro.parse_schema(avro)
    assert document["properties"]["contact_email"]["type"] == "string"
    assert tree["root"]["children"]
    assert await got(client, path, format="avro", version=1) == avro


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/sources/suplier-event", 404, "supplier-events"),
        ("/sources/weather/schema", 404, "no message of it could be read yet"),
        ("/sources/supplier-events/schema?format=asyncapi", 422, "'tree', 'avro'"),
        ("/sources/supplier-events/schema?version=7", 404, "has no version 7"),
        ("/sources/nothing/versions", 404, "There is no source"),
        ("/sources/nothing/changes", 404, "There is no source"),
        ("/changes?cursor=nonsense", 400, "cursor"),
        (f"/sources/supplier-events/versions?cursor={write_cursor(2**40)}", 422, "out of range"),
        ("/sources?colour=red", 422, "the filters are kind, owner"),
        (f"/sources/{'x' * 250}", 422, "249"),
    ],
)
async def test_what_is_not_there_is_answered_with_what_to_do(
    client: httpx.AsyncClient, path: str, status: int, said: str
) -> None:
    response = await client.get(path)

    assert response.status_code == status
    assert said in response.text


async def test_history_of_a_source_and_of_all(client: httpx.AsyncClient) -> None:
    versions = await got(client, "/sources/supplier-events/versions")
    changes = await got(client, "/sources/customer.contacts/changes")
    every = await got(client, "/changes", kind="new", limit=5)

    assert [(each["version"], each["fields"]) for each in versions["items"]] == [(1, 4)]
    assert [each["name"] for each in changes["items"]] == ["customer.contacts"]
    assert len(every["items"]) == 5
    assert every["next_cursor"]
