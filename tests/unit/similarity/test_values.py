"""What sketches of values say."""

from core.inference.node import Node
from core.similarity.values import Look, Values, alike, shared


def values(*column: object) -> Values:
    found = Values.of(Node.of(column))
    assert found is not None
    return found


def test_moments_are_known_in_whatever_way_they_are_written():
    written = [
        "2022/3/26 19:05",
        "Fri Mar 25 22:09:06 2022",
        "2022-03-27T21:25:00Z",
        "3月22日 10:25",
    ]

    assert all(values(text).looks == {Look.MOMENT: 1.0} for text in written)


def test_dates_are_like_dates_and_unlike_names_and_texts():
    dates, stamps = values("2024-01-05", "2023-11-30"), values("05.01.2024 10:00", "1.1.2024 9:30")
    people, text = values("Ada Byron", "Alan Kay"), values("It was " + "a long story " * 20)

    assert alike(dates, stamps) > 2 * alike(dates, people)
    assert alike(people, text) < alike(people, people) == 1.0


def test_the_share_of_values_in_common_is_of_the_smaller_side():
    few, many = values("a-1", "a-2"), values(*(f"a-{n}" for n in range(50)))

    assert shared(few, many) == shared(many, few) == 1.0
    assert shared(few, values("b-1")) == 0.0


def test_numbers_in_common_say_nothing():
    assert shared(values(1, 2, 3), values(1, 2, 3)) == 0.0


def test_a_field_without_values_has_none():
    assert Values.of(None) is None
    assert Values.of(Node.of([None, None])) is None
