"""Search over 100,000 sources: milliseconds without the embedding of the query, and recall@10.

The peer is the exact answer: the same scoring over every source. Run with
`python -m benchmarks.search`; HEADWATER_DATABASE_URL names a Postgres, else one is started.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import time
from collections.abc import Awaitable, Sequence
from statistics import fmean, median, quantiles

import numpy as np
from psycopg.rows import DictRow

from benchmarks.search_fleet import ATTRIBUTES, DOMAINS, EVENTS, Fleet, Source, store
from benchmarks.settling import settle
from core.search import SearchFilters, SearchQuery
from core.source import SourceKind
from server.scratch_database import scratch_database
from server.settings import Settings
from tools.db.pool import Pool, open_pool
from tools.embeddings.minilm import MiniLM
from tools.embeddings.model import Encoded, Vectors
from tools.search.document import SearchDocument
from tools.search.index import SearchIndex
from tools.search.question import question_of
from tools.search.ranking import arranged, scored
from tools.search.search import Search

_TOP = 10
_AT_ONCE = 4_000


class Remembering(MiniLM):
    """Has embedded the benchmark's queries before, so that its own time is not measured."""

    def remember(self, texts: Sequence[str]) -> None:
        self._known = dict(zip(texts, self.encode(list(texts)), strict=True))

    async def encoded(self, texts: list[str]) -> list[Encoded]:
        missing = [text for text in texts if text not in self._known]
        self._known |= dict(zip(missing, await super().encoded(missing), strict=True))
        return [self._known[text] for text in texts]


def questions(fleet: Sequence[Source], count: int) -> list[SearchQuery]:
    """Sentences, keywords, names, misspelt ones, fields, two things at once; a quarter filtered."""
    random = np.random.default_rng(11)
    made = []
    for number in range(count):
        domain, event = _any(random, DOMAINS), _any(random, EVENTS)
        name = _called(fleet[int(random.integers(len(fleet)))])
        texts = (
            f"where can I read which {domain}s were {event} by the other teams last night",
            f"{domain} {event}",
            f"I need {domain} data with the reason why it was {event}",
            name,
            f"{_misspelt(domain)} {event}",
            f"{_any(random, ATTRIBUTES).replace('_', ' ')} of the {domain}s",
            f"{domain}s of {event} {_any(random, DOMAINS)}s",
        )
        filters = SearchFilters(kind=SourceKind.MANAGED) if number % 4 == 3 else SearchFilters()
        made.append(SearchQuery(text=texts[number % len(texts)], filters=filters, limit=20))
    return made


def _any(random: np.random.Generator, words: Sequence[str]) -> str:
    return words[random.integers(len(words))]


def _called(source: Source) -> str:
    """What people call it: by its product's name where it has one."""
    return (*source.document.product_names, source.document.name)[0]


def _misspelt(word: str) -> str:
    """Without its third letter; a short word would often be another English one then."""
    return word[:2] + word[3:] if len(word) >= 6 else word


async def measure(sources: int, count: int, judged: int, server: str | None) -> None:
    model = Remembering()
    started = time.perf_counter()
    fleet = list(Fleet(model, sources))
    queries = questions(fleet, count)
    model.remember([query.text for query in queries])
    print(f"made {sources:,} sources in {time.perf_counter() - started:.0f} s")
    async with scratch_database(server) as url, await open_pool(url) as pool:
        await _set_up(pool, fleet, model)
        search = Search(pool, model)
        for query in queries:
            # A corrected question is embedded as corrected: that is remembered here too.
            await search.asked(question_of(query.text))
        for name in ("first pass", "second pass", "third pass"):
            times = await _timed(search, queries)
            p95 = quantiles(times, n=20)[-1]
            print(f"{count} queries, {name}: p50 {median(times):.1f} ms, p95 {p95:.1f} ms")
        plain = [query for query in queries if query.filters == SearchFilters()][:judged]
        await _judge(pool, search, plain)


async def _set_up(pool: Pool, fleet: Sequence[Source], model: Remembering) -> None:
    started = time.perf_counter()
    await store(pool, fleet, model)
    print(f"stored in {time.perf_counter() - started:.0f} s", flush=True)
    index = SearchIndex(pool, model)
    print(f"indexed and refreshed in {await _seconds(index.refresh()):.0f} s", flush=True)
    await index.put([(1, SearchDocument(fleet[0].document.name, "Now described.", ()))])
    print(f"refreshed after a change in {await _seconds(index.refresh()):.2f} s, ", end="")
    print(f"after none in {await _seconds(index.refresh()):.2f} s", flush=True)
    async with pool.connection() as connection:
        await settle(connection)
    # No server holds such a fleet in memory, where each collection of garbage looks through it.
    gc.collect()
    gc.freeze()


async def _seconds(work: Awaitable[object]) -> float:
    started = time.perf_counter()
    await work
    return time.perf_counter() - started


async def _timed(search: Search, queries: Sequence[SearchQuery]) -> list[float]:
    times = []
    for query in queries:
        started = time.perf_counter()
        await search.search(query)
        times.append((time.perf_counter() - started) * 1_000)
    return times


async def _judge(pool: Pool, search: Search, queries: Sequence[SearchQuery]) -> None:
    """Recall of the ten best against the same scoring over all sources."""
    rows, vectors = await _everything(pool)
    recalls, exact_ms = [], []
    for query in queries:
        result = await search.search(query)
        hits = sorted((*result.managed, *result.discovered), key=lambda hit: -hit.score)[:_TOP]
        started = time.perf_counter()
        best = await _exact(search, query, rows, vectors)
        exact_ms.append((time.perf_counter() - started) * 1_000)
        found = {hit.source.name for hit in hits}
        recalls.append(len(found & set(best)) / len(best))
    print(f"recall@{_TOP} {fmean(recalls):.3f} over {len(queries)} queries, ", end="")
    print(f"at worst {min(recalls):.1f}; ", end="")
    print(f"the exact answer takes {fmean(exact_ms):,.0f} ms")


async def _everything(pool: Pool) -> tuple[list[DictRow], Vectors]:
    statement = (
        "select s.id as source_id, s.name, s.kind, s.messages, s.team_count, s.scanned_at, "
        "p.name as product_name, p.id as product_id, v.terms, v.tokens, h.hub, v.vector "
        "from sources s join search_vectors v on v.source_id = s.id "
        "join search_hubs h on h.source_id = s.id left join products p on p.id = s.product_id "
        "order by s.id"
    )
    async with pool.connection() as connection:
        rows = await (await connection.execute(statement)).fetchall()
    return rows, np.stack([row.pop("vector").to_numpy() for row in rows]).astype(np.float32)


async def _exact(
    search: Search, query: SearchQuery, rows: Sequence[DictRow], vectors: Vectors
) -> list[str]:
    asked = await search.asked(question_of(query.text))
    for row, similarity in zip(rows, vectors @ asked.vector, strict=True):
        row["similarity"] = float(similarity)
    ranked = []
    for start in range(0, len(rows), _AT_ONCE):
        ranked += scored(asked, rows[start : start + _AT_ONCE])
    return [hit.name for hit in arranged(ranked)[:_TOP]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument(
        "--judged", type=int, default=40, help="queries compared with the exact answer"
    )
    given = parser.parse_args()
    asyncio.run(measure(given.sources, given.queries, given.judged, Settings().database_url))


if __name__ == "__main__":
    main()
