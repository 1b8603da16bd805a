"""A source's days add up to what it was used."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core.usage.adding import DayRow, Known, ViewRow, added_up
from core.usage.period import PeriodError, period_of

DAY = date(2026, 11, 27)
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
SOURCE = Known("orders", "default", "group:default/sales", None, None)


def row(
    reader: str,
    messages: int,
    *,
    team: str | None = None,
    lag: tuple[int, int] | None = None,
    later: int = 0,
    seconds: float = 100.0,
) -> DayRow:
    first, last = lag or (None, None)
    at = NOON + timedelta(days=later)
    most = max(lag) if lag else None
    day = DAY + timedelta(days=later)
    return DayRow("orders", reader, team, day, messages, seconds, first, last, most, at, at)


def test_days_of_groups_add_up_to_teams_rates_and_the_trend_of_lag() -> None:
    used = added_up(
        SOURCE,
        [
            row("", 500),
            row("", 300, later=1),
            row("risk.a", 100, team="risk", lag=(40, 10)),
            row("risk.a", 50, team="risk", lag=(10, 90), later=1),
            row("risk.b", 25, team="risk"),
            row("who", 400, seconds=0.0),
        ],
        [
            ViewRow("orders", DAY, "api", "user", 2),
            ViewRow("orders", DAY, "console", "user", 3),
            ViewRow("orders", DAY, "console", "anonymous", 1),
        ],
    )

    assert (used.written, used.written_per_second, used.read) == (800, 4.0, 575)
    assert [(team.team, team.groups, team.messages) for team in used.teams] == [
        (None, 1, 400),
        ("risk", 2, 175),
    ]
    who, risk, _ = used.consumers
    assert who.per_second is None
    assert (risk.lag_before, risk.lag, risk.lag_change) == (40, 90, 50)
    assert [day.lag for day in risk.days] == [10, 90]
    assert used.views == 6
    assert used.view_days[0].by == {"user": 5, "anonymous": 1}


def test_a_period_is_thirty_days_unless_it_is_given() -> None:
    assert period_of(None, None, DAY).days == 30
    assert period_of(DAY, DAY).days == 1
    with pytest.raises(PeriodError, match="Swap them"):
        period_of(DAY, DAY - timedelta(days=1))
    with pytest.raises(PeriodError, match="400 days"):
        period_of(DAY - timedelta(days=400), DAY)
