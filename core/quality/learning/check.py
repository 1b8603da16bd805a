"""One learnt rule with what is needed to hold values against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Self, cast

import numpy as np
from pydantic import BaseModel, ConfigDict

from core.arrays import Mask, Numbers
from core.quality.learning.column import Column, Columns
from core.quality.learning.evidence import Evidence
from core.quality.learning.leave import Leave, given_by, leaves
from core.quality.learning.nothing import is_word
from core.quality.learning.question import Answers, Question
from core.quality.learning.suspect import NO_NUMBERS, NO_PLACES, Places, Suspects
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
        return self.suspects_of(columns, *self._breaches(columns))

    def suspects_of(self, columns: Columns, records: Places, sureness: Numbers) -> Suspects:
        """Of these breaches those where no leave is given."""
        if self.leave and len(records):
            off = given_by(self.leave, columns)[records]
            records, sureness = records[~off], sureness[~off]
        return Suspects(self.path, self.rule.id, self.rule.dimension, records, sureness)

    def _breaches(self, columns: Columns) -> tuple[Places, Numbers]:
        column = columns[self.path]
        places = np.flatnonzero(self.broken(column))
        if not len(places):
            return NO_PLACES, NO_NUMBERS
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
        known = {name: getattr(self, name) for name in type(self).model_fields}
        known["rule"] = self.rule.model_copy(update={**rule, "reason": said[:300]})
        known["leave"] = tuple(dict.fromkeys(self.leave + other.leave))
        # Not a copy: that would take along what this one has worked out from its own values.
        made = type(self).model_construct(**{**known, "evidence": evidence, **more})
        return cast("Self", made)


class TextCheck(Check):
    """A rule on texts, whatever record they are in: each different text is looked at once.

    `of_words` says whether words for nothing come under it.
    """

    of_words: ClassVar[bool] = False

    def question(self) -> Question:
        """What is to be known of each text."""
        raise NotImplementedError

    def strange(self, answers: Answers) -> Mask:
        """Which texts look as if they broke the rule, by the answers to its question: that they do
        may be what is asked."""
        return np.asarray(answers, np.bool_)

    def worth(self, texts: Sequence[str]) -> Numbers:
        """What the breach of each of these strange texts is worth, 0 where it is none."""
        return np.ones(len(texts))

    def breaches_by(self, answers: Answers, columns: Columns) -> tuple[Places, Numbers]:
        """The records that break it, where the answers for all texts of its field are at hand."""
        places = np.flatnonzero(self.strange(answers))
        if not len(places):
            return NO_PLACES, NO_NUMBERS
        column = columns[self.path]
        names, are_texts = column.distinct
        places = places[np.array(are_texts)[places]]
        suspect = [names[at] for at in places.tolist()]
        worth = np.zeros(len(names))
        worth[places] = self.worth(suspect)
        if not self.of_words:
            worth[places[[is_word(text) for text in suspect]]] = 0
        sureness = column.spread(worth)
        broken = np.flatnonzero(sureness)
        return column.record_of(broken), self.confidence * sureness[broken]

    def _breaches(self, columns: Columns) -> tuple[Places, Numbers]:
        texts = columns[self.path].strings
        if not len(texts):
            return NO_PLACES, NO_NUMBERS
        return self.breaches_by(self.question().answers(texts), columns)
