"""Learn the rules of a stream from a sample of its records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from core.quality.learning.cases import learn_case
from core.quality.learning.characters import learn_characters
from core.quality.learning.check import Check
from core.quality.learning.column import Column, Record, columns_of
from core.quality.learning.dependencies import learn_dependencies
from core.quality.learning.formats import learn_format
from core.quality.learning.kinds import learn_kind
from core.quality.learning.learnt import Learnt
from core.quality.learning.listed import learn_list
from core.quality.learning.missing import learn_missing
from core.quality.learning.ranges import learn_range
from core.quality.learning.shapes import learn_shape
from core.quality.learning.spelling import learn_spelling

MIN_CONFIDENCE = 0.05
"""A rule that breaks so often that a breach says nothing is none."""


def learn(records: Sequence[Record]) -> Learnt:
    """Rules with their evidence; a few thousand records teach as much as many."""
    columns = columns_of(records)
    checks = [check for column in columns.values() for check in _of_column(column)]
    checks += learn_dependencies(columns)
    excused = [check.excusing(columns, len(records)) for check in checks]
    usable = [check for check in excused if check.confidence >= MIN_CONFIDENCE]
    return Learnt(records=len(records), checks=tuple(_named(usable)))


def _of_column(column: Column) -> Iterable[Check]:
    yield from learn_missing(column)
    if not column.present.any():
        return
    yield from learn_kind(column)
    yield from learn_format(column) or learn_shape(column)
    yield from learn_characters(column)
    yield from learn_case(column)
    yield from learn_spelling(column)
    yield from learn_list(column)
    yield from learn_range(column)


def _named(checks: Iterable[Check]) -> Iterable[Check]:
    """Each rule's id made of its field's path and what it is about, once."""
    taken: set[str] = set()
    for check in checks:
        slug = re.sub(r"[^a-z0-9]+", "-", check.path.lower()).strip("-")[:80] or "field"
        name, number = f"{slug}.{check.rule.id}", 1
        while name in taken:
            number += 1
            name = f"{slug}-{number}.{check.rule.id}"
        taken.add(name)
        yield check.model_copy(update={"rule": check.rule.model_copy(update={"id": name})})
