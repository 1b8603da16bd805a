"""Tables as CSV run nothing in a spreadsheet."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.csv import csv_text, safe


@pytest.mark.parametrize(
    "name", ["=1+1", "+x", "-topic", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1+1", "\n@x"]
)
def test_a_text_that_would_be_a_formula_is_quoted(name: str) -> None:
    assert safe(name) == f"'{name}"


def test_numbers_and_plain_names_stay_as_they_are() -> None:
    assert [safe(cell) for cell in (Decimal("-1.50"), -3, 0.5, None, "orders-v1", "")] == [
        "-1.50",
        "-3",
        "0.5",
        "",
        "orders-v1",
        "",
    ]


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_whatever_names_are_a_row_reads_back_as_one_row(cells: list[str]) -> None:
    text = csv_text(["n"] * len(cells), [cells])

    _, row = list(csv.reader(io.StringIO(text, newline="")))

    assert [
        cell.removeprefix("'") if safe(was) != was else cell
        for cell, was in zip(row, cells, strict=True)
    ] == cells
