"""Dates among texts: few on any day, and tomorrow there are others."""

from __future__ import annotations

import re
from collections.abc import Sequence

_DATE = re.compile(
    r"(?:19|20)\d\d(?:[-/.]?(?:[QWM]\d{1,2}|\d\d(?:[-/.]?\d\d(?:[Tt ].*)?)?))?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d(?: .*)?"
)
"""A year, month, week, quarter, day or moment, as far as it begins or ends with its year."""
_LOOKED_AT = 100


def are_dates(texts: Sequence[str]) -> bool:
    """Whether most of the first hundred are: they say nothing of those to come."""
    some = texts[:_LOOKED_AT]
    return 2 * sum(_DATE.fullmatch(text) is not None for text in some) > len(some)
