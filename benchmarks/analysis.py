"""The analysis of a catalog in Postgres: all sources once, then after a change of one.

    python -m benchmarks.analysis [--sources 10000] [--crowded] [--database-url URL]

A fleet ten times as large speaks of ten times as many things, with some 80 sources of each; a
`--crowded` one of 40 things whatever its size, so that the larger, the more are like each other.
The texts are embedded before, which is not measured. HEADWATER_DATABASE_URL names a Postgres, else
one is started. The floor, in the same run, is asking the vector index for the neighbours alone.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import time
from collections.abc import Iterator, Sequence

import numpy as np
from psycopg.types.json import Jsonb

from benchmarks.search_fleet import ATTRIBUTES, DOMAINS, EVENTS, TEAMS
from core.analysis import AnalysisProgress
from core.schema.document import to_document
from core.schema.fingerprint import fingerprint
from core.schema.model import Field, Kind, Logical, Schema
from core.similarity.neighbours import NEAREST
from server.scratch_database import scratch_database
from server.settings import Settings
from tools.comparison.analysis import Analysis
from tools.comparison.preparation import Preparation
from tools.db.features import FeatureRepository
from tools.db.pool import Pool, open_pool
from tools.embeddings.cache import CachedEmbeddings
from tools.embeddings.minilm import MiniLM, tokenizer

_COPY = (
    "copy sources (cluster, name, kind, status, description, description_by, schema, fingerprint, "
    "messages) from stdin"
)
_TWICE = 0.03
"""The share of sources that are a copy of another under other names of fields."""
_OF_EACH = 80
"""Sources that speak of one thing."""
_STRIDE = 17
"""Shares no factor with the numbers of attributes and events, so that it meets all pairs."""
_WORD = re.compile("[a-z]{5,12}")
_AT_ONCE = 500


def fleet(count: int, *, crowded: bool) -> Iterator[tuple[str, str, Schema]]:
    """Names, descriptions and schemas; some of them the same twice, in other words."""
    random = np.random.default_rng(5)
    things = DOMAINS if crowded else _things(max(count // _OF_EACH, 1))
    for number in range(count):
        domain = things[number % len(things)]
        told_of = number // len(things) * (1 if crowded else _STRIDE)
        about = ATTRIBUTES[told_of % len(ATTRIBUTES)]
        event = EVENTS[told_of // len(ATTRIBUTES) % len(EVENTS)]
        team = TEAMS[int(random.integers(len(TEAMS)))]
        chosen = random.choice(len(ATTRIBUTES), int(random.integers(6, 16)), replace=False)
        names = [f"{domain}_id", *(ATTRIBUTES[place] for place in sorted(chosen))]
        told = f"Each {domain} whose {about.replace('_', ' ')} was {event}."
        yield f"{team}.{domain}-{about}-{event}", told, _schema(names)
        if random.random() < _TWICE:
            other = [_camel(name) for name in names[:-1]]
            yield f"{team}_legacy_{domain}_{about}_{event}_raw", told, _schema(other)


def _things(count: int) -> list[str]:
    """Those of every company, then any word that the embedding model has a token for."""
    words = sorted(word for word in tokenizer().get_vocab() if _WORD.fullmatch(word))
    np.random.default_rng(7).shuffle(words)
    return list(dict.fromkeys([*DOMAINS, *words]))[:count]


def _schema(names: Sequence[str]) -> Schema:
    fields = tuple(_field(name) for name in dict.fromkeys(names))
    return Schema(Field("", frozenset({Kind.OBJECT}), children=fields))


def _field(name: str) -> Field:
    if name.lower().endswith("at"):
        return Field(name, frozenset({Kind.STRING}), logical=Logical.DATE_TIME)
    number = name.lower() in ("amount", "score", "price", "quantity", "weight", "rating")
    return Field(name, frozenset({Kind.NUMBER if number else Kind.STRING}))


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


async def measure(count: int, server: str | None, *, crowded: bool) -> None:
    model = MiniLM()
    async with scratch_database(server) as url, await open_pool(url) as pool:
        made = await _store(pool, count, crowded=crowded)
        features = FeatureRepository(pool, "default", model.model_id, model.dimension)
        started = time.perf_counter()
        await Preparation(features, CachedEmbeddings(pool, model)).run()
        await features.ensure_indexes()
        async with pool.connection() as connection:
            await connection.execute("vacuum analyze")
        prepared = time.perf_counter() - started
        print(f"{made:,} sources prepared, their texts embedded and indexed: {prepared:.0f} s")
        print(
            f"floor: their {NEAREST} neighbours alone: {await _floor(features):.1f} s", flush=True
        )
        done, took = await _analysed(pool, model)
        print(
            f"analysed in {took:.1f} s ({took / max(done.total, 1) * 1_000:.2f} ms a source): "
            f"{done.candidates:,} pairs scored, {done.aligned:,} aligned, {done.duplicates:,} "
            "duplicates",
            flush=True,
        )
        await _change(pool)
        again, took = await _analysed(pool, model)
        print(f"after a change of {again.total}: {took:.2f} s, its embedding included")


async def _store(pool: Pool, count: int, *, crowded: bool) -> int:
    """How many; of sources with one name only one is there."""
    seen: set[str] = set()
    async with pool.connection() as connection, connection.cursor() as cursor:
        async with cursor.copy(_COPY) as copy:
            for name, told, schema in fleet(count, crowded=crowded):
                if name in seen or len(seen) == count:
                    continue
                seen.add(name)
                document, hashed = Jsonb(to_document(schema)), fingerprint(schema)
                row = ("default", name, "discovered", "present", told, "rules", document, hashed, 1)
                await copy.write_row(row)
        await connection.execute("analyze")
    return len(seen)


async def _floor(features: FeatureRepository) -> float:
    started = time.perf_counter()
    ids = await features.uncompared()
    for start in range(0, len(ids), _AT_ONCE):
        for column in ("title", "told"):
            await features.near(column, ids[start : start + _AT_ONCE], NEAREST)
    return time.perf_counter() - started


async def _analysed(pool: Pool, model: MiniLM) -> tuple[AnalysisProgress, float]:
    async def tell(progress: AnalysisProgress) -> None:
        pass

    started = time.perf_counter()
    done = await Analysis(pool, model, "default").run(tell)
    return done, time.perf_counter() - started


async def _change(pool: Pool) -> None:
    async with pool.connection() as connection:
        await connection.execute(
            "update sources set description = 'Now told otherwise.' where id = 7"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=10_000)
    parser.add_argument("--crowded", action="store_true", help="40 things, whatever the size")
    parser.add_argument("--database-url", default=Settings().database_url)
    given = parser.parse_args()
    asyncio.run(measure(given.sources, given.database_url, crowded=given.crowded))


if __name__ == "__main__":
    main()
