"""Moments that decoding wrote as text, back as the numbers that their schema calls them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def put_epochs(record: Any, epochs: Mapping[str, int]) -> None:
    """Change the texts at these paths in place; what is no moment stays as it is."""
    for path, per_second in epochs.items():
        _put(record, path.replace("[]", ".[]").split("."), per_second)


def _put(holder: Any, steps: list[str], per_second: int) -> None:
    step, rest = steps[0], steps[1:]
    if step == "[]":
        places: list[Any] = list(range(len(holder))) if isinstance(holder, list) else []
    elif not isinstance(holder, dict):
        places = []
    else:
        places = list(holder) if step == "*" else [step] if step in holder else []
    for place in places:
        if rest:
            _put(holder[place], rest, per_second)
        else:
            holder[place] = _number(holder[place], per_second)


def _number(value: Any, per_second: int) -> Any:
    if not isinstance(value, str):
        return value
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return value
    moment = read if read.tzinfo else read.replace(tzinfo=UTC)
    return (moment - _EPOCH) // _MICROSECOND * per_second // 10**6
