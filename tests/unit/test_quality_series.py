"""Alarms and windows are counted as the set's scorer counts them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from random import Random

from evals.quality_series import judge_series, judged


def test_close_offsets_are_one_alarm_and_a_window_is_found_by_any_offset():
    row = judged("s", [5, 8, 18, 40, 100], [(0, 10), (19, 30), (90, 110)])
    assert (row.alarms, row.right, row.found) == (3, 2, 2)
    assert round(row.f1, 4) == 0.6667
    assert judged("s", [], [(0, 1)]).f1 == 0.0


def test_a_series_is_judged_from_its_files(tmp_path):
    source, start = Random(1), datetime(2026, 1, 5)
    (tmp_path / "series").mkdir()
    with (tmp_path / "series" / "a.jsonl").open("w") as lines:
        for offset in range(2000):
            value = 500.0 if offset == 1500 else source.gauss(50, 3)
            at = str(start + timedelta(minutes=5 * offset))
            point = {"offset": offset, "value": {"timestamp": at, "value": value}}
            lines.write(json.dumps(point) + "\n")
    label = {"points": 2000, "windows": [{"first_offset": 1450, "last_offset": 1550}]}
    (tmp_path / "series_windows.json").write_text(json.dumps({"a": label}))
    predicted, lines_told = judge_series(tmp_path)
    assert 1500 in predicted["series"]["a"]
    assert lines_told[-1].startswith("series: mean F1 ")
    assert "windows found 1 of 1" in lines_told[0]
