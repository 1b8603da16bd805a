"""Spans of time and amounts in words."""

from __future__ import annotations

_UNITS = (("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1_000))


def span_of(milliseconds: int) -> str:
    """604800000 as "7 days": the largest unit of which it is a whole number; -1 is for ever."""
    if milliseconds < 0:
        return "for ever"
    for unit, size in _UNITS:
        if milliseconds and milliseconds % size == 0:
            return amount_of(milliseconds // size, unit)
    return f"{milliseconds:,} ms"


def amount_of(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
