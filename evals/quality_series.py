"""Anomalies in labelled series of metrics: a detector's open episodes against windows.

`judge_series` is a part of the eval `quality`; its `data` is that set's folder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.quality.anomaly.detector import Detector
from core.quality.anomaly.settings import SERIES

_APART = 10
"""Offsets that are closer are one alarm."""


@dataclass(frozen=True)
class SeriesFigures:
    """Alarms that touch a window against alarms; windows that hold an offset against windows."""

    series: str
    windows: int
    found: int
    alarms: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.alarms if self.alarms else 0.0

    @property
    def recall(self) -> float:
        return self.found / self.windows if self.windows else 0.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def __str__(self) -> str:
        return (
            f"{self.series:44} F1 {self.f1:.3f}  windows found {self.found} of {self.windows}, "
            f"alarms right {self.right} of {self.alarms}"
        )


def judge_series(data: Path) -> tuple[dict[str, dict[str, list[int]]], list[str]]:
    """What is predicted, `{"series": {name: [offset]}}`, and the figures as lines; nothing of a set
    without series."""
    if not (data / "series_windows.json").is_file():
        return {"series": {}}, []
    offsets = predictions(data)
    rows = figures(data, offsets)
    lines = [str(row) for row in rows]
    return {"series": offsets}, [*lines, f"series: mean F1 {mean_f1(rows):.3f}"]


def predictions(data: Path) -> dict[str, list[int]]:
    """The offsets at which an episode was open, by series; each point judged by those before it."""
    return {path.stem: _open_offsets(path) for path in sorted((data / "series").glob("*.jsonl"))}


def figures(data: Path, offsets: Mapping[str, Sequence[int]]) -> list[SeriesFigures]:
    labels = json.loads((data / "series_windows.json").read_text())
    return [
        judged(
            name, offsets.get(name, ()), [(w["first_offset"], w["last_offset"]) for w in windows]
        )
        for name, windows in ((name, label["windows"]) for name, label in labels.items())
    ]


def mean_f1(rows: Sequence[SeriesFigures]) -> float:
    return sum(row.f1 for row in rows) / len(rows) if rows else 0.0


def judged(
    series: str, offsets: Sequence[int], windows: Sequence[tuple[int, int]]
) -> SeriesFigures:
    alarms = _alarms(offsets)
    found = sum(any(first <= offset <= last for offset in offsets) for first, last in windows)
    right = sum(
        any(start <= last and end >= first for first, last in windows) for start, end in alarms
    )
    return SeriesFigures(series, len(windows), found, len(alarms), right)


def _alarms(offsets: Sequence[int]) -> list[tuple[int, int]]:
    alarms: list[tuple[int, int]] = []
    for offset in sorted(offsets):
        if alarms and offset - alarms[-1][1] <= _APART:
            alarms[-1] = (alarms[-1][0], offset)
        else:
            alarms.append((offset, offset))
    return alarms


def _open_offsets(path: Path) -> list[int]:
    detector = Detector(SERIES)
    found = []
    for line in path.read_text().splitlines():
        point = json.loads(line)
        at = datetime.fromisoformat(point["value"]["timestamp"])
        if detector.observe(at, float(point["value"]["value"])).open:
            found.append(point["offset"])
    return found
