"""Scores at the API: of one source, of all, of a page, and of now."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.integration.quality.counted import count, minutes_ago, rule, window


async def got(client: httpx.AsyncClient, path: str) -> Any:
    response = await client.get(path)
    assert response.status_code == 200, response.text
    return response.json()


async def test_a_source_carries_the_score_of_its_records(client: httpx.AsyncClient) -> None:
    found = await got(client, "/sources/supplier-events")

    quality = found["quality"]
    assert quality == found["summary"]["quality"]
    assert quality["score"] == pytest.approx(0.97)
    assert quality["previous"] == pytest.approx(0.985)
    assert (quality["records"], quality["bad"], quality["basis"]) == (1_000, 30, "inferred rules")
    assert quality["updated_at"]


async def test_what_is_not_watched_has_no_score(client: httpx.AsyncClient) -> None:
    assert (await got(client, "/sources/web.clicks"))["quality"] is None

    ruled = (await got(client, "/sources/customer.contacts"))["quality"]
    assert (ruled["score"], ruled["records"], ruled["updated_at"]) == (None, 0, None)


async def test_lists_and_hits_carry_the_score(client: httpx.AsyncClient) -> None:
    listed = (await got(client, "/sources"))["items"]
    hits = (await client.post("/search", json={"query": "supplier"})).json()

    scores = {each["name"]: (each["quality"] or {}).get("score") for each in listed}
    assert scores["supplier-events"] == pytest.approx(0.97)
    assert scores["supplier_data_raw"] == pytest.approx(0.55)
    assert scores["web.clicks"] is None
    found = {hit["source"]["name"]: hit["source"]["quality"] for hit in hits["discovered"]}
    assert found["supplier_data_raw"]["sampled"] == pytest.approx(0.25)
    assert hits["managed"][0]["source"]["quality"] is None


async def test_now_is_told_apart_from_the_day(client: httpx.AsyncClient, counted_url: str) -> None:
    rule(counted_url, "fraud-alerts")
    count(counted_url, "fraud-alerts", minutes_ago(10), window(100, rating=1))
    count(counted_url, "fraud-alerts", minutes_ago(0.5), window(200, rating=6, skipped=200))

    live = {each["source"]: each for each in (await got(client, "/quality/live"))["items"]}

    now = live["fraud-alerts"]
    assert (now["records"], now["bad"], now["lag"], now["sampled"]) == (200, 6, 10, 0.5)
    assert now["score"] == pytest.approx(0.97)
    assert len(now["trend"]) == 10
    known = [share for share in now["trend"] if share is not None]
    assert known == [pytest.approx(0.99), pytest.approx(0.97)]
    assert 400 / 120 <= now["records_per_second"] <= 400 / 60
    assert live["supplier_data_raw"]["score"] is None
    assert (live["supplier-events"]["alerts"], now["alerts"]) == (1, 0)
    assert "customer.contacts" not in live


async def test_the_newest_record_is_told(client: httpx.AsyncClient) -> None:
    score = await got(client, "/sources/supplier-events/quality")

    assert score["newest"] > score["history"][0]["start"]
    assert score["rules"][0]["broken"] == 26


async def test_an_alert_is_explained_by_what_was_counted(client: httpx.AsyncClient) -> None:
    found = await got(client, "/alerts/1/explanation")

    assert found["written_by"] == "offline"
    for text in (
        "since then 6 of 200 records are bad; schema id 7 came with it and was not there",
        "`rating` is out of its range in 6 of 200 records",
        "such as partition 0 offset 17",
        "id `7` in 200 records, none in the hour before",
        "`billing-sync`, team billing, 4 messages behind",
        "whether a producer was deployed: schema id 7 came with it",
        "Tell those who consume it: billing and risk",
    ):
        assert text in found["text"].replace("\\`", "`"), found["text"]
    assert found["alert"]["schemas"] == [{"schema_id": "7", "since": 200, "before": 0}]
    assert (await client.get("/alerts/99/explanation")).status_code == 404
