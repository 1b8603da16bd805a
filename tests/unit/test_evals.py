"""The evaluations: what they write, and that their figures judge."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.schema import json_schema
from evals.__main__ import main
from evals.schema_figures import Figures, judged
from evals.sets import SETS, UnknownSetError, run_of


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for folder in ("topics", "truth", "noise"):
        (tmp_path / folder).mkdir()
    lines = [json.dumps({"id": n, "status": ["NEW", "PAID"][n % 2]}) for n in range(50)]
    (tmp_path / "topics" / "orders.jsonl").write_text("\n".join(lines))
    (tmp_path / "noise" / "orders.txt").write_text('{"celsius": 2, "x": 1}\n{"id": 3, "st')
    truth = {"id": _true("integer"), "status": _true("string", enum=["NEW", "PAID"])}
    (tmp_path / "truth" / "orders.json").write_text(json.dumps({"fields": truth}))
    return tmp_path


def _true(kind: str, **more: Any) -> dict[str, Any]:
    return {"types": [kind], "seen_types": [kind], "required": True, "n_seen": 50} | more


@pytest.mark.parametrize("noise", [[], ["--noisy"]])
def test_predictions_are_written_and_figures_printed(
    data: Path, noise: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = data / "made" / "predictions.json"
    code = main(["schema_inference", "--data", str(data), "--out", str(out), *noise])

    assert code == 0
    assert set(json.loads(out.read_bytes())["orders"]["json_schema"]["properties"]) == {
        "id", "status"
    }  # fmt: skip
    printed = capsys.readouterr().out
    assert "field precision  1.0000" in printed
    assert "enum F1          1.0000" in printed


def test_a_missing_folder_is_answered_with_advice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["schema_inference", "--data", str(tmp_path / "no"), "--out", str(tmp_path / "o")]

    assert main(arguments) == 2
    assert "--data" in capsys.readouterr().err


def test_a_set_that_makes_its_own_data_asks_for_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.silence.TOPIC_COUNT", 0)

    assert main(["silence", "--out", str(tmp_path / "out.json")]) == 0
    assert json.loads((tmp_path / "out.json").read_bytes()) == []


def test_an_unknown_set_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownSetError, match="schema_inference"):
        run_of("nonsense")


def test_every_set_can_be_run() -> None:
    assert all(callable(run_of(name)) for name in SETS)


def test_figures_fall_with_each_kind_of_error() -> None:
    truth = {
        "id": _true("integer"), "status": _true("string", enum=["A"]),
        "by": _true("object", map=True),
    }  # fmt: skip
    wrong = json_schema.read({
        "properties": {"id": {"type": "string"}, "status": {"type": "string"}, "other": {},
                       "by": {"type": "object", "properties": {"k": {}}}}
    })  # fmt: skip
    figures = Figures()
    figures.add(judged(truth, wrong))
    found = figures.as_dict()

    assert found["field precision"] == 0.75
    assert found["field recall"] == 1.0
    assert found["types strict"] == pytest.approx(2 / 3)
    assert found["required"] == 0.0
    assert found["enum F1"] == 0.0
    assert found["maps"] == 0.0
