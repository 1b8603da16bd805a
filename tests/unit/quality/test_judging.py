"""What a judge says of looks: what is broken, since when, and that it holds again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from core.alerts.finding import Finding, FindingKind, Position
from core.quality.judging.judge import Judge
from core.quality.judging.look import GroupLag, Look
from core.quality.rule import Metric, QualityRule
from core.quality.threshold import Operator, Threshold, Unit
from core.quality.values import Values
from core.quality.watch import key_of
from core.quality.window import Window

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
RANDOM = np.random.default_rng(4)


def rule(metric: Metric, field: str | None = None, **more: Any) -> QualityRule:
    return QualityRule(id="r", metric=metric, field=field, reason="a test", **more)


def at(second: int) -> datetime:
    return START + timedelta(seconds=second)


def ms(second: int) -> int:
    return round(at(second).timestamp() * 1_000)


def looked(judge: Judge, second: int, window: Window, **more: Any) -> list[Finding]:
    """The records came in the second before the look."""
    first = round(at(second - 1).timestamp() * 1_000)
    if window.records:
        window.first_ms, window.last_ms = first, first + 900
    arrivals = Counter({first // 1_000: window.records} if window.records else {})
    return judge.look(Look("orders", window, arrivals, at(second), **more))


def judge_of(one: QualityRule, began: datetime = START) -> Judge:
    return Judge(round(began.timestamp() * 1_000), [one])


def again(judge: Judge, one: QualityRule) -> Judge:
    """As another process would go on."""
    return Judge.decode(judge.encode(), [one])


def shares(one: QualityRule, bad: Iterator[int]) -> list[tuple[int, Finding]]:
    judge, found = judge_of(one), []
    for second, count in enumerate(bad, 1):
        window = Window(records=500, broken=Counter({key_of(one): count} if count else {}))
        found += [(second, each) for each in looked(judge, second, window)]
        if second % 7 == 0:
            judge = again(judge, one)
    return found


def test_a_share_that_rises_is_broken_since_it_rose_and_holds_when_it_fell() -> None:
    one = rule(Metric.RANGE, "amount", minimum=0)
    found = shares(one, iter([1, 0, 2] * 20 + [150] * 30 + [1, 0, 2] * 20))

    seconds = [second for second, each in found if each.broken]
    assert 61 <= seconds[0] <= 66
    assert found[0][1].since == at(60)
    assert found[0][1].kind is FindingKind.RULE
    assert found[0][1].figures["usual_share"] == pytest.approx(0.002, abs=0.0005)
    assert not found[-1][1].broken
    assert 91 <= found[-1][0] <= 130


def test_it_is_broken_since_the_first_record_and_all_since_are_told() -> None:
    one = rule(Metric.RANGE, "amount", minimum=0)
    judge, found = judge_of(one), []
    began = at(60) + timedelta(milliseconds=480)
    for second, bad in enumerate([0] * 60 + [200] * 30, 1):
        window = Window(records=500)
        if bad:
            mid = round(began.timestamp() * 1_000) if second == 61 else ms(second - 1)
            window.breaks(key_of(one), bad, mid)
            for offset in range(bad):
                window.note(key_of(one), (0, 500 * second + offset, "number -9"))
        found += [(second, each) for each in looked(judge, second, window)]

    alarm, told = found[0]
    assert alarm > 61
    offsets = [each.offset for each in told.positions]
    assert offsets[:2] == [500 * 61, 500 * 61 + 1]
    assert offsets[-1] == 500 * alarm + 4
    assert len(set(offsets)) == len(offsets)
    assert {each.since for _, each in found} == {began}
    for second, each in found:
        looks = second - 60
        assert (each.figures["bad"], each.figures["records"]) == (200 * looks, 500 * looks)


def test_one_bad_record_minutes_before_is_not_when_it_broke() -> None:
    one = rule(Metric.RANGE, "amount", minimum=0)
    judge, found = judge_of(one), []
    for second in range(1, 701):
        window = Window(records=1)
        if second == 400 or second > 640:
            window.breaks(key_of(one), 1, ms(second - 1))
        found += looked(judge, second, window)

    assert {each.since for each in found} == {at(640)}


def test_nulls_are_more_since_the_first_of_them() -> None:
    one = rule(Metric.NULL_RATE, "amount")
    judge, found = judge_of(one), []
    for second in range(1, 91):
        window = Window(records=500)
        if second > 60:
            window.lacks(key_of(one), "amount", 100, ms(second - 1) + 300)
            window.note(key_of(one), (0, 500 * second, "null"))
        found += looked(judge, second, window)

    assert {each.since for each in found} == {at(60) + timedelta(milliseconds=300)}
    assert found[0].positions[0] == Position(partition=0, offset=500 * 61, excerpt="null")


def test_a_share_that_is_as_it_was_is_nobodys_news() -> None:
    one = rule(Metric.RANGE, "amount", minimum=0)

    assert shares(one, iter(RANDOM.binomial(500, 0.3, 600).tolist())) == []


def test_what_was_before_it_was_watched_opens_nothing_and_is_what_is_usual() -> None:
    one = rule(Metric.RANGE, "amount", minimum=0)
    judge = judge_of(one)
    for hour in range(24, 0, -1):
        past = START - timedelta(hours=hour)
        bad = 400 if hour == 3 else 5
        window = Window(records=500, broken=Counter({key_of(one): bad}))
        window.first_ms = window.last_ms = round(past.timestamp() * 1_000)
        assert judge.look(Look("orders", window, Counter(), START)) == []
    found = []
    for second in range(1, 60):
        window = Window(records=500, broken=Counter({key_of(one): 5}))
        found += looked(judge, second, window)

    assert found == []


def values(*numbers: float) -> dict[str, Values]:
    return {"amount": Values.of(pl.Series(numbers, dtype=pl.Float64))}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (lambda numbers: numbers * 1_000, "times what they were"),
        (lambda numbers: np.full_like(numbers, 21.5), "stuck"),
    ],
)
def test_values_that_are_others_are_told_with_what_changed(changed: Any, said: str) -> None:
    one = rule(Metric.DISTRIBUTION, "amount")
    judge, found = judge_of(one), []
    for second in range(1, 121):
        numbers = RANDOM.lognormal(3, 0.5, 200)
        if 60 < second <= 90:
            numbers = changed(numbers)
        window = Window(records=200, values=values(*numbers))
        found += [(second, each) for each in looked(judge, second, window)]
        judge = again(judge, one)

    assert found[0][0] == 61
    assert said in found[0][1].told
    assert found[0][1].kind is FindingKind.DRIFT
    assert not found[-1][1].broken
    assert 91 <= found[-1][0] <= 95


def test_a_counter_is_never_as_it_was_and_no_news() -> None:
    one = rule(Metric.DISTRIBUTION, "amount")
    judge = judge_of(one)
    for second in range(1, 200):
        numbers = np.arange(second * 200, second * 200 + 200, dtype=np.float64)
        assert looked(judge, second, Window(records=200, values=values(*numbers))) == []


def volume(counts: list[int], **more: Any) -> list[tuple[int, Finding]]:
    one = rule(Metric.VOLUME)
    judge, found = judge_of(one), []
    for second, count in enumerate(counts, 1):
        found += [(second, each) for each in looked(judge, second, Window(records=count), **more)]
    return found


def test_a_topic_that_falls_silent_is_told_within_seconds_and_until_it_speaks_again() -> None:
    usual = RANDOM.poisson(1_000, 600).tolist()
    found = volume([*usual, *([0] * 60), *usual[:60]])

    assert 601 <= found[0][0] <= 612
    assert found[0][1].broken
    assert found[0][1].since == at(600)
    assert all(each.broken for second, each in found if second <= 660)
    assert not found[-1][1].broken
    assert 661 <= found[-1][0] <= 675


def test_silence_says_nothing_while_nobody_listens() -> None:
    usual = RANDOM.poisson(1_000, 600).tolist()
    one = rule(Metric.VOLUME)
    judge = judge_of(one)
    for second, count in enumerate(usual, 1):
        looked(judge, second, Window(records=count))
    for second in range(601, 700):
        assert looked(judge, second, Window(), heard=None) == []


def behind(counts: list[int], late: int) -> list[tuple[int, Finding]]:
    """Each second's records are counted so many seconds late, nine seconds' at once."""
    one = rule(Metric.VOLUME)
    judge, found = judge_of(one), []
    for end in range(9, len(counts), 9):
        arrivals = {round(at(second).timestamp()): counts[second] for second in range(end - 9, end)}
        look = Look("orders", Window(), Counter(arrivals), at(end + late), heard=at(end))
        found += [(end + late, each) for each in judge.look(look)]
        # Between two rounds of the watcher, too, somebody looks.
        between = Look("orders", Window(), Counter(), at(end + late + 5), heard=at(end))
        found += [(end + late + 5, each) for each in judge.look(between)]
    return found


def test_a_watcher_that_is_behind_is_waited_for() -> None:
    usual = RANDOM.poisson(1_000, 600).tolist()
    found = behind([*usual, *([0] * 60), *usual[:60]], late=12)

    assert behind([*usual, *usual], late=12) == []
    assert 612 < found[0][0] <= 630
    assert found[0][1].since == at(600)
    assert not found[-1][1].broken


def test_what_nobody_has_counted_yet_is_not_stale() -> None:
    judge = judge_of(rule(Metric.FRESHNESS, max_delay_ms=10_000))
    looked(judge, 1, Window(records=1))

    assert looked(judge, 30, Window(), heard=at(9)) == []
    (stale,) = looked(judge, 31, Window(), heard=at(12))
    assert stale.broken


def test_a_hiccup_of_two_seconds_is_nobodys_news() -> None:
    usual = RANDOM.poisson(1_000, 600).tolist()

    assert volume([*usual, 0, 0, *usual[:60]]) == []


def test_a_topic_is_stale_after_what_was_allowed_and_fresh_with_the_next_record() -> None:
    one = rule(Metric.FRESHNESS, max_delay_ms=10_000)
    judge = judge_of(one)
    assert looked(judge, 1, Window(records=1)) == []
    assert looked(judge, 10, Window()) == []
    (stale,) = looked(judge, 12, Window())
    (fresh,) = looked(judge, 20, Window(records=1))

    assert (stale.broken, fresh.broken) == (True, False)
    assert stale.kind is FindingKind.FRESHNESS
    assert judge.due(0)


def test_a_stated_limit_is_broken_when_it_is_passed_within_its_window() -> None:
    limit = Threshold(operator=Operator.AT_MOST, values=(2,), unit=Unit.PERCENT)
    one = rule(Metric.REQUIRED, "id", threshold=limit, window_ms=60_000)
    judge = judge_of(one)

    def look(second: int, bad: int) -> list[Finding]:
        window = Window(records=100)
        window.breaks(key_of(one), bad, ms(second - 1) + 700)
        return looked(judge, second, window)

    assert look(1, 2) == []
    (broken,) = look(2, 9)
    assert broken.broken
    assert broken.since == at(1) + timedelta(milliseconds=700)
    assert "at most 2 percent" in broken.told
    (held,) = look(120, 0)
    assert not held.broken
    assert look(121, 0) == []


def test_what_rules_that_are_no_more_knew_is_forgotten() -> None:
    one = rule(Metric.RANGE, "amount", minimum=0)
    judge = judge_of(one)
    looked(judge, 1, Window(records=10))
    other = one.model_copy(update={"minimum": 1})
    judge.put_to([other])

    assert key_of(one) not in judge.encode().decode("latin-1")


def test_the_first_dead_letters_in_a_day_are_told_until_an_hour_has_none() -> None:
    one = rule(Metric.DEAD_LETTERS)
    judge = judge_of(one)
    assert looked(judge, 10, Window()) == []

    (first,) = looked(judge, 100, Window(records=1))
    (more,) = looked(again(judge, one), 200, Window(records=4))
    judge = again(judge, one)
    (held,) = looked(judge, 100 + 3_700, Window())

    assert (first.broken, first.since, first.figures) == (True, at(99), {"records": 1})
    assert more.figures == {"records": 5}
    assert "after a day or more without any" in first.told
    assert not held.broken
    assert judge.due(round(at(9_000).timestamp() * 1_000)) is False


def test_dead_letters_that_come_every_hour_are_no_news() -> None:
    one = rule(Metric.DEAD_LETTERS)
    judge = judge_of(one)
    past = Window(records=3)
    past.first_ms = past.last_ms = round((START - timedelta(hours=2)).timestamp() * 1_000)
    assert judge.look(Look("orders.dlq", past, Counter(), START, history=True)) == []

    assert all(looked(judge, 3_600 * hour, Window(records=2)) == [] for hour in range(1, 30))


def test_rows_that_nobody_has_counted_yet_are_not_missed() -> None:
    limit = Threshold(operator=Operator.AT_LEAST, values=(500,), unit=Unit.ROWS)
    judge = judge_of(rule(Metric.ROWS, threshold=limit, window_ms=600_000))
    for second in range(60, 1_260, 60):
        assert looked(judge, second, Window(records=60)) == []

    # Eight minutes are not counted yet, and then none had come in them.
    assert looked(judge, 1_680, Window(), heard=at(1_201)) == []
    assert looked(judge, 1_690, Window(), heard=None) == []
    (missed,) = looked(judge, 1_700, Window(), heard=at(1_690))
    assert missed.broken


def test_dead_letters_are_held_against_a_stated_limit() -> None:
    limit = Threshold(operator=Operator.AT_MOST, values=(3,), unit=Unit.ROWS)
    one = rule(Metric.DEAD_LETTERS, threshold=limit, window_ms=3_600_000)
    judge = judge_of(one)

    assert looked(judge, 10, Window(records=3)) == []
    (passed,) = looked(judge, 20, Window(records=1))

    assert passed.broken
    assert passed.told.startswith("4 records came within 60 minutes")


def test_a_group_that_is_too_far_behind_is_told_until_it_has_caught_up() -> None:
    one = rule(Metric.LAG, max_lag=100)
    judge = judge_of(one)

    def measured(second: int, *lags: int) -> list[tuple[bool, datetime, float]]:
        groups = tuple(GroupLag(f"g{n}", lag, at(second - 5)) for n, lag in enumerate(lags))
        found = again(judge, one).look(Look("orders", Window(), Counter(), at(second), lags=groups))
        judge.look(Look("orders", Window(), Counter(), at(second), lags=groups))
        return [(each.broken, each.since, each.figures["lag"]) for each in found]

    assert judge.due(0)
    assert measured(10, 100, 3) == []
    assert measured(20, 5, 101) == [(True, at(15), 101)]
    assert measured(30, 5, 300) == [(True, at(15), 300)]
    # Not measured is not caught up.
    assert measured(40) == []
    assert measured(50, 5, 90) == [(False, at(15), 90)]
    assert measured(60, 5, 90) == []
