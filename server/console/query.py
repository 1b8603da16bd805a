"""The address of a page as typed filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from server.console.address import at


class PageQuery(BaseModel):
    """What is unknown in it is let be, since links live long, and what a form left empty is not
    given. `place` is the page's path below /console."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    place: ClassVar[str]
    cursor: str | None = Field(None, max_length=2_000)

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

    def but(self, **changed: object) -> str:
        """The address with these parts changed, at the first page of the list."""
        return at(self.place, **{**self.given, **changed})

    def after(self, cursor: str | None) -> str | None:
        """The address of the next page of the list; None where this is the last."""
        return None if cursor is None else self.but(cursor=cursor)

    @property
    def first(self) -> str | None:
        """The way back to the first page of the list; None where this is it."""
        return None if self.cursor is None else self.but()
