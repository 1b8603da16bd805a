"""How a source's messages become the unified ones: data, and safe to run on anything."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Op(StrEnum):
    """What is done to a value. A value that an op cannot take rejects the whole message."""

    TEXT = "text"
    """Numbers and flags as text."""
    WHOLE = "whole"
    """Texts and numbers without a fraction as whole numbers."""
    NUMBER = "number"
    """Texts as numbers, with a point or a comma before the fraction."""
    FLAG = "flag"
    """true and false, yes and no, 1 and 0."""
    MOMENT = "moment"
    """Dates, times and epochs as milliseconds since 1970, UTC where they name no zone."""
    DAY = "day"
    """Dates and moments as YYYY-MM-DD."""
    SYMBOLS = "symbols"
    """Each text that stands in `symbols` by the one beside it; others stay."""
    CONSTANT = "constant"
    """`value`, whatever the message holds."""
    DEFAULT = "default"
    """`value` where the message has none."""


class Step(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    op: Op
    symbols: dict[str, str] = {}
    value: str | int | float | bool | None = None


class FieldMapping(BaseModel):
    """`to` is a path of the unified schema, `path` one of the source's (None: none is read).

    A path leads through records alone; an array or map is taken whole.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    to: str
    path: str | None
    steps: tuple[Step, ...] = ()

    @property
    def said(self) -> str:
        """Like `spend = number(yearlySpend)`."""
        told = self.path or ""
        for step in self.steps:
            given = "" if step.value is None else f", {step.value!r}"
            told = f"{step.op.value}({told}{given})"
        return f"{self.to} = {told}"


class Mapping(BaseModel):
    """Of one source; `dropped` are the paths whose values do not come along."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    source: str
    fields: tuple[FieldMapping, ...]
    dropped: tuple[str, ...] = ()
