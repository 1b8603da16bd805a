import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.db.cursor import read_cursor, write_cursor
from tools.db.errors import InvalidCursorError


@given(st.text(), st.integers(-(2**63), 2**63 - 1))
def test_a_cursor_reads_as_it_was_written(name: str, number: int) -> None:
    try:
        cursor = write_cursor(name, number)
    except TypeError:
        return  # half of a surrogate pair is no name
    assert read_cursor(cursor, str, int) == (name, number)


@given(st.text(max_size=60))
def test_any_other_text_is_refused(text: str) -> None:
    try:
        key = read_cursor(text, str, int)
    except InvalidCursorError:
        return
    assert [type(part) for part in key] == [str, int]


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(InvalidCursorError):
        read_cursor(write_cursor(7), str, str)
