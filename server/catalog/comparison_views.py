"""Comparisons as the API shows them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from core import comparison_words
from core.comparison import Comparison


class ComparisonView(Comparison):
    """A comparison with what it says in words."""

    text: str


class Related(BaseModel):
    """The sources that have something to do with one, the likest first; it stands at the left."""

    model_config = ConfigDict(frozen=True)
    items: tuple[ComparisonView, ...]


def view(found: Comparison) -> ComparisonView:
    return ComparisonView(**found.model_dump(), text=comparison_words.said(found))
