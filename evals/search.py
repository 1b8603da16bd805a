"""Search over topics that others published, by questions with graded answers.

The folder holds `topics.json` (id, topic, description, fields) and `queries.json` (id, query,
style, relevant: topic id -> grade). Each topic is indexed as a scan would, each query goes the way
of `POST /search`: embedding, Postgres, ranking.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, quantiles
from typing import Any

import orjson

from core.search import SearchQuery
from server.scratch_database import scratch_database
from server.settings import Settings
from server.workers.scanning import embeddings_from
from tools.db.pool import Pool, open_pool
from tools.embeddings import EmbeddingModel
from tools.search.document import SearchDocument
from tools.search.index import SearchIndex
from tools.search.search import Search

_READ = 10
"""How many hits count."""
_ASKED = 50

Topics = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Answer:
    """The topics' ids, best first, and the time in ms with the embedding of the query."""

    ids: tuple[str, ...]
    took_ms: float


def run(data: Path, out: Path, noisy: bool = False) -> None:
    """Write `{query id: [topic id, ...]}` and print the figures; the set has no noise."""
    topics = orjson.loads((data / "topics.json").read_bytes())
    queries = orjson.loads((data / "queries.json").read_bytes())
    model = embeddings_from(Settings())
    answers = asyncio.run(answered(model, topics, queries, Settings().database_url))
    out.write_bytes(orjson.dumps({query: list(answer.ids) for query, answer in answers.items()}))
    print(f"search, {len(topics)} topics, {len(queries)} queries, embedded by {model.model_id}")
    for line in _figures(queries, answers):
        print(line)


async def answered(
    model: EmbeddingModel, topics: Topics, queries: Topics, server: str | None
) -> dict[str, Answer]:
    """Each query's answer from a fresh database on `server` (None: one started for it)."""
    async with scratch_database(server) as url, await open_pool(url) as pool:
        await _index(pool, model, topics)
        search = Search(pool, model)
        ids = {topic["topic"]: topic["id"] for topic in topics}
        return {query["id"]: await _answer(search, query["query"], ids) for query in queries}


async def _index(pool: Pool, model: EmbeddingModel, topics: Topics) -> None:
    started = time.perf_counter()
    index = SearchIndex(pool, model)
    sources = await _sources(pool, topics)
    await index.put([(sources[topic["topic"]], _document(topic)) for topic in topics])
    embedded = time.perf_counter()
    await index.refresh()
    print(f"embedded in {embedded - started:.1f} s, ", end="")
    print(f"refreshed in {time.perf_counter() - embedded:.1f} s")


async def _sources(pool: Pool, topics: Topics) -> dict[str, int]:
    statement = (
        "insert into sources (cluster, name, kind, status, description, description_by) "
        "values ('eval', %s, 'discovered', 'present', %s, 'registry') returning name, id"
    )
    async with pool.connection() as connection:
        found = {}
        for topic in topics:
            cursor = await connection.execute(statement, (topic["topic"], topic["description"]))
            row = await cursor.fetchone()
            if row is not None:
                found[row["name"]] = row["id"]
    return found


def _document(topic: Mapping[str, Any]) -> SearchDocument:
    fields = tuple(
        (field["path"], str(field["type"]), field["description"]) for field in topic["fields"]
    )
    return SearchDocument(topic["topic"], topic["description"], fields)


async def _answer(search: Search, text: str, ids: Mapping[str, str]) -> Answer:
    started = time.perf_counter()
    result = await search.search(SearchQuery(text=text, limit=_ASKED))
    took = (time.perf_counter() - started) * 1_000
    hits = sorted((*result.managed, *result.discovered), key=lambda hit: -hit.score)
    return Answer(tuple(ids[hit.source.name] for hit in hits), took)


def _figures(queries: Topics, answers: Mapping[str, Answer]) -> list[str]:
    """nDCG@10 over all, by style and by halves (every other query of a style)."""
    values = {query["id"]: ndcg(answers[query["id"]].ids, query["relevant"]) for query in queries}
    groups: dict[str, list[str]] = {"all": list(values)}
    by_style: dict[str, list[str]] = {}
    for query in queries:
        by_style.setdefault(query["style"], []).append(query["id"])
    groups |= {style: by_style[style] for style in sorted(by_style)}
    groups["first half"] = [query for ids in by_style.values() for query in ids[::2]]
    groups["second half"] = [query for ids in by_style.values() for query in ids[1::2]]
    lines = [f"nDCG@10 {name}: {fmean(values[q] for q in ids):.4f}" for name, ids in groups.items()]
    slowest = quantiles([answer.took_ms for answer in answers.values()], n=20)[-1]
    hits = fmean(len(answer.ids) for answer in answers.values())
    return [*lines, f"{hits:.1f} hits of {_ASKED} asked for; p95 {slowest:.1f} ms with embedding"]


def ndcg(found: Sequence[str], relevant: Mapping[str, int]) -> float:
    """Gain 2^grade - 1, discount log2(rank + 1), over the ideal of the first ten."""
    gains = [2 ** relevant.get(topic, 0) - 1 for topic in found[:_READ]]
    best = sorted((2**grade - 1 for grade in relevant.values()), reverse=True)[:_READ]
    return _discounted(gains) / _discounted(best)


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))
