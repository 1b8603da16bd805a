"""Options for the days that figures are of."""

from __future__ import annotations

from typing import Annotated

import typer

from core.usage.period import DAYS, LONGEST, last_days

LastDays = Annotated[
    int, typer.Option("--days", min=1, max=LONGEST, help=f"So many days up to today ({DAYS}).")
]
OfTeam = Annotated[
    str | None, typer.Option("--team", help="Only this team's: risk, or group:default/risk.")
]


def since(days: int) -> str:
    """The first of the last so many days, in UTC, as the API takes it."""
    return last_days(days).since.isoformat()
