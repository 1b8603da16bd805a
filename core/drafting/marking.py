"""A sentence with everything but the names of fields replaced by places of marks."""

from __future__ import annotations

from core.drafting.bounds import mark_bounds
from core.drafting.brackets import mark_brackets
from core.drafting.choices import mark_choices
from core.drafting.forms import mark_forms
from core.drafting.marks import Marked
from core.drafting.traits import mark_traits
from core.drafting.units import mark_units


def mark_all(text: str) -> Marked:
    """Brackets first; then what is surest, so that what may be read two ways comes last."""
    marked = Marked(text)
    mark_brackets(marked)
    mark_forms(marked)
    mark_bounds(marked)
    mark_traits(marked)
    mark_units(marked)
    mark_choices(marked)
    return marked
