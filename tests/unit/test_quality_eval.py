"""The quality eval on a small set of its form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.__main__ import main
from evals.quality_figures import Found, mean
from evals.quality_streams import read_streams
from tests.unit.quality.learning.orders import orders


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """One stream with four bad cells in three records; one of the cells is not scored."""
    for folder in ("streams", "labels"):
        (tmp_path / folder).mkdir()
    records = orders(400)
    bad = {3: {"city": "Madrid"}, 90: {"amount": None, "mail": "N/A"}, 91: {"note": "lost"}}
    lines = [
        json.dumps({"offset": at, "value": record | bad.get(at, {})})
        for at, record in enumerate(records)
    ]
    (tmp_path / "streams" / "orders.diluted.jsonl").write_text("\n".join(lines))
    labels = {
        at: {field: {"clean": records[at][field]} for field in cells} for at, cells in bad.items()
    }
    (tmp_path / "labels" / "orders.diluted.json").write_text(
        json.dumps({"labels": labels, "unscored_fields": ["note"], "records": len(records)})
    )
    return tmp_path


def test_scores_and_cells_are_predicted_and_judged(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = data / "predictions.json"

    assert main(["quality", "--data", str(data), "--out", str(out)]) == 0

    said = json.loads(out.read_bytes())
    scores = said["records"]["orders.diluted"]
    assert len(scores) == 400
    assert {at for at, score in scores.items() if score >= 0.5} == {"3", "90"}
    assert said["cells"]["orders.diluted"] == {"3": ["city"], "90": ["amount", "mail"]}
    printed = capsys.readouterr().out
    assert "mean, diluted" in printed
    assert "clean version called bad 0.0000" in printed


def test_cells_that_are_not_scored_make_no_record_bad(data: Path) -> None:
    (stream,) = read_streams(data)

    assert set(stream.bad) == {3, 90}
    assert stream.cleaned()[3] == orders(400)[3]


def test_the_mean_is_taken_of_each_figure_by_itself() -> None:
    all_found, none_found = Found.of({1, 2}, {1, 2}), Found.of(set(), {1})

    assert mean([all_found, none_found]) == Found(0.5, 0.5, 0.5)
    assert Found.of({1, 2, 3, 4}, {1}) == Found(0.25, 1.0, 0.4)
