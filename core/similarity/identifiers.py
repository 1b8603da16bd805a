"""Fields whose values tell whether two sources hold the same records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.similarity.lexicon import ends_as_code
from core.similarity.values import Look, Values

if TYPE_CHECKING:
    from core.similarity.comparable import ComparedField

ENOUGH = 50
"""Different identifiers that each side must show before it is said that they share none."""


def is_telling(field: ComparedField) -> bool:
    """Whether it is an identifier of which enough different values were seen."""
    values = field.values
    if values is None or not ends_as_code(field.called.split()) or not _comparable(values):
        return False
    return round(values.sketch.distinct) >= ENOUGH


def _comparable(values: Values) -> bool:
    """Sketches of numbers tell nothing: counts and amounts of strangers overlap as well."""
    return Look.NUMBER not in values.looks
