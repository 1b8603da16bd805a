"""Compound requests are cut at what asks for something, and put in the order of the work."""

from __future__ import annotations

import time

import pytest

from graph.models.offline.courtesy import bare
from graph.models.offline.cues import Cues
from graph.models.offline.parts import parts
from graph.models.offline.safety import is_unsafe
from graph.models.offline.spacing import evened
from prompts import route_examples

CUES = Cues(route_examples())


def cut(text: str) -> list[str]:
    return [bare(part.text) for part in parts(text, CUES.is_order)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("find A, then compare B", ["find A", "compare B"]),
        ("find A and compare B", ["find A", "compare B"]),
        ("find A; once that's done, create B", ["find A", "create B"]),
        ("1. find A 2. create B", ["find A", "create B"]),
        ("who owns A? And why is it late?", ["who owns A", "why is it late?"]),
        ("before you create B, check whether A exists", ["check whether A exists", "create B"]),
        ("create B, but first find A", ["find A", "create B"]),
        ("find A before creating B", ["find A", "creating B"]),
        ("find A. If there is none, create B", ["find A", "create B"]),
    ],
)
def test_what_asks_for_a_thing_of_its_own_is_a_part(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "create a topic with door id, time and reason",
        "create a stream of orders, keep 90 days and use avro",
        "compare orders, refunds and returns",
        "we sell insurance from June on, there are no events for it",
    ],
)
def test_lists_and_details_stay_with_their_request(text: str) -> None:
    assert cut(text) == [text]


def test_a_condition_stays_apart_from_what_hangs_on_it() -> None:
    (part,) = parts("once request 7 is approved, promote it", CUES.is_order)

    assert (part.condition, part.text) == ("request 7 is approved", "promote it")


@pytest.mark.parametrize(
    "piece", ["\n", " \t", "and ", "a.", "a_", "_", "before ", "delete ", "- ", "' ", "if so, "]
)
def test_no_text_takes_long(piece: str) -> None:
    text = (piece * 4000)[:4000] + "x"
    started = time.process_time()

    is_unsafe(text)
    parts(evened(text), CUES.is_order)

    assert time.process_time() - started < 3
