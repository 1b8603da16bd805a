"""What is known of a field's values from its profile's sketch, and how alike two fields are in it.

No value is kept or read here: hashes, redacted shapes and lengths are all there is.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.inference.form import Form
from core.inference.node import Node
from core.inference.numeric import Numeric
from core.inference.sample import Entry, Sample
from core.inference.texts import Texts
from core.similarity.sketch import Sketch


class Look(StrEnum):
    """What a value looks like, coarsely: writers of one field differ in its exact form."""

    MOMENT = "moment"
    NUMBER = "number"
    LINK = "link"
    ADDRESS = "address"
    CODE = "code"
    WORD = "word"
    PHRASE = "phrase"
    LONG = "long text"
    FLAG = "flag"


_OF_FORM = {
    Form.DATE_TIME: Look.MOMENT, Form.DATE: Look.MOMENT, Form.TIME: Look.MOMENT,
    Form.DECIMAL: Look.NUMBER, Form.DIGITS: Look.NUMBER, Form.DURATION: Look.NUMBER,
    Form.URI: Look.LINK, Form.EMAIL: Look.ADDRESS, Form.UUID: Look.CODE, Form.HASH: Look.CODE,
    Form.CODE: Look.CODE, Form.IP: Look.CODE, Form.BOOLEAN: Look.FLAG, Form.WORD: Look.WORD,
    Form.CURRENCY: Look.WORD, Form.COUNTRY: Look.WORD, Form.LANGUAGE: Look.WORD,
}  # fmt: skip
_CLOCK = re.compile(r"(?<!9)9{1,2}:99")
_CALENDAR = re.compile(
    r"(?<!9)9{4}[-/.]9{1,2}[-/.]9{1,2}|(?<!9)9{1,2}[-/.]9{1,2}[-/.]9{2,4}(?!9)|Aaa,? 99"
)
_CUT = "…"
_LONG = 40
"""Characters beyond which a text is long; shapes are cut there."""

SPREAD, LENGTH = 1.5, 0.75
"""What looks that all differ, and texts ten times as long, take off as powers of e."""


@dataclass(frozen=True, slots=True)
class Values:
    """`looks` are shares that sum to 1, `length` the mean log of the texts' lengths."""

    looks: dict[Look, float]
    length: float
    sketch: Sketch

    @staticmethod
    def of(node: Node | None) -> Values | None:
        """None where no text or number was seen."""
        parts = [part for part in (node.texts, node.integers, node.floats) if part] if node else []
        looks: Counter[Look] = Counter()
        for part in parts:
            looks.update(_looks(part))
        total = sum(looks.values())
        if not total:
            return None
        shares = {look: count / total for look, count in looks.items()}
        whole = _united(part.sample for part in parts)
        return Values(shares, _length(parts), Sketch.of(whole))


def alike(one: Values, other: Values) -> float:
    """From 0 to 1: 1 where looks and lengths agree, exp(-1.5) where no two values look alike."""
    looks = one.looks.keys() | other.looks.keys()
    apart = sum(abs(one.looks.get(look, 0.0) - other.looks.get(look, 0.0)) for look in looks) / 2
    return math.exp(-SPREAD * apart - LENGTH * abs(one.length - other.length) / math.log(10))


def shared(one: Values, other: Values) -> float:
    """The estimated share of the rarer side's different values that the other side has too.

    From the Jaccard similarity J of the two sketches: J (a + b) / (1 + J) / min(a, b). Numbers and
    flags have none: counts and amounts of strangers overlap as well.
    """
    if Look.NUMBER in one.looks or Look.FLAG in one.looks:
        return 0.0
    jaccard = one.sketch.overlap(other.sketch)
    mine, theirs = one.sketch.distinct, other.sketch.distinct
    both = jaccard * (mine + theirs) / (1 + jaccard)
    return min(1.0, both / max(1.0, min(mine, theirs)))


def _looks(part: Texts | Numeric) -> Counter[Look]:
    if isinstance(part, Numeric):
        return Counter({Look.NUMBER: part.count})
    looks: Counter[Look] = Counter()
    for entry in part.sample.entries.values():
        if entry.form != Form.EMPTY:
            looks[_look(entry)] += entry.seen
    return looks


def _look(entry: Entry) -> Look:
    if entry.form in _OF_FORM and entry.form != Form.CODE:
        return _OF_FORM[entry.form]
    shape = entry.shape
    if len(shape) <= _LONG and (_CLOCK.search(shape) or _CALENDAR.search(shape)):
        return Look.MOMENT
    if shape.endswith(_CUT):
        return Look.LONG
    digits = sum(character == "9" for character in shape)
    if digits and 2 * digits >= len(shape) and "-" not in shape:
        return Look.NUMBER
    if entry.form == Form.CODE:
        return Look.CODE
    return Look.PHRASE


def _length(parts: Iterable[Texts | Numeric]) -> float:
    """Of numbers the digits before the point count."""
    found: list[float] = []
    for part in parts:
        if isinstance(part, Numeric):
            middle = part.quantile(0.5) or 0.0
            found.append(math.log1p(len(str(int(abs(middle))))))
        else:
            found.append((math.log1p(part.min_length) + math.log1p(part.max_length)) / 2)
    return sum(found) / len(found)


def _united(samples: Iterable[Sample]) -> Sample:
    whole = Sample()
    for sample in samples:
        whole += sample
    return whole
