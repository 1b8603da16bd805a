from __future__ import annotations

from dataclasses import dataclass

from tools.kafka.reading import Limits, TopicReading


@dataclass
class Record:
    """A record as the vendor's consumer hands it out."""

    text: bytes = b"x"

    def key(self) -> bytes | None:
        return None

    def value(self) -> bytes | None:
        return self.text

    def headers(self) -> None:
        return None

    def timestamp(self) -> tuple[int, int]:
        return (1, 0)


def reading(high: int, **limits: int) -> TopicReading:
    topic = TopicReading("t", {0: (0, high)}, Limits(**limits))
    topic.begin()
    return topic


def follow(topic: TopicReading, present: set[int]) -> list[int]:
    """The offsets that are kept when only `present` ones are on the topic."""
    part, offset = topic.open[0], 0
    while offset is not None and (left := sorted(o for o in present if o >= offset)):
        offset = part.take(Record(), left[0])  # type: ignore[arg-type]
    return [message.offset for message in topic.messages]


def test_a_range_in_a_gap_goes_on_behind_it():
    kept = follow(reading(10_000, messages=9), set(range(3_000, 10_000)))

    assert kept == [3_000, 3_001, 3_002, 4_998, 4_999, 5_000, 9_997, 9_998, 9_999]


def test_a_gap_that_swallows_a_whole_range_loses_no_record_of_the_next():
    kept = follow(reading(10_000, messages=9), {9_998, 9_999})

    assert kept == [9_998, 9_999]


def test_records_on_their_way_before_a_seek_are_passed_over_without_another():
    topic = reading(10_000, messages=3)
    part = topic.open[0]

    assert part.take(Record(), 0) == 4_999  # type: ignore[arg-type]
    assert part.take(Record(), 1) == 2  # type: ignore[arg-type]
    assert part.take(Record(), 4_999) == 9_999  # type: ignore[arg-type]


def test_oversized_records_cost_nothing_but_their_place():
    topic = reading(2, message_bytes=10)

    topic.open[0].take(Record(b"x" * 11), 0)  # type: ignore[arg-type]

    assert (topic.oversized, topic.messages) == (1, [])
