"""Figures, times and names as pages show them: Jinja's filters and tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from markupsafe import Markup

from core.quality.summary import FAIR, GOOD
from core.quality.wording import percent as said_percent
from core.quality.wording import rule_told
from core.spans import amount_of, span_of

NONE = "\N{EN DASH}"
"""Stands where nothing is known."""

_SHORT = ((1_000_000_000, "G"), (1_000_000, "M"), (10_000, "k"))
_WHOLE = 1_000
"""From here on nobody reads what comes after the point."""
_SPANS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


class Level(StrEnum):
    """How a score is coloured; the figure stands beside it always."""

    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"
    UNKNOWN = "unknown"


def number(value: float | None) -> str:
    return NONE if value is None else f"{value:,.0f}"


def short(value: float | None) -> str:
    """1234567 as 1.2M."""
    if value is None:
        return NONE
    for least, unit in _SHORT:
        if value >= least:
            return f"{value / (1_000 if unit == 'k' else least):.1f}{unit}"
    return number(value)


def percent(share: float | None) -> str:
    return NONE if share is None else said_percent(share)


def measured(value: float, name: str) -> str:
    """A figure of a finding by its name: `usual_share` is a share, `records` a count.

    A share is rounded as in the sentence beside it, and not down as scores are.
    """
    if name.endswith("share"):
        return f"{100 * value:.3g}%"
    whole = float(value).is_integer() or abs(value) >= _WHOLE
    return number(value) if whole else f"{value:.4g}"


def level(share: float | None) -> Level:
    if share is None:
        return Level.UNKNOWN
    if share >= GOOD:
        return Level.GOOD
    return Level.FAIR if share >= FAIR else Level.BAD


def size(count: float | None) -> str:
    """Bytes in binary units."""
    if count is None:
        return NONE
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TiB"


def ago(moment: datetime | None, now: datetime | None = None) -> Markup | str:
    """ "5 minutes ago" with the moment itself beside it, for whoever wants it exactly."""
    if moment is None:
        return NONE
    seconds = ((now or datetime.now(UTC)) - moment).total_seconds()
    told = _distance(abs(seconds))
    words = "just now" if told is None else f"{told} ago" if seconds >= 0 else f"in {told}"
    exact = moment.astimezone(UTC)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        exact.isoformat(timespec="seconds"), f"{exact:%Y-%m-%d %H:%M:%S} UTC", words
    )


def _distance(seconds: float) -> str | None:
    for length, unit in _SPANS:
        if seconds >= length:
            return amount_of(int(seconds // length), unit)
    return None


def moment(at: datetime | None) -> str:
    return NONE if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def person(ref: str | None) -> str:
    """`group:default/fraud-team` as `fraud-team`; another namespace stays."""
    if not ref:
        return NONE
    kind, _, rest = ref.partition(":")
    return rest.removeprefix("default/") if kind in {"group", "user"} and rest else ref


def words(value: object) -> str:
    """`exact_name` as `exact name`."""
    return str(value).replace("_", " ").replace("-", " ")


FILTERS: Mapping[str, Callable[..., Any]] = {
    "number": number,
    "short": short,
    "percent": percent,
    "measured": measured,
    "level": level,
    "size": size,
    "ago": ago,
    "moment": moment,
    "person": person,
    "words": words,
    "span": span_of,
    "amount": amount_of,
    "rule": rule_told,
    "day_and_messages": lambda each: (each.day, each.messages),
    "day_and_lag": lambda each: (each.day, each.lag),
}
