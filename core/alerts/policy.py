"""How long things must hold, and how near they must lie, in the life of an alert."""

from __future__ import annotations

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field

from core.alerts.alert import Alert


class AlertPolicy(BaseModel):
    """`cause_seconds`: what begins within them of an alert is of the same cause. `hold_seconds`:
    how long all must hold before it is resolved; each reopening doubles that, up to
    `longest_hold_seconds`. `cooldown_seconds`: what breaks again within them reopens the alert.
    `grace_seconds`: what a person resolved and is still broken then is reopened."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    cause_seconds: float = Field(default=60, gt=0)
    hold_seconds: float = Field(default=30, ge=0)
    longest_hold_seconds: float = Field(default=3_600, ge=0)
    cooldown_seconds: float = Field(default=1_800, ge=0)
    grace_seconds: float = Field(default=300, ge=0)

    @property
    def cause(self) -> timedelta:
        return timedelta(seconds=self.cause_seconds)

    @property
    def grace(self) -> timedelta:
        return timedelta(seconds=self.grace_seconds)

    def hold(self, reopened: int) -> timedelta:
        """Capped before it is doubled too often for a number of seconds."""
        longest = max(self.hold_seconds, self.longest_hold_seconds)
        return timedelta(seconds=min(self.hold_seconds * 2.0 ** min(reopened, 60), longest))

    def cooldown(self, alert: Alert) -> timedelta:
        """Never shorter than it had to hold: or a slow flap would open an alert each time."""
        return max(timedelta(seconds=self.cooldown_seconds), self.hold(alert.reopened))

    @property
    def longest_cooldown(self) -> timedelta:
        return timedelta(
            seconds=max(self.cooldown_seconds, self.longest_hold_seconds, self.hold_seconds)
        )
