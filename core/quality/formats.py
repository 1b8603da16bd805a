"""What a text of a format looks like: for values one by one and for columns alike.

Without look-around, which the columns' regular expressions lack.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from core.inference.codes import COUNTRIES, CURRENCIES, LANGUAGES
from core.schema.model import Logical

_DATE = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?"
_ZONE = r"(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?"
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"

NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?"
"""A text that is a number."""

PATTERNS: Mapping[Logical, str] = {
    Logical.DATE_TIME: rf"{_DATE}[Tt ]{_CLOCK} ?{_ZONE}",
    Logical.DATE: _DATE,
    Logical.TIME: rf"{_CLOCK}{_ZONE}",
    Logical.DURATION: r"P(?:[0-9]+[YMWD])*(?:T(?:[0-9]+(?:\.[0-9]+)?[HMS])+)?",
    Logical.UUID: r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}",
    Logical.EMAIL: r"""[^@\s<>"]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}""",
    Logical.URI: r"[A-Za-z][A-Za-z0-9+.-]{1,20}://\S+|(?:mailto|urn|data):\S+",
    Logical.IP: rf"{_OCTET}(?:\.{_OCTET}){{3}}|[0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F:.]{{1,37}}",
    Logical.DECIMAL: NUMBER,
    Logical.HASH: r"[0-9a-f]{16,128}|[0-9A-F]{16,128}",
    Logical.PHONE: r"[+(]?[0-9][0-9 ()./-]{5,20}[0-9]",
}
CODES: Mapping[Logical, frozenset[str]] = {
    Logical.COUNTRY: frozenset(COUNTRIES),
    Logical.CURRENCY: frozenset(CURRENCIES),
    Logical.LANGUAGE: frozenset(LANGUAGES),
}
"""Formats that are lists of codes."""

_COMPILED = {logical: re.compile(pattern) for logical, pattern in PATTERNS.items()}


def is_checked(wanted: Logical | None) -> bool:
    """Whether a value tells if it is of this format."""
    return wanted in PATTERNS or wanted in CODES or wanted in EPOCHS


def has_format(value: object, wanted: Logical) -> bool:
    """Epochs are numbers of their magnitude; everything else is text."""
    if wanted in EPOCHS:
        whole = isinstance(value, int) and not isinstance(value, bool)
        low, high = EPOCHS[wanted]
        return whole and low <= value <= high  # type: ignore[operator]
    if not isinstance(value, str):
        return False
    if wanted in CODES:
        return value in CODES[wanted]
    return _COMPILED[wanted].fullmatch(value) is not None


_FROM, _TO = 0, 4_102_444_800
"""1970 and 2100 in seconds."""
EPOCHS: Mapping[Logical, tuple[int, int]] = {
    Logical.EPOCH_SECONDS: (_FROM, _TO),
    Logical.EPOCH_MILLIS: (_FROM, _TO * 1_000),
    Logical.EPOCH_MICROS: (_FROM, _TO * 1_000_000),
}
