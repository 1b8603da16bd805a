"""Points in time as people name them: yesterday, since Monday, the last 3 days, 2026-11-20."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = {"minute": 1, "hour": 60, "day": 1440, "week": 10080, "month": 43200}
_SPAN = re.compile(
    r"\b(?:last|past|within)\s+(?:the\s+)?(?:last\s+)?(\d+\s+)?(minute|hour|day|week|month)s?\b"
)
_AGO = re.compile(r"\b(\d+|an?)\s+(minute|hour|day|week|month)s?\s+ago\b")
_LONGEST = 100_000
_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")


def since(text: str, now: datetime) -> datetime | None:
    """The start of the time that `text` speaks of, or None when it names none. UTC."""
    words = text.lower()
    return _date(words) or _day(words, now) or _span(words, now)


def _date(words: str) -> datetime | None:
    found = _DATE.search(words)
    if found is None:
        return None
    try:
        return datetime.fromisoformat(found[0]).replace(tzinfo=UTC)
    except ValueError:
        return None


def _day(words: str, now: datetime) -> datetime | None:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if re.search(r"\b(?:yesterday|gestern|hier|ayer)\b", words):
        return midnight - timedelta(days=1)
    if re.search(r"\b(?:today|this morning|heute|hoy)\b|aujourd['’]hui", words):
        return midnight
    if re.search(r"\bthis week\b|\bdiese woche\b", words):
        return midnight - timedelta(days=now.weekday())
    named = re.search(rf"\b({'|'.join(_DAYS)})\b", words)
    if named is None:
        return None
    back = (now.weekday() - _DAYS.index(named[1])) % 7
    return midnight - timedelta(days=back or 7)


def _span(words: str, now: datetime) -> datetime | None:
    found = _SPAN.search(words) or _AGO.search(words)
    if found is None:
        return None
    number, unit = found.groups()
    count = min(int(number), _LONGEST) if number and number.strip().isdigit() else 1
    return now - min(timedelta(minutes=count * _UNITS[unit]), timedelta(days=3650))
