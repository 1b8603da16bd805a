"""Bad records and bad cells of streams that teach their own rules.

`streams/NAME.jsonl` holds messages as `{"offset", "value"}`, `labels/NAME.json` the clean value of
each bad cell. Streams named `*.diluted` have some 12 % bad records, `*.full` are the tables as
published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from core.quality.learning.judgement import SUSPECT, Judgement
from core.quality.learning.learn import learn
from evals.pair_figures import average_precision
from evals.quality_figures import Found, mean

VARIANTS = ("diluted", "full")


@dataclass(frozen=True)
class LabelledStream:
    """`bad`: by offset, the fields that differ from the clean version, with their clean values."""

    name: str
    records: tuple[dict[str, Any], ...]
    bad: Mapping[int, Mapping[str, Any]]

    @property
    def cells(self) -> frozenset[tuple[int, str]]:
        return frozenset((at, field) for at, fields in self.bad.items() for field in fields)

    def cleaned(self) -> list[dict[str, Any]]:
        """The records as they should have been."""
        return [{**record, **self.bad.get(at, {})} for at, record in enumerate(self.records)]


@dataclass(frozen=True)
class StreamFigures:
    """`alarmed` is the share of the clean version's records that are called bad."""

    records: Found
    cells: Found
    average_precision: float
    alarmed: float

    def __str__(self) -> str:
        return (
            f"records {self.records}  AP {self.average_precision:.3f}  "
            f"cells {self.cells}  clean version called bad {self.alarmed:.4f}"
        )


def read_streams(data: Path) -> list[LabelledStream]:
    return [_read(data, path.stem) for path in sorted((data / "labels").glob("*.json"))]


def judge_streams(data: Path) -> tuple[dict[str, Any], list[str]]:
    """The predictions, and what is to be printed: each stream, then the means by variant."""
    records: dict[str, Any] = {}
    cells: dict[str, Any] = {}
    figures: dict[str, StreamFigures] = {}
    for stream in read_streams(data):
        said = learn(stream.records).judge(stream.records)
        records[stream.name] = {str(at): float(score) for at, score in enumerate(said.scores)}
        cells[stream.name] = {str(at): list(fields) for at, fields in said.cells().items()}
        figures[stream.name] = judged(stream, said)
    lines = [f"{name:20} {said}" for name, said in figures.items()]
    return {"records": records, "cells": cells}, [*lines, *_means(figures)]


def judged(stream: LabelledStream, said: Judgement) -> StreamFigures:
    flagged = {at for at, score in enumerate(said.scores) if score >= SUSPECT}
    found = {(at, field) for at, fields in said.cells().items() for field in fields}
    labels = [float(at in stream.bad) for at in range(len(stream.records))]
    clean = stream.cleaned()
    alarms = (learn(clean).judge(clean).scores >= SUSPECT).mean()
    return StreamFigures(
        Found.of(flagged, set(stream.bad)),
        Found.of(found, set(stream.cells)),
        average_precision(said.scores, labels),
        float(alarms),
    )


def _means(figures: Mapping[str, StreamFigures]) -> list[str]:
    lines = []
    for variant in VARIANTS:
        some = [each for name, each in figures.items() if name.endswith(f".{variant}")]
        if some:
            records, cells = mean([s.records for s in some]), mean([s.cells for s in some])
            lines.append(f"{'mean, ' + variant:20} records {records}  cells {cells}")
    return lines


def _read(data: Path, name: str) -> LabelledStream:
    labels = orjson.loads((data / "labels" / f"{name}.json").read_bytes())
    unscored = frozenset(labels.get("unscored_fields", ()))
    bad = {
        int(at): {field: held["clean"] for field, held in fields.items() if field not in unscored}
        for at, fields in labels["labels"].items()
    }
    lines = (data / "streams" / f"{name}.jsonl").read_bytes().splitlines()
    messages = sorted(map(orjson.loads, lines), key=lambda message: message["offset"])
    records = tuple(message["value"] for message in messages)
    return LabelledStream(name, records, {at: fields for at, fields in bad.items() if fields})
