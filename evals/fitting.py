"""`python -m evals.fitting --redundancy DIR --matching DIR`: fit the weights of similarity again.

A development tool: writes `core/similarity/weights.json` with what the weights come from, and the
reliability diagram of the documentation. Deterministic: the fit is convex, and the deal of families
into folds that the figures beside it rest on has a fixed seed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from core.similarity.logistic import Logistic, fitted
from core.similarity.signals import NAMES, SIGNS, signals
from evals.families import SEED, Folds
from evals.redundancy import averaged, digest, fleet_of
from evals.reliability import bins_of, diagram
from evals.schema_matching import aligned, judged, vectors_of
from evals.similarity_sets import read_matches, read_pairs
from tools.embeddings.minilm import MiniLM

RIDGE = 1.0
_ROOT = Path(__file__).parent.parent
_DIGITS = 4


def main(arguments: list[str] | None = None) -> int:
    chosen = _parser().parse_args(arguments)
    pair, picture = asyncio.run(_pair(chosen.redundancy))
    match = asyncio.run(_match(chosen.matching))
    kept = {"pair": pair, "match": match, "model": MiniLM.model_id, "ridge": RIDGE, "seed": SEED}
    chosen.out.write_bytes(orjson.dumps(kept, option=orjson.OPT_INDENT_2) + b"\n")
    chosen.diagram.write_text(picture, "utf-8")
    return 0


async def _pair(data: Path) -> tuple[dict[str, Any], str]:
    labelled = read_pairs(data)
    measured = signals(await fleet_of(labelled, MiniLM()), labelled.pairs)
    found = fitted(measured, labelled.same, SIGNS, RIDGE)
    figures = {name: round(x, 3) for name, x in asdict(averaged(labelled, measured)).items()}
    said = Folds.of(labelled).held_out(measured, labelled.same)
    main = labelled.main
    bins = bins_of(said[main], labelled.same[main])
    weights = {name: round(x, _DIGITS) for name, x in zip(NAMES, found.weights, strict=True)}
    fitted_on = {"set": "redundancy, development split", "sha256": digest(data),
                 "schemas": len(labelled.sources), "pairs": len(labelled.pairs)}  # fmt: skip
    kept = {"weights": weights, "bias": round(found.bias, _DIGITS),
            "fitted_on": fitted_on, "cross_validated": figures}  # fmt: skip
    return kept, diagram(bins, f"{int(np.sum(main))} pairs, judged by weights that never saw them")


async def _match(data: Path) -> dict[str, Any]:
    labelled = read_matches(data)
    found = aligned(labelled, await vectors_of(labelled, MiniLM()))
    likeness, same = judged(labelled, found)
    model: Logistic = fitted(likeness, same, (1,), RIDGE)
    fitted_on = {"set": "schema_matching, development split", "sha256": digest(data),
                 "pairs": len(labelled), "matches": len(same)}  # fmt: skip
    return {"likeness": round(model.weights[0], _DIGITS), "bias": round(model.bias, _DIGITS),
            "fitted_on": fitted_on}  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals.fitting", description=__doc__)
    parser.add_argument("--redundancy", type=Path, required=True, help="the set's folder")
    parser.add_argument("--matching", type=Path, required=True, help="the set's folder")
    weights = _ROOT / "core" / "similarity" / "weights.json"
    parser.add_argument("--out", type=Path, default=weights)
    parser.add_argument("--diagram", type=Path, default=_ROOT / "docs" / "reliability.svg")
    return parser


if __name__ == "__main__":
    sys.exit(main())
