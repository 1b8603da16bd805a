"""How many messages a second a description speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.drafting.ontology import listed, ontology

PEAK_FACTOR = 3.0
"""How far a peak is above an average that is all a description gives."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Messages per second; `peak` where the words speak of a peak. `spans` of the text say so."""

    per_second: float
    peak: bool
    says: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Population:
    """How many things of a kind there are: `3000 bins`."""

    number: float
    noun: str
    start: int
    end: int


_PERIODS = {
    "second": 1.0,
    "sec": 1.0,
    "s": 1.0,
    "minute": 60.0,
    "min": 60.0,
    "hour": 3600.0,
    "h": 3600.0,
    "hr": 3600.0,
    "day": 86400.0,
    "d": 86400.0,
    "week": 604800.0,
    "month": 2629800.0,
    "year": 31536000.0,
}
_ADVERBS = {
    "hourly": 3600.0,
    "daily": 86400.0,
    "weekly": 604800.0,
    "monthly": 2629800.0,
    "yearly": 31536000.0,
    "nightly": 86400.0,
    "annually": 31536000.0,
    "quarterly": 7889400.0,
}
_PERIOD = "|".join(sorted(_PERIODS, key=len, reverse=True))
_NOT_MESSAGES = (
    "beats?|revolutions?|rounds?|km|miles?|met(?:re|er)s?|lit(?:re|er)s?|words?|"
    "cents?|degrees?|kwh|breaths?|rotations?|cycles?|euros?|dollars?|pounds?|"
    "kilomet(?:re|er)s?|frames?|bytes?|mb|gb|kb|megabytes|gigabytes|bits?|mbit|"
    "tonnes?|tons?|kg|percent|%|calories|steps|hours?|minutes?|seconds?|days?|times|"
    "bpm|weeks?|months?|years?|quarters?"
)
_PER = re.compile(
    rf"(?<![\w.,:-])(?P<n>\d+(?:\.\d+)?)(?:\s*(?:to|-|and|"
    rf"or)\s*(?P<n2>\d+(?:\.\d+)?))?\+?\s*(?!(?:{_NOT_MESSAGES})\b)(?P<noun>(?:(?!(?:"
    rf"{_NOT_MESSAGES})\b)[A-Za-z-]+\s+){{0,4}}?(?:[A-Za-z-]{{4,}}(?=/))?)"
    rf"(?:/\s*|\b(?:per|an?|each|every|in a|in one|in an)\s+(?:single\s+|working\s+|"
    rf"business\s+|calendar\s+|busy\s+|normal\s+|typical\s+|average\s+|"
    rf"1\s+)?)(?P<period>{_PERIOD})\b(?P<each>\s+each|\s+(?:per|from each|from every|"
    rf"for each|and|by)\s+[a-z-]+)?",
    re.IGNORECASE,
)
_DAILY = re.compile(
    r"(?<![\w.,:-])(?P<n>\d+(?:\.\d+)?)\s+(?P<noun>(?:[A-Za-z-]+\s+){1,3}?)(?P<adverb"
    r">daily|hourly|weekly|monthly)\b",
    re.IGNORECASE,
)
_TURNED = re.compile(
    rf"\b(?:on|in|during|each|every|per)\s+(?:an?\s+)?(?:single\s+|busy\s+|normal\s+|"
    rf"typical\s+|average\s+|peak\s+|working\s+)?(?P<period>{_PERIOD})s?\b,?\s+(?:the"
    rf"re are |we (?:see|get|expect|have|handle|process) |comes? )?(?:about |roughly "
    rf"|around |up to |some |at most |at least |over |more than "
    rf")*(?P<n>\d+(?:\.\d+)?)\s+(?!(?:{_NOT_MESSAGES})\b)(?P<noun>[A-Za-z-]+s)\b",
    re.IGNORECASE,
)
_TECHNICAL = re.compile(
    r"(?<![\w.,])(?P<n>\d+(?:\.\d+)?)\s*(?P<unit>tps|rps|qps|eps|msgs?/s(?:ec)?|"
    r"messages/s(?:ec)?|events/s(?:ec)?|records/s(?:ec)?|hz)\b",
    re.IGNORECASE,
)
_PEAK = re.compile(
    r"\b(?:peaks?|peaking|bursts?|spikes?|spiking|rush|black friday|worst|busiest|up "
    r"to|at most|as many as|maximum|max|under load|christmas|storm)\b",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"(?<![\w.,:/-])(?P<n>\d{1,12})\s+(?P<noun>(?:[A-Za-z-]+\s+){0,2}?[A-Za-z-]{2,}s)\b",
    re.IGNORECASE,
)
_RHYTHM = re.compile(
    rf"\b(?:once\s+)?(?:(?:per|an?|each|every)\s+(?:single\s+)?)(?P<period>{_PERIOD})\b",
    re.IGNORECASE,
)
_BEGIN = re.compile(r"^(?:to|a|an|about|and|or|at|the|between|of)\s", re.IGNORECASE)


def rate_in(text: str) -> Rate | None:
    """The largest rate of messages that a sentence states as one."""
    found: list[Rate] = []
    for match in _PER.finditer(text):
        noun = match["noun"].strip().lower()
        number = float(match["n2"] or match["n"])
        if _is_field(text, match.start(), noun) or (number < 2 and not noun):
            continue
        per_second = number / _PERIODS[match["period"].lower()]
        found.append(_rate(text, match, per_second))
    for match in _DAILY.finditer(text):
        if float(match["n"]) >= 100 and "report" not in match["noun"]:
            found.append(_rate(text, match, float(match["n"]) / _ADVERBS[match["adverb"].lower()]))
    for match in _TURNED.finditer(text):
        if float(match["n"]) >= 10:
            found.append(_rate(text, match, float(match["n"]) / _PERIODS[match["period"].lower()]))
    for match in _TECHNICAL.finditer(text):
        if match["unit"].lower() != "hz" or re.search(
            r"\bsampl|\brate of|\bat\s*$", text[: match.start()]
        ):
            found.append(_rate(text, match, float(match["n"])))
    spans = tuple(span for rate in found for span in rate.spans)
    best = max(found, key=lambda rate: rate.per_second, default=None)
    return best and Rate(best.per_second, best.peak, best.says, spans)


def is_each(rate: Rate) -> bool:
    """Whether the rate is one of each thing rather than of all."""
    return bool(
        re.search(
            r"\b(?:each|per|from every|from each|for each|by)\s+[a-z-]+$|\beach$",
            rate.says,
            re.IGNORECASE,
        )
    ) and not re.search(rf"\b(?:each|per)\s+(?:{_PERIOD})$", rate.says, re.IGNORECASE)


def rhythm_in(text: str) -> float | None:
    """Seconds between two messages of one thing, where an adverb or `once a minute` says so."""
    for word, seconds in _ADVERBS.items():
        if re.search(rf"\b{word}\b", text, re.IGNORECASE):
            return seconds
    found = re.search(
        rf"\b(?:once|one|1)\s+(?:\w+\s+){{0,3}}?(?:per|an?|each|every|/)\s*({_PERIOD})\b",
        text,
        re.IGNORECASE,
    )
    found = found or re.search(rf"\bevery\s+({_PERIOD})\b", text, re.IGNORECASE)
    return _PERIODS[found[1].lower()] if found else None


def populations(text: str) -> list[Population]:
    """Things that are counted: `3000 bins`, `about 20 pairs`; units and parts of time are none."""
    known = ontology()
    found = []
    for match in _MANY.finditer(text):
        noun = match["noun"].lower().split()
        thing = noun[-1].removesuffix("s") in known.entities and float(match["n"]) >= 100
        unit = noun[-1] in known.units and not thing
        if noun[-1] in known.times or unit or _BEGIN.match(match["noun"] + " "):
            continue
        if set(noun) & (known.small - {"different", "new", "active"}) or noun[-1] in listed(
            "rates.not_counted"
        ):
            continue
        found.append(Population(float(match["n"]), noun[-1], match.start(), match.end()))
    return found


def _rate(text: str, match: re.Match[str], per_second: float) -> Rate:
    around = text[max(0, match.start() - 40) : match.end() + 30]
    return Rate(
        per_second, bool(_PEAK.search(around)), match[0].strip(), ((match.start(), match.end()),)
    )


def _is_field(text: str, start: int, noun: str) -> bool:
    """`heart rate 0 to 300 per minute` bounds a field and is no rate of messages."""
    before = text[:start].rstrip().lower().split()
    return bool(before) and before[-1] in ("between", "from", "rate", "speed", "once") and not noun
