"""One learnt rule with what is needed to hold values against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict

from core.quality.learning.column import Column, Columns
from core.quality.learning.evidence import Evidence
from core.quality.learning.leave import Leave, given_by, leaves
from core.quality.learning.nothing import is_word
from core.quality.learning.suspect import Mask, Numbers, Places, Suspects
from core.quality.rule import QualityRule


class Check(BaseModel):
    """A subclass says which values break the rule and may weigh them one by one.

    `tolerated` is the share of breaches at which a breach is as likely usual as a fault;
    `weight` what a breach is worth where the rule was never broken.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    tolerated: ClassVar[float] = 0.1
    weight: ClassVar[float] = 0.9
    rule: QualityRule
    evidence: Evidence
    leave: tuple[Leave, ...] = ()

    @property
    def path(self) -> str:
        if self.rule.field is None:
            raise ValueError(f"the rule {self.rule.id} has no field")
        return self.rule.field

    @property
    def paths(self) -> tuple[str, ...]:
        """The columns it reads."""
        return (self.path, *(leave.path for leave in self.leave))

    @property
    def confidence(self) -> float:
        return self.weight * self.evidence.trust(self.tolerated)

    def suspects(self, columns: Columns) -> Suspects:
        """The records that break it where no leave is given, with how sure each breach is."""
        records, sureness = self._breaches(columns)
        if self.leave and len(records):
            off = given_by(self.leave, columns)[records]
            records, sureness = records[~off], sureness[~off]
        return Suspects(self.path, self.rule.id, self.rule.dimension, records, sureness)

    def _breaches(self, columns: Columns) -> tuple[Places, Numbers]:
        column = columns[self.path]
        places = np.flatnonzero(self.broken(column))
        return column.record_of(places), np.full(len(places), self.confidence)

    def excusing(self, columns: Columns, records: int) -> Self:
        """The same, but not where another field of the sample gives leave."""
        found = leaves(columns, self._suspect(columns, records), self.paths)
        return self.letting_off(found, columns, records) if found else self

    def letting_off(self, leave: Sequence[Leave], columns: Columns, records: int) -> Self:
        off = given_by(leave, columns)
        broken = int((self._suspect(columns, records) & off).sum())
        seen = max(1, self.evidence.seen - int(off.sum()))
        rest = Evidence(broken=min(seen, max(0, self.evidence.broken - broken)), seen=seen)
        return self.model_copy(update={"leave": (*self.leave, *leave), "evidence": rest})

    def _suspect(self, columns: Columns, records: int) -> Mask:
        suspect = np.zeros(records, np.bool_)
        suspect[self.suspects(columns).records] = True
        return suspect

    def broken(self, column: Column) -> Mask:
        raise NotImplementedError

    def merged(self, other: Check) -> Self | None:
        """The rule by the evidence of both samples; None where they taught different things."""
        asks = {"id", "reason"}
        if type(other) is not type(self):
            return None
        if self.rule.model_dump(exclude=asks) != other.rule.model_dump(exclude=asks):
            return None
        return self.joined(other, {})

    def joined(self, other: Check, more: Mapping[str, object], **rule: object) -> Self:
        """This with the evidence and leave of both, `more` of the check and `rule` of its rule."""
        evidence = self.evidence + other.evidence
        said = self.rule.reason.replace(self.evidence.said(), evidence.said())
        known = {"rule": self.rule.model_copy(update={**rule, "reason": said[:300]})}
        leave = tuple(dict.fromkeys(self.leave + other.leave))
        return self.model_copy(update={**known, "evidence": evidence, "leave": leave, **more})


class TextCheck(Check):
    """A rule on texts, whatever record they are in: each different text is looked at once.

    `of_words` says whether words for nothing come under it.
    """

    of_words: ClassVar[bool] = False

    def _breaches(self, columns: Columns) -> tuple[Places, Numbers]:
        column = columns[self.path]
        sureness = column.spread(self.suspicion(column.strings))
        places = np.flatnonzero(sureness)
        return column.record_of(places), self.confidence * sureness[places]

    def suspicion(self, texts: pl.Series) -> Numbers:
        """What each breach is worth, 0 where there is none or the text is null."""
        found = np.zeros(len(texts))
        places = np.flatnonzero(self.strange(texts)) if len(texts) else np.array([], np.int64)
        if len(places):
            suspect = texts.gather(places)
            found[places] = self.worth(suspect)
            if not self.of_words:
                found[places[[is_word(text) for text in suspect.to_list()]]] = 0
        return found

    def strange(self, texts: pl.Series) -> Mask:
        """Which texts break the rule."""
        raise NotImplementedError

    def worth(self, texts: pl.Series) -> Numbers:
        return np.ones(len(texts))
