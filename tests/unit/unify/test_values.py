"""The ops on values: what they make, and what they refuse without telling it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.unify.mapping import Op, Step
from core.unify.values import ValueRefusedError, applied

MAY_DAY = 1_714_557_600_000


@pytest.mark.parametrize(
    ("op", "value", "becomes"),
    [
        (Op.NUMBER, "1.234,50", 1234.5),
        (Op.NUMBER, "-1.234.567,8", -1_234_567.8),
        (Op.NUMBER, "1,234.5", 1234.5),
        (Op.NUMBER, "12,5", 12.5),
        (Op.NUMBER, "0,125", 0.125),
        (Op.NUMBER, "1 234 567", 1_234_567.0),
        (Op.NUMBER, "1.234.567", 1_234_567.0),
        (Op.NUMBER, "-1e3", -1000.0),
        (Op.NUMBER, 7, 7.0),
        (Op.WHOLE, " 30 ", 30),
        (Op.WHOLE, 30.0, 30),
        (Op.MOMENT, "2024-05-01T10:00:00Z", MAY_DAY),
        (Op.MOMENT, "2024-05-01T12:00:00+02:00", MAY_DAY),
        (Op.MOMENT, "01.05.2024 10:00", MAY_DAY),
        (Op.MOMENT, "1-May-2024", MAY_DAY - 36_000_000),
        (Op.MOMENT, "20240501", MAY_DAY - 36_000_000),
        (Op.MOMENT, MAY_DAY // 1_000, MAY_DAY),
        (Op.MOMENT, MAY_DAY * 1_000, MAY_DAY),
        (Op.MOMENT, str(MAY_DAY), MAY_DAY),
        (Op.DAY, "2024-05-01T23:30:00-02:00", "2024-05-02"),
        (Op.FLAG, "Yes", True),
        (Op.FLAG, 0, False),
        (Op.TEXT, 3.5, "3.5"),
        (Op.TEXT, True, "true"),
    ],
)
def test_a_value_is_brought_into_its_form(op: Op, value: object, becomes: object) -> None:
    made = applied(Step(op=op), value)

    assert (made, type(made)) == (becomes, type(becomes))


@pytest.mark.parametrize(
    ("op", "value", "says"),
    [
        (Op.NUMBER, "1,234", "may be a thousand or a fraction"),
        (Op.NUMBER, "SECRET", "is no number"),
        (Op.NUMBER, "12.34,5", "is no number"),
        (Op.NUMBER, "9" + 110 * ".999" + ",5", "too large"),
        (Op.NUMBER, True, "is a flag"),
        (Op.NUMBER, float("inf"), "no finite number"),
        (Op.NUMBER, 2**60, "more digits than a double keeps"),
        (Op.WHOLE, "1.5", "has a fraction"),
        (Op.WHOLE, 2**70, "larger than 64 bits"),
        (Op.MOMENT, "05/06/24", "no date or time that can be told"),
        (Op.MOMENT, 12, "no moment"),
        (Op.DAY, 3e17, "no moment"),
        (Op.FLAG, "maybe", "neither true nor false"),
        (Op.TEXT, {"a": 1}, "no single value"),
    ],
)
def test_what_is_not_certain_is_refused_without_being_told(
    op: Op, value: object, says: str
) -> None:
    with pytest.raises(ValueRefusedError, match=says) as refused:
        applied(Step(op=op), value)

    assert "SECRET" not in str(refused.value)


def test_defaults_constants_and_symbols() -> None:
    assert applied(Step(op=Op.DEFAULT, value="x"), None) == "x"
    assert applied(Step(op=Op.DEFAULT, value="x"), "y") == "y"
    assert applied(Step(op=Op.CONSTANT, value=3), "y") == 3
    assert applied(Step(op=Op.SYMBOLS, symbols={"ACTIVE": "active"}), "ACTIVE") == "active"
    assert applied(Step(op=Op.SYMBOLS, symbols={"ACTIVE": "active"}), "other") == "other"
    assert all(applied(Step(op=op), None) is None for op in Op)


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(Op))
def test_a_number_passes_or_is_refused(number: float, op: Op) -> None:
    with suppress(ValueRefusedError):
        applied(Step(op=op), number)


@given(st.integers(-(2**53), 2**53))
def test_whole_numbers_come_through_as_texts_too(number: int) -> None:
    assert applied(Step(op=Op.WHOLE), str(number)) == number
    assert applied(Step(op=Op.NUMBER), number) == number


@given(st.text(max_size=30), st.sampled_from(Op))
def test_any_text_passes_or_is_refused(text: str, op: Op) -> None:
    with suppress(ValueRefusedError):
        applied(Step(op=op), text)
