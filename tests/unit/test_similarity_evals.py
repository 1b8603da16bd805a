"""The evaluations of schema comparison: what they write, and that their figures judge."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evals.__main__ import main
from evals.families import Folds, families
from evals.pair_figures import average_precision, judged_pairs
from evals.reliability import bins_of, calibration_error, diagram
from evals.similarity_sets import LabelledPairs, read_matches, read_pairs
from tools.embeddings.legible import latin

ORDER = {"properties": {"orderId": {"type": "string"}, "amount": {"type": "number"}}}
READING = {"properties": {"celsius": {"type": "number"}, "sensor": {"type": "string"}}}
NAMES = (
    ("shop.order_created.v1", ORDER), ("shop.order_created.v2", ORDER),
    ("store.order_created", ORDER), ("plant.sensor_reading", READING),
)  # fmt: skip
PAIRS = ((0, 1, 1, "version"), (0, 2, 1, "cross_vendor"), (1, 3, 0, "hard_negative"),
         (2, 3, 0, "random_negative"))  # fmt: skip


@pytest.fixture
def redundancy(tmp_path: Path) -> Path:
    schemas = [
        {"id": name, "name": name, "description": "", "schema": schema} for name, schema in NAMES
    ]
    pairs = [
        {"a": NAMES[a][0], "b": NAMES[b][0], "label": label, "kind": kind}
        for a, b, label, kind in PAIRS
    ]
    (tmp_path / "schemas.json").write_text(json.dumps(schemas))
    (tmp_path / "pairs.json").write_text(json.dumps(pairs))
    return tmp_path


@pytest.fixture
def matching(tmp_path: Path) -> Path:
    left = [_column("id", "7", "8"), _column("items[].price"), _column("作者", "ada", "kay")]
    right = [_column("identifier", "8", "9"), _column("price"), _column("author", "kay")]
    pair = {
        "id": "p1", "group": "web_tables",
        "left": {"name": "l", "fields": left}, "right": {"name": "r", "fields": right},
        "truth": [["id", "identifier"], ["作者", "author"]],
    }  # fmt: skip
    (tmp_path / "pairs.json").write_text(json.dumps([pair]))
    return tmp_path


def _column(path: str, *samples: str) -> dict[str, Any]:
    return {"path": path, "type": "string", "description": "", "samples": list(samples)}


def test_pairs_are_scored_and_judged(redundancy: Path, capsys: pytest.CaptureFixture[str]):
    out = redundancy / "predictions.json"

    assert main(["redundancy", "--data", str(redundancy), "--out", str(out)]) == 0

    written = json.loads(out.read_bytes())
    scores = written["scores"]
    assert written["threshold"] == 0.5
    assert scores["shop.order_created.v1|store.order_created"] > 0.9
    assert scores["shop.order_created.v2|plant.sensor_reading"] < 0.1
    assert "shipped weights: AP 1.000" in capsys.readouterr().out


def test_fields_are_matched_and_judged(matching: Path, capsys: pytest.CaptureFixture[str]):
    out = matching / "predictions.json"
    assert main(["schema_matching", "--data", str(matching), "--out", str(out)]) == 0

    matched = [(left, right) for left, right, _ in json.loads(out.read_bytes())["p1"]]
    assert set(matched) == {("id", "identifier"), ("items[].price", "price"), ("作者", "author")}
    assert "recall at ground truth 1.0000" in capsys.readouterr().out


def test_figures_fall_with_each_kind_of_error(redundancy: Path):
    labelled = read_pairs(redundancy)

    right = judged_pairs(labelled, np.array([0.9, 0.9, 0.1, 0.1]))
    wrong = judged_pairs(labelled, np.array([0.9, 0.1, 0.9, 0.1]))

    assert (right.f1, right.average_precision, right.hard) == (1.0, 1.0, 1.0)
    assert wrong.f1 == 0.5
    assert wrong.hard == 0.5
    assert wrong.calibration > right.calibration == pytest.approx(0.1)


def test_tied_scores_are_taken_together():
    assert average_precision([0.5, 0.5], [1, 0]) == 0.5


def test_probabilities_that_keep_their_word_have_no_error():
    said, same = np.array([0.25] * 4 + [0.75] * 4), np.array([1, 0, 0, 0, 1, 1, 1, 0.0])

    bins = bins_of(said, same)

    assert calibration_error(bins) == 0.0
    assert calibration_error(bins_of(1 - said, same)) == 0.5
    assert diagram(bins, "pairs").count("<circle") == 2


def test_no_pair_is_judged_by_what_has_seen_its_family(redundancy: Path):
    labelled = read_pairs(redundancy)
    family = families(labelled)

    folds = Folds.of(labelled, 2)

    assert len(set(family[:3])) == 1
    assert family[3] != family[0]
    assert folds.of_pairs[0, 0] == folds.of_pairs[0, 1] == folds.of_pairs[1, 1]


def test_families_follow_positive_pairs_alone(redundancy: Path):
    labelled = read_pairs(redundancy)
    none = LabelledPairs(
        labelled.sources, labelled.ids, labelled.pairs, np.zeros(4), labelled.kinds
    )

    assert len(set(families(none))) == 3


def test_paths_become_a_tree(matching: Path):
    left = read_matches(matching)[0].left

    assert [field.path for field in left.fields] == ["id", "items", "items[].price", "作者"]


@pytest.mark.parametrize(
    ("text", "readable"), [("order id", True), ("Größe", True), ("作者", False), ("цена", False)]
)
def test_latin_letters_alone_are_read_by_the_built_in_model(text: str, readable: bool):
    assert latin(text) is readable
