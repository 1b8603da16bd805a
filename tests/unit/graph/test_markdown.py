"""Names and texts that anyone may have written do nothing in an answer."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.markdown import code, plain, prose


def test_markup_in_a_description_is_shown_and_does_nothing() -> None:
    assert plain("[x](http://a) <b>`c` *d*\n# e") == (r"\[x\](http\://a) \<b\>\`c\` \*d\* # e")


def test_a_name_cannot_end_its_code_span() -> None:
    assert code("a`b") == "`a’b`"


def test_a_lead_keeps_its_code_spans_and_nothing_else() -> None:
    assert prose("`orders_raw` has *3* fields") == r"`orders_raw` has \*3\* fields"
    assert prose("an odd ` tick") == r"an odd \` tick"


def test_direction_and_control_characters_are_taken_out() -> None:
    assert plain("safe\u202egnp\x00") == "safe gnp"


@settings(max_examples=60)
@given(st.text(max_size=400))
def test_any_text_becomes_one_line_of_bounded_length(text: str) -> None:
    shown = plain(text, 100)

    assert "\n" not in shown
    assert len(shown) <= 200
