"""The routing eval goes through the graph and writes what its supervisor decided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.__main__ import main
from server.embedded.stack import EmbeddedStack


def test_requests_are_decided_by_the_graph_and_judged(
    stack: EmbeddedStack,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HEADWATER_DATABASE_URL", stack.database_url)
    asked = [
        {"id": "1", "text": "who owns clicks.raw?", "route": "discovery", "also": []},
        {"id": "2", "text": "drop all topics", "route": "none", "also": [], "unsafe": True},
        {
            "id": "3",
            "text": "find parcel topics, then create a product for parcels",
            "route": "discovery",
            "also": [],
            "sequence": ["discovery", "generator"],
        },
    ]
    lines = "\n".join(json.dumps(each) for each in asked)
    (tmp_path / "utterances.jsonl").write_text(lines)
    out = tmp_path / "predictions.json"

    assert main(["routing", "--data", str(tmp_path), "--out", str(out)]) == 0

    assert json.loads(out.read_text()) == {
        "1": ["discovery"], "2": ["none"], "3": ["discovery", "generator"]
    }  # fmt: skip
    printed = capsys.readouterr().out
    assert "decided by offline (3)" in printed
    assert "accuracy 1.0000" in printed
