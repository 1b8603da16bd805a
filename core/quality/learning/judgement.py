"""What learnt rules say of records, put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.arrays import Numbers
from core.quality.learning.suspect import Suspects, Verdict
from core.quality.rule import Dimension

SUSPECT = 0.5
"""At least as likely faulty as not."""


@dataclass(frozen=True)
class Judgement:
    """`found` says which values break which rules."""

    records: int
    found: tuple[Suspects, ...]

    @cached_property
    def by_field(self) -> Mapping[str, Numbers]:
        """How likely each record's value is faulty; fields without any suspect are left out.

        Rules of one dimension see the same oddity, so that the surest of them speaks; dimensions
        are taken as independent.
        """
        surest: dict[str, dict[Dimension, Numbers]] = {}
        for suspects in self.found:
            said = surest.setdefault(suspects.field, {})
            so_far = said.setdefault(suspects.dimension, np.zeros(self.records))
            np.maximum.at(so_far, suspects.records, suspects.sureness)
        return {
            field: 1 - np.prod([1 - each for each in said.values()], axis=0)
            for field, said in surest.items()
        }

    @cached_property
    def scores(self) -> Numbers:
        """How likely each record holds a fault: as likely as its most suspect value."""
        if not self.by_field:
            return np.zeros(self.records)
        highest: Numbers = np.maximum.reduce(list(self.by_field.values()))
        return highest

    def cells(self, at_least: float = SUSPECT) -> dict[int, tuple[str, ...]]:
        """The suspect fields of each record that has any."""
        found: dict[int, tuple[str, ...]] = {}
        for field, sureness in self.by_field.items():
            for record in np.flatnonzero(sureness >= at_least).tolist():
                found[record] = (*found.get(record, ()), field)
        return found

    def verdicts(self, at_least: float = SUSPECT) -> dict[int, tuple[Verdict, ...]]:
        """By record, all that is said of its suspect values."""
        said: dict[int, list[Verdict]] = {}
        for suspects in self.found:
            likely = self.by_field[suspects.field][suspects.records] >= at_least
            pairs = zip(
                suspects.records[likely].tolist(), suspects.sureness[likely].tolist(), strict=True
            )
            for record, sureness in pairs:
                said.setdefault(record, []).append(Verdict(suspects.field, suspects.rule, sureness))
        return {record: tuple(verdicts) for record, verdicts in sorted(said.items())}
