"""What a stream taught: its rules, with what is needed to hold records against them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.quality.learning.cases import Cased
from core.quality.learning.characters import Signed, Undamaged
from core.quality.learning.column import Record
from core.quality.learning.dependencies import Dependent
from core.quality.learning.examiner import Examiner
from core.quality.learning.formats import Formatted
from core.quality.learning.judgement import Judgement
from core.quality.learning.kinds import OfKind, WholeNumber
from core.quality.learning.listed import Listed
from core.quality.learning.missing import Required, Worded
from core.quality.learning.ranges import Ranged
from core.quality.learning.shapes import Shaped
from core.quality.learning.spelling import Spelt
from core.quality.rule import QualityRule

AnyCheck = Annotated[
    Required
    | Worded
    | OfKind
    | WholeNumber
    | Formatted
    | Shaped
    | Undamaged
    | Signed
    | Cased
    | Spelt
    | Listed
    | Ranged
    | Dependent,
    Field(discriminator="check"),
]


class Learnt(BaseModel):
    """Rules as data, and beside them the state that some need.

    That state holds values of the stream: as JSON it may be kept where the stream's data may be,
    and is never shown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    records: int
    checks: tuple[AnyCheck, ...]

    @property
    def rules(self) -> tuple[QualityRule, ...]:
        return tuple(check.rule for check in self.checks)

    def judge(self, records: Sequence[Record]) -> Judgement:
        """Those who judge again and again keep an Examiner."""
        return Examiner(self.checks).judge(records)

    def __add__(self, other: Learnt) -> Learnt:
        """What two samples of one stream taught, as long as both taught the rule.

        A field that one of them had no say about keeps the other's rules.
        """
        mine, theirs = _by_id(self), _by_id(other)
        both = [mine[name].merged(theirs[name]) for name in mine if name in theirs]
        alone = [
            each
            for one, each in [(other, each) for name, each in mine.items() if name not in theirs]
            + [(self, each) for name, each in theirs.items() if name not in mine]
            if not _tells(one, each)
        ]
        checks = (*(each for each in both if each is not None), *alone)
        return Learnt(records=self.records + other.records, checks=checks)


def _by_id(learnt: Learnt) -> dict[str, AnyCheck]:
    return {check.rule.id: check for check in learnt.checks}


def _tells(learnt: Learnt, check: AnyCheck) -> bool:
    return any(other.path == check.path for other in learnt.checks)
