"""The address of a page as typed filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class PageQuery(BaseModel):
    """What is unknown in it is let be, since links live long, and what a form left empty is not
    given."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _filled(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        return {name: value for name, value in given.items() if value != ""}

    @property
    def given(self) -> Mapping[str, Any]:
        """Without its place in the list."""
        return self.model_dump(mode="json", exclude_none=True, exclude={"cursor"})
