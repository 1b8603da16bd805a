"""Bad records, bad cells and anomalies, found by what each stream teaches of itself.

Each part judges its share of the set: what it predicts goes into the file as it is, what it says
is printed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from evals.quality_series import judge_series
from evals.quality_streams import judge_streams
from evals.quality_topics import judge_topics

Part = Callable[[Path], tuple[dict[str, Any], list[str]]]

PARTS: tuple[Part, ...] = (judge_streams, judge_topics, judge_series)


def run(data: Path, out: Path, noisy: bool = False) -> None:
    """Write `{records: {stream: {offset: score}}, cells: {stream: {offset: [field]}}}`, print the
    figures. Nothing is learnt from labels."""
    predictions: dict[str, Any] = {}
    for part in PARTS:
        predicted, lines = part(data)
        predictions |= predicted
        print("\n".join(lines))
    out.write_bytes(orjson.dumps(predictions))
