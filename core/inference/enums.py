"""Enums: a few symbols, seen often enough that no other is to be expected."""

from __future__ import annotations

from core.inference.node import Texts


def enum_of(name: str, texts: Texts, records: float) -> tuple[str, ...] | None:
    """The symbols of a field that is an enum; `records` is the number of different messages."""
    symbols = texts.sample.symbols()
    if symbols is None or len(symbols) > 10 or texts.count < 5 * len(symbols):
        return None
    return symbols
