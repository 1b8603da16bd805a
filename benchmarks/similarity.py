"""All schemas of a fleet compared: time at three sizes, and how it grows.

Run `python -m benchmarks.similarity [--schemas 10000]`. Vectors are random: embedding is measured
elsewhere, and what is done with a vector does not depend on what it says.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Sequence

import numpy as np

from core.schema.model import Field, Kind, Schema
from core.similarity.candidates import candidates
from core.similarity.comparable import Comparable, Vectors
from core.similarity.fleet import Fleet
from core.similarity.score import scores

DIMENSION = 384
FIELDS = 15
_HAPPENINGS = ("created", "updated", "deleted", "failed", "paid")


def schemas(count: int, seed: int = 7) -> list[tuple[str, Schema]]:
    """Names of teams, things and happenings; some fields that all have, most of them rarer."""
    draw = random.Random(seed)
    return [(_name(draw, count), _schema(draw, count)) for _ in range(count)]


def _name(draw: random.Random, count: int) -> str:
    team, thing = draw.randrange(count // 50 + 1), draw.randrange(count // 4 + 1)
    return f"team{team}.thing{thing}.{draw.choice(_HAPPENINGS)}.v{draw.randrange(1, 4)}"


def _schema(draw: random.Random, count: int) -> Schema:
    words = [f"word{int(draw.paretovariate(0.6)) % (2 * count)}" for _ in range(FIELDS)]
    fields = tuple(Field(word, frozenset({Kind.STRING})) for word in dict.fromkeys(words))
    return Schema(Field("", frozenset({Kind.OBJECT}), children=fields))


def vectors_for(sources: Sequence[Comparable], seed: int = 7) -> Vectors:
    draw = np.random.default_rng(seed)
    texts = sorted({text for source in sources for text in source.title_texts()})
    rows = draw.normal(size=(len(texts), DIMENSION)).astype(np.float32)
    return dict(zip(texts, rows / np.linalg.norm(rows, axis=1, keepdims=True), strict=True))


def measured(count: int) -> float:
    """Processor seconds from schemas and vectors to the score of every candidate pair."""
    read = schemas(count)
    vectors = vectors_for([Comparable.of(name, schema) for name, schema in read])
    wall, started = time.perf_counter(), time.process_time()
    fleet = Fleet.of([Comparable.of(name, schema) for name, schema in read], vectors)
    pairs = candidates(fleet)
    paired = time.process_time()
    scores(fleet, pairs)
    ended = time.process_time()
    print(f"{count:6} schemas  {time.perf_counter() - wall:6.2f} s by the clock, ", end="")
    print(f"{ended - started:6.2f} s of processors; {len(pairs):7} pairs, ", end="")
    print(f"{1e6 * (ended - paired) / len(pairs):.0f} us to score one")
    return ended - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schemas", type=int, default=10_000, help="the largest fleet")
    most = parser.parse_args().schemas
    sizes = [most // 10, most // 3, most]
    measured(sizes[0] // 10)  # What is done once is not to count for the smallest.
    seconds = [measured(size) for size in sizes]
    grown = math.log(seconds[-1] / seconds[0]) / math.log(sizes[-1] / sizes[0])
    print(f"processor time grows with the fleet to the power of {grown:.2f}")


if __name__ == "__main__":
    main()
