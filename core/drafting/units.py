"""Units in words: `in percent`, `is a percentage`, `(kWh)`, `in mg/l`."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from core.drafting.marks import Marked, Measured
from core.drafting.ontology import Unit, ontology

_FIELD_OF_TIME = {
    1: "milliseconds",
    1_000: "seconds",
    60_000: "minutes",
    3_600_000: "hours",
    86_400_000: "days",
}
_OVER = (
    r"(?:ct|kg|g|mg|µg|ug|t|m3|m³|m|l|ml|kwh|wh|w|kw|mw|km|cm|mm|n|kn|j|kj|mmol|mol|eur|usd|"
    r"gbp|chf|€|\$|db|v|a|bits?|kbits?|mbits?|gbits?|kb|mb|gb|°c|nm|µs|cells?|kcal)"
)
_UNDER = (
    r"(?:m2|m²|m3|m³|m|l|dl|ml|s|sec|min|h|hr|hour|d|day|kg|g|mwh|kwh|ha|km|mol|a|month|"
    r"year|unit|night|piece|week|wk|100 ?g|100 ?km)"
)
_RATIO = re.compile(
    rf"(?:\b(?:in|as|measured in|given in)\s+|(?<=\d)\s?|(?<=[a-z]\s))({_OVER}/{_UNDER})(?![\w/])",
    re.IGNORECASE,
)
_BARE_RATIO = re.compile(rf"(?:in )?{_OVER}/{_UNDER}", re.IGNORECASE)
_AS_UNIT = re.compile(
    r"\b(?:in|as|is|are|measured in|expressed in|given in|recorded in|unit(?:s)?:?|"
    r"stated in)\s+(?:an?\s+|the\s+|whole\s+|full\s+|plain\s+|hours or |"
    r"relative\s+)*$",
    re.IGNORECASE,
)
_COUNTED = frozenset({"count", "pieces", "stars", "nights", "points"})
_BEING = re.compile(r"(?:is|are|as)\b", re.IGNORECASE)
"""`members are people` gives no unit, `size in people` does."""
_ALL_OF = re.compile(r"\b(?:all|both|each)\s*$", re.IGNORECASE)
_MANY = 99
_LEFT = re.compile(
    r"\b(?:in|as|is|are|measured in|given in|expressed in|stated in)\s+"
    r"(?:an?\s+|the\s+|whole\s+|full\s+)*(?=\u27e6)"
)
_ARTICLE = re.compile(r"^(?:in|as|an?)\s+")


def mark_units(marked: Marked) -> None:
    """Replace units by places where words say that they are one; `memory used bytes` is a name."""
    marked.text = _RATIO.sub(lambda found: marked.place(_ratio(found[1])), marked.text)
    text = marked.text
    marked.text = _named().sub(lambda found: _placed(marked, text, found), text)
    marked.text = _LEFT.sub(" ", marked.text)
    marked.tidy()


def unit_of(text: str) -> Measured | None:
    """The unit that a whole text is, such as the content of a bracket."""
    bare = _ARTICLE.sub("", text.strip().lower())
    unit = ontology().units.get(bare) or _times().get(bare)
    if unit is None and _BARE_RATIO.fullmatch(bare):
        return _ratio(text.strip())
    return Measured(unit, text.strip()) if unit else None


def _ratio(text: str) -> Measured:
    return Measured(Unit(name=text, minimum=0), text)


def _placed(marked: Marked, text: str, found: re.Match[str]) -> str:
    sign = found[0] in "%°€$£" or found[0].startswith("°")
    unit = unit_of(found[0])
    lead = _AS_UNIT.search(text[: found.start()])
    counts = unit is not None and unit.unit.name in _COUNTED
    if unit is None or not (sign or lead) or (counts and lead and _BEING.match(lead[0])):
        return found[0]
    all_of = lead is not None and _ALL_OF.search(text[: lead.start()])
    return marked.place(replace(unit, over=_MANY) if all_of else unit)


@cache
def _named() -> re.Pattern[str]:
    names = sorted({*ontology().units, *_times()}, key=len, reverse=True)
    listed = "|".join(map(re.escape, names))
    return re.compile(rf"(?<![\w/])(?:{listed})(?![\w/])", re.IGNORECASE)


@cache
def _times() -> dict[str, Unit]:
    """Units of time as units of a duration."""
    return {
        word: Unit(name=_FIELD_OF_TIME[int(ms)], type="integer", minimum=0)
        for word, ms in ontology().times.items()
        if len(word) > 1 and int(ms) in _FIELD_OF_TIME
    }
