"""Whose a rule is."""

from __future__ import annotations

from enum import StrEnum


class RuleOrigin(StrEnum):
    """Who says that a rule holds: a product's contract, a person, or the stream itself."""

    PRODUCT = "product"
    STATED = "stated"
    INFERRED = "inferred"
