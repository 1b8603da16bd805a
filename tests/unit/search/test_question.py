"""A query as search reads it."""

import pytest

from core.search import MAX_QUERY
from tools.search.question import EmptyQueryError, QueryTooLongError, Question, question_of


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\0"])
def test_an_empty_query_is_refused_with_advice(text):
    with pytest.raises(EmptyQueryError, match="Say what the data is about"):
        question_of(text)


def test_a_query_that_is_too_long_is_refused_with_its_length():
    with pytest.raises(QueryTooLongError, match=f"{MAX_QUERY + 1}"):
        question_of("x" * (MAX_QUERY + 1))
    assert question_of("x" * MAX_QUERY)


def test_white_space_and_nul_are_cleaned():
    assert question_of("  supplier\0\n data ").text == "supplier data"


def test_a_correction_is_read_but_what_was_written_is_looked_up_first():
    question = Question("suplier events", (("suplier", "supplier"),))
    assert question.corrected == "supplier events"
    assert question.keys == ["suplierevents", "supplierevents"]
    assert "supplier" in question.stems.values()


def test_a_sentence_is_no_name():
    assert question_of("supplier events").name_like
    assert not question_of("which suppliers deliver late and how often do they").name_like
