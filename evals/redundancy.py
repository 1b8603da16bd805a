"""Which pairs of published schemas say the same thing, against labels.

The folder holds `schemas.json` (id, name, description, JSON Schema) and `pairs.json` (a, b, label,
kind: version, cross_vendor, hard_negative, random_negative, twin). All schemas of the folder are
the fleet. On the pairs that the shipped weights were fitted on, each pair is judged by weights that
never saw its families; on any other set by the shipped ones. With a hosted model configured
(HEADWATER_LLM_*) pairs in doubt are put to it, and the figures with its answers stand beside them;
what is written is without them.
"""

from __future__ import annotations

import asyncio
import hashlib
from importlib.resources import files
from pathlib import Path
from statistics import fmean

import numpy as np
import orjson

from core.similarity.fleet import Fleet
from core.similarity.score import SAME, scores
from core.similarity.signals import Signals, signals
from evals.families import Folds
from evals.pair_figures import PairFigures, judged_pairs
from evals.reliability import bins_of, calibration_error, table
from evals.reranking import reranked
from evals.similarity_sets import LabelledPairs, read_pairs
from server.models import hosted_of
from server.settings import Settings
from server.workers.scanning import embeddings_from
from tools.embeddings import EmbeddingModel
from tools.embeddings.legible import vectors_by_text

SEEDS = (7, 8, 9)
"""Deals of families into folds whose figures are averaged."""


def run(data: Path, out: Path, noisy: bool = False) -> None:
    """Write `{"scores": {"a|b": probability}, "threshold": .5}` and print the figures."""
    labelled = read_pairs(data)
    model = embeddings_from(Settings())
    fleet = asyncio.run(fleet_of(labelled, model))
    measured = signals(fleet, labelled.pairs)
    print(f"redundancy, {len(labelled.sources)} schemas, {len(labelled.pairs)} pairs, ", end="")
    print(f"embedded by {model.model_id}")
    if fitted_on(data):
        said = Folds.of(labelled).held_out(measured, labelled.same)
        print("the weights were fitted on these pairs: each is judged by weights that never saw it")
        print(f"cross-validated: {averaged(labelled, measured)}")
        print("\n".join(halved(labelled, measured)))
    else:
        said = scores(fleet, labelled.pairs)
        print(f"shipped weights: {judged_pairs(labelled, said)}")
    main = labelled.main
    print("\n".join(table(bins_of(said[main], labelled.same[main]))))
    hosted = hosted_of(Settings())
    if hosted is not None:
        found = asyncio.run(reranked(labelled.sources, labelled.pairs, said, hosted))
        print(f"the same deal without a second judge: {judged_pairs(labelled, said)}")
        print(
            f"{found.asked} pairs in doubt put to {hosted.name} ({found.silent} without a usable "
            f"answer, {found.seconds / max(found.asked, 1):.1f} s each): "
            f"{judged_pairs(labelled, found.scores)}"
        )
    rounded = dict(zip(labelled.keys(), map(float, said), strict=True))
    out.write_bytes(orjson.dumps({"scores": rounded, "threshold": SAME}))


async def fleet_of(labelled: LabelledPairs, model: EmbeddingModel) -> Fleet:
    texts = {text for source in labelled.sources for text in source.title_texts()}
    return Fleet.of(labelled.sources, await vectors_by_text(model, texts))


def fitted_on(data: Path) -> bool:
    """Whether the shipped weights come from these very pairs."""
    kept = orjson.loads(files("core.similarity").joinpath("weights.json").read_bytes())
    return bool(kept["pair"]["fitted_on"]["sha256"] == digest(data))


def digest(data: Path) -> str:
    return hashlib.sha256((data / "pairs.json").read_bytes()).hexdigest()


def averaged(labelled: LabelledPairs, measured: Signals) -> PairFigures:
    """The mean over several deals of the families into folds."""
    deals = [
        judged_pairs(labelled, Folds.of(labelled, seed=seed).held_out(measured, labelled.same))
        for seed in SEEDS
    ]
    names = PairFigures.__dataclass_fields__
    return PairFigures(*(fmean(getattr(deal, name) for deal in deals) for name in names))


def halved(labelled: LabelledPairs, measured: Signals) -> list[str]:
    """Fitted on one half of the families, judged on the other; pairs across halves are left out."""
    parts = [
        (labelled.only(judged), said[judged])
        for judged, said in Folds.of(labelled, 2).halves(measured, labelled.same)
    ]
    lines = [
        f"half {place}, fitted on the other: {len(part.pairs)} pairs, {judged_pairs(part, said)}"
        for place, (part, said) in enumerate(parts, 1)
    ]
    said = np.concatenate([said[part.main] for part, said in parts])
    same = np.concatenate([part.same[part.main] for part, _ in parts])
    return [*lines, f"both halves: calibration error {calibration_error(bins_of(said, same)):.3f}"]
