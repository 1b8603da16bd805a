"""One planted fault from its plan to the end of its alert, as figures."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from evals.sighting import Alert, Lookout, Sighting, is_over
from server.demo.faults.account import Account, Phase, Planted

_LATE_ALERT = timedelta(seconds=30)
"""After the fault's end an alert may still come; later ones are about something else."""
_RECOVERY = timedelta(minutes=6)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`seconds`, `messages` (all of the topic) and `hits` are from the fault's beginning to the
    alert; `recovered` seconds from its end to the alert's. None: it did not come to it."""

    planted: Planted
    sighting: Sighting | None
    seconds: float | None
    messages: int | None
    hits: int | None
    recovered: float | None
    open_before: int

    @property
    def names_field(self) -> bool | None:
        """None where the fault has no field or was not found."""
        if self.sighting is None or self.planted.field is None:
            return None
        return self.planted.field in self.sighting.fields

    @property
    def start_off(self) -> float | None:
        """How many seconds after the fault's beginning the alert says that it broke; None where it
        was not found."""
        if self.sighting is None:
            return None
        return (self.sighting.since - self.planted.begins).total_seconds()

    def written(self) -> dict[str, Any]:
        """For the file of predictions."""
        seen = self.sighting
        return {
            "planted": self.planted.model_dump(mode="json"),
            "found": seen is not None,
            "alert": seen and seen.alert,
            "metrics": seen and list(seen.metrics),
            "fields": seen and list(seen.fields),
            "seconds": self.seconds,
            "start_off_seconds": self.start_off,
            "messages": self.messages,
            "hits": self.hits,
            "recovered_seconds": self.recovered,
            "open_before": self.open_before,
        }


@dataclass(slots=True)
class Trial:
    """Hears from the planting and looks at the alerts, until `done`."""

    lookout: Lookout = field(default_factory=Lookout)
    planted: Planted | None = None
    sighting: Sighting | None = None
    recovered_at: datetime | None = None
    done: bool = False
    _counts: list[tuple[datetime, int, int]] = field(default_factory=list)

    def hear(self, planted: Planted) -> None:
        self.planted = planted

    def count(self, now: datetime, account: Account) -> None:
        """What Kafka has taken by then; what was held back counts as a message that was due."""
        came = account.arrived + account.withheld
        self._counts.append((now, came, account.hit + account.withheld))

    def look(self, alerts: Sequence[Alert], now: datetime) -> None:
        """Take in the topic's alerts as they are now."""
        planted = self.planted
        if planted is None or planted.phase is Phase.PLANNED:
            self.lookout.before(alerts)
            return
        if self.sighting is None:
            self.sighting = self.lookout.sighted(alerts, planted.begins, now)
        if planted.phase is Phase.BEGUN:
            return
        if self.sighting and is_over(alerts, self.sighting.alert):
            self.recovered_at = now
        patience = _RECOVERY if self.sighting else _LATE_ALERT
        self.done = self.recovered_at is not None or now > planted.ends + patience

    def outcome(self) -> Outcome:
        """Call it when the trial is done, or given up."""
        if self.planted is None:
            raise ValueError("no fault was planned in this trial")
        planted, seen = self.planted, self.sighting
        messages, hits = self._counted(seen.at) if seen else (None, None)
        return Outcome(
            planted,
            seen,
            (seen.at - planted.begins).total_seconds() if seen else None,
            messages,
            hits,
            (self.recovered_at - planted.ends).total_seconds() if self.recovered_at else None,
            len(self.lookout.known),
        )

    def _counted(self, at: datetime) -> tuple[int, int]:
        place = bisect_right(self._counts, at, key=lambda counted: counted[0])
        return self._counts[place - 1][1:] if place else (0, 0)
