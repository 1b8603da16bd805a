"""Which field is which of another schema, against labelled correspondences.

The folder holds `pairs.json`: id, group, left and right (name and fields with path, type,
description and sample values), truth (pairs of paths). Samples become profiles, as messages do;
the two sides are aligned as the comparison of two sources aligns them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import orjson

from core.arrays import Numbers
from core.similarity.aligner import align
from core.similarity.alignment import Match
from core.similarity.comparable import Vectors
from core.similarity.logistic import fitted
from evals.match_figures import judged_matches, mean_line
from evals.reliability import bins_of, calibration_error, table
from evals.similarity_sets import LabelledMatches, read_matches
from server.settings import Settings
from server.workers.scanning import embeddings_from
from tools.embeddings import EmbeddingModel
from tools.embeddings.legible import vectors_by_text

Found = Mapping[str, tuple[Match, ...]]


def run(data: Path, out: Path, noisy: bool = False) -> None:
    """Write `{pair: [[left path, right path, sureness], ...]}` and print the figures."""
    labelled = read_matches(data)
    model = embeddings_from(Settings())
    found = aligned(labelled, asyncio.run(vectors_of(labelled, model)))
    print(f"schema_matching, {len(labelled)} pairs of schemas, embedded by {model.model_id}")
    figures = {pair.id: judged_matches(pair, found[pair.id]) for pair in labelled}
    groups = sorted({pair.group for pair in labelled})
    print(mean_line("all", list(figures.values())))
    for group in groups:
        print(mean_line(group, [figures[pair.id] for pair in labelled if pair.group == group]))
    if len(labelled) > 1:
        for place, name in enumerate(("even", "odd")):
            print(mean_line(name, [figures[pair.id] for pair in labelled[place::2]]))
        print("\n".join(calibrated(labelled, found)))
    written = {
        pair: [[match.left, match.right, match.sureness] for match in matches]
        for pair, matches in found.items()
    }
    out.write_bytes(orjson.dumps(written))


async def vectors_of(labelled: Sequence[LabelledMatches], model: EmbeddingModel) -> Vectors:
    sides = [side for pair in labelled for side in (pair.left, pair.right)]
    return await vectors_by_text(model, {text for side in sides for text in side.field_texts})


def aligned(labelled: Sequence[LabelledMatches], vectors: Vectors) -> Found:
    return {pair.id: align(pair.left, pair.right, vectors).matches for pair in labelled}


def judged(labelled: Sequence[LabelledMatches], found: Found) -> tuple[Numbers, Numbers]:
    """The likeness of every proposed match, shape (matches, 1), and 1 where it is labelled."""
    rows = [
        (match.likeness, float((match.left, match.right) in pair.truth))
        for pair in labelled
        for match in found[pair.id]
    ]
    table_of = np.array(rows, np.float64).reshape(-1, 2)
    return table_of[:, :1], table_of[:, 1]


def calibrated(labelled: Sequence[LabelledMatches], found: Found) -> list[str]:
    """The sureness of matches, fitted on every other pair of schemas and judged on the rest."""
    said, true = [], []
    for half in (0, 1):
        model = fitted(*judged(labelled[1 - half :: 2], found), signs=(1,))
        likeness, same = judged(labelled[half::2], found)
        said.append(model.probability(likeness))
        true.append(same)
    bins = bins_of(np.concatenate(said), np.concatenate(true))
    error = f"{calibration_error(bins):.3f}"
    return [f"calibration error of matches, each half by the other's fit: {error}", *table(bins)]
