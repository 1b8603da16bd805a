"""Patterns cannot hang a watcher: what could is refused, and says why."""

from __future__ import annotations

import time

import pytest

from core.quality.checker import Checker
from core.quality.columns.rows import rows_batch
from core.quality.pattern import LARGEST, refusal, unlike
from core.quality.rule import QualityRule
from tests.unit.quality.test_checker import FIELDS, broken

HOSTILE = "a" * 20_000 + "!"


def pattern_rule(pattern: str, field: str = "id") -> QualityRule:
    return QualityRule(id="p", metric="pattern", field=field, pattern=pattern, reason="a test")


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(?=a)a", "look-ahead"),
        (r"(a)\1", "look-ahead, look-behind and references"),
        ("[a-", "unclosed character class"),
        ("a)|(b", "unopened group"),
        ("x" * 501, "longer than 500"),
        ("a{1001}", "repetitions"),
        ("(?:(?:ab){20}c){30}", "repetitions"),
        (r"(?:[\]a]{40}){40}", "repetitions"),
        (r"\p{L}{900}", "too large"),
        (r"a\Z", "unrecognized escape"),
    ],
)
def test_what_cannot_be_matched_in_bounded_time_is_refused(pattern: str, why: str) -> None:
    assert why in (refusal(pattern) or "")


@pytest.mark.parametrize(
    "pattern",
    ["", "(a+)+$", r"\p{L}+", "[]a]{3}", "^[A-Z]{2}[0-9]{2}[A-Z0-9]{4}[0-9]{7}([A-Z0-9]?){0,16}$",
     f"a{{{LARGEST}}}", "(?:a|b){2,}", r"\{1000\}{5}", "[a-z&&[^b]]{5}"],
)  # fmt: skip
def test_usual_patterns_are_taken(pattern: str) -> None:
    assert refusal(pattern) is None


@pytest.mark.parametrize("field", ["id", "mixed", "items[].sku"])
@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*", "(.*)*x", "(?:a|aa)+"])
def test_a_hostile_message_takes_no_longer_than_its_length(pattern: str, field: str) -> None:
    made = pattern_rule(pattern, field)
    checker = Checker([made], FIELDS)
    record = {"id": HOSTILE, "mixed": HOSTILE, "items": [{"sku": HOSTILE}]}
    odd = {**record, "count": "no number"}
    began = time.process_time()

    found = broken(checker, rows_batch([(0, record), (1, odd)], checker.wanted), 2)

    assert found == {("p", 0), ("p", 1)}
    assert time.process_time() - began < 2


def test_a_stored_pattern_that_is_refused_breaks_no_record() -> None:
    checker = Checker([pattern_rule("(?=b)a+"), pattern_rule("(?=b)a+", "mixed")], FIELDS)
    batch = rows_batch([(0, {"id": HOSTILE, "mixed": HOSTILE})], checker.wanted)

    assert broken(checker, batch, 1) == set()


def test_half_a_character_is_matched_as_a_sign_of_its_own() -> None:
    assert unlike(["\ud800", "a"], "a") == [True, False]


def test_a_rule_with_a_pattern_of_no_engine_is_none() -> None:
    with pytest.raises(ValueError, match="unclosed"):
        pattern_rule("(a")
