"""Findings as a database can keep them: names come from messages, and may hold anything."""

from __future__ import annotations

import math

from core.alerts.finding import Finding

MOST_TOLD = 1_000


def storable(finding: Finding) -> Finding:
    """Without figures that are no numbers and characters that are none: an alert that cannot be
    stored would never be told."""
    figures = {
        _text(name): value for name, value in finding.figures.items() if math.isfinite(value)
    }
    positions = tuple(
        each.model_copy(update={"excerpt": _text(each.excerpt)}) for each in finding.positions
    )
    return finding.model_copy(
        update={
            "field": None if finding.field is None else _text(finding.field),
            "told": _text(finding.told)[:MOST_TOLD],
            "figures": figures,
            "positions": positions,
            "schema_ids": tuple(map(_text, finding.schema_ids)),
        }
    )


def _text(text: str) -> str:
    """Postgres keeps neither null characters nor halves of surrogate pairs."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")
