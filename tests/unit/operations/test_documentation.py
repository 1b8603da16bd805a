"""docs/operations.md lists the figures that there are."""

from __future__ import annotations

from pathlib import Path

from server.metrics.page import Metrics
from server.settings import Settings
from tests.unit.operations.promql import LABELS

DOCS = Path(__file__).parents[3] / "docs"
TOTAL = {"counter": "_total"}


def rows() -> list[str]:
    """Of Headwater's own; those of every Python process are the client library's."""
    return [
        f"| `{family.name}{TOTAL.get(family.type, '')}` | {family.type} "
        f"| {', '.join(LABELS[family.name])} | {family.documentation} |"
        for family in Metrics().described()
        if family.name.startswith("headwater_")
    ]


def test_the_table_of_figures_is_that_of_the_code() -> None:
    text = (DOCS / "operations.md").read_text()
    told = [line for line in text.splitlines() if line.startswith("| `headwater_")]

    assert told == rows(), "\n".join(rows())


def test_every_setting_is_documented() -> None:
    text = (DOCS / "operating.md").read_text()
    client = {"principal", "token"}

    missing = [name for name in Settings.model_fields if f"`{name}`" not in text]

    assert set(missing) <= client
