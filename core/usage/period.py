"""The days that figures are of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from pydantic import BaseModel, ConfigDict

DAYS = 30
"""What is taken where nobody says."""

LONGEST = 400


class PeriodError(ValueError):
    """These days cannot be asked for; the text says what can."""


class Period(BaseModel):
    """Whole days in UTC, `since` and `until` among them."""

    model_config = ConfigDict(frozen=True)
    since: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def words(self) -> str:
        return f"{self.since:%Y-%m-%d} to {self.until:%Y-%m-%d}"


def last_days(days: int, until: date | None = None) -> Period:
    """So many days up to `until`, which is one of them; without it up to today."""
    end = until or datetime.now(UTC).date()
    # The calendar begins in year 1, and nobody asks for days before it.
    return Period(since=date.fromordinal(max(1, end.toordinal() - days + 1)), until=end)


def period_of(since: date | None, until: date | None, today: date | None = None) -> Period:
    """The last 30 days, or those that are given. Raises PeriodError."""
    last = last_days(DAYS, until or today)
    begin, end = since or last.since, last.until
    if begin > end:
        raise PeriodError(f"`from` ({begin}) is after `to` ({end}). Swap them.")
    if end - begin >= timedelta(days=LONGEST):
        raise PeriodError(f"At most {LONGEST} days are told at once. Move `from` or `to`.")
    return Period(since=begin, until=end)
