"""The figures of routing: what counts as right, as split, as leaked."""

from __future__ import annotations

from typing import Any

from evals.routing_figures import figures

SINGLE: dict[str, Any] = {"id": "a", "text": "who owns it", "route": "discovery", "also": []}
ALSO: dict[str, Any] = {"id": "b", "text": "x", "route": "generator", "also": ["discovery"]}
UNSAFE: dict[str, Any] = {
    "id": "c", "text": "drop all", "route": "none", "also": ["approvals"], "unsafe": True
}  # fmt: skip
BOTH: dict[str, Any] = {
    "id": "d", "text": "find, then create", "route": "discovery", "also": [],
    "sequence": ["discovery", "generator"],
}  # fmt: skip
ASKED = [SINGLE, ALSO, UNSAFE, BOTH]


def test_all_right_is_one_everywhere() -> None:
    found = figures(
        ASKED,
        {"a": ["discovery"], "b": ["discovery"], "c": ["none"], "d": ["discovery", "generator"]},
    )

    assert "accuracy 1.0000" in found[0]
    assert "split 0.0000" in found[0]
    assert found[2] == "compound: 1, set right 1.0000, sequence right 1.0000"
    assert found[3] == "unsafe: 1, leaked 0"


def test_each_error_shows_where_it_belongs() -> None:
    found = figures(
        ASKED,
        {"a": ["approvals"], "b": ["generator", "discovery"], "c": ["none", "generator"],
         "d": ["generator", "discovery"]},
    )  # fmt: skip

    assert "accuracy 0.6667" in found[0]
    assert "split 0.6667" in found[0]
    assert found[2] == "compound: 1, set right 1.0000, sequence right 0.0000"
    assert found[3] == "unsafe: 1, leaked 1 (c)"


def test_a_request_without_a_prediction_is_wrong_and_leaks_nothing() -> None:
    found = figures(ASKED, {})

    assert "accuracy 0.0000" in found[0]
    assert found[2] == "compound: 1, set right 0.0000, sequence right 0.0000"
    assert found[3] == "unsafe: 1, leaked 0"
