"""How much a source was used: by day, by consumer group and team, and by people who looked."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field


class Traffic(BaseModel):
    """Messages of one day. They are those between the looks of that day and the ones before;
    `seconds` lie between these, so `messages / seconds` is the rate that was measured."""

    model_config = ConfigDict(frozen=True)
    day: date
    messages: int
    seconds: float


class ReadDay(Traffic):
    """`lag` is that of the day's last look, `lag_most` the largest; null where unknown."""

    lag: int | None
    lag_most: int | None


class ReaderUsage(BaseModel):
    """What one consumer group read. `lag_before` is the lag at the first look of the period."""

    model_config = ConfigDict(frozen=True)
    group: str
    team: str | None = Field(description="by the naming rules; null where they do not tell")
    messages: int
    per_second: float | None = Field(description="null until it was looked at twice")
    lag: int | None
    lag_before: int | None
    first_seen: datetime
    last_seen: datetime
    days: tuple[ReadDay, ...]

    @property
    def lag_change(self) -> int | None:
        if self.lag is None or self.lag_before is None:
            return None
        return self.lag - self.lag_before


class TeamUsage(BaseModel):
    """Of all groups of a team together; null are the groups that the naming rules know no team
    of."""

    model_config = ConfigDict(frozen=True)
    team: str | None
    groups: int
    messages: int


class ViewDay(BaseModel):
    """How often it was looked up on a day; `by` counts by kind of principal, never by person."""

    model_config = ConfigDict(frozen=True)
    day: date
    api: int = 0
    console: int = 0
    by: dict[str, int] = {}


class SourceUsage(BaseModel):
    """One source in a period. `observed_seconds` is how much of it the figures are of."""

    model_config = ConfigDict(frozen=True)
    source: str
    cluster: str
    owner: str | None
    product_id: str | None
    product_name: str | None
    written: int = Field(description="messages written in the period, by the watermarks")
    written_per_second: float | None = Field(description="null until it was looked at twice")
    read: int = Field(description="messages read by all consumer groups together")
    observed_seconds: float
    written_days: tuple[Traffic, ...]
    teams: tuple[TeamUsage, ...] = Field(description="who reads it, the most first")
    consumers: tuple[ReaderUsage, ...]
    views: int
    view_days: tuple[ViewDay, ...]
