from __future__ import annotations

import re
from datetime import date, timedelta

from server.console.sparkline import HEIGHT, WIDTH, Sparkline, sparkline_of

LAST = date(2026, 3, 31)


def days(*values: float | None) -> list[tuple[date, float | None]]:
    """The latest last."""
    first = LAST - timedelta(days=len(values) - 1)
    return [(first + timedelta(days=place), value) for place, value in enumerate(values)]


def points(found: Sparkline) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", found.line)]


def test_a_line_goes_from_its_lowest_to_its_highest_within_the_picture() -> None:
    found = sparkline_of("Sources", days(4, 4, 4, 4, 4, 4, 2, 8))
    assert found is not None

    drawn = points(found)
    assert (found.low, found.high, found.latest, found.days) == (2, 8, 8, 8)
    assert min(drawn, key=lambda point: point[1]) == drawn[-1]
    assert max(drawn, key=lambda point: point[1]) == drawn[-2]
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in drawn)


def test_days_that_were_not_measured_break_the_line_and_are_not_filled() -> None:
    measured = days(1, 2, 3, 4, None, 6, 7, 8)
    found = sparkline_of("Sources", [each for each in measured if each[1] is not None])
    assert found is not None

    assert found.days == 7
    assert found.line.count("M") == 2
    assert sparkline_of("Sources", measured) == found


def test_few_days_do_not_fill_the_width() -> None:
    found = sparkline_of("Sources", days(1, 2))
    assert found is not None

    assert points(found)[0][0] > WIDTH / 2


def test_a_day_alone_is_a_dot_and_what_never_moved_lies_in_the_middle() -> None:
    one, level = sparkline_of("Sources", days(5)), sparkline_of("Sources", days(5, 5, 5))
    assert one is not None
    assert level is not None

    assert len(set(points(one))) == 1
    assert one.area == ""
    assert {y for _, y in points(level)} == {HEIGHT / 2}


def test_of_no_measured_day_there_is_no_line() -> None:
    assert sparkline_of("Average score", days(None, None)) is None
