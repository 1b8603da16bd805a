"""Spans of time in a sentence, and what each is about: keeping, arriving, age, a rhythm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from core.drafting.ontology import ontology

SECOND, MINUTE, HOUR, DAY = 1_000.0, 60_000.0, 3_600_000.0, 86_400_000.0


class About(StrEnum):
    """What a span of time says."""

    RETENTION = "retention"
    LATENCY = "latency"
    TIMELINESS = "timeliness"
    RHYTHM = "rhythm"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of `ms`, where it stands in the sentence, and the clause that it stands in."""

    ms: float
    start: int
    end: int
    clause: tuple[int, int]
    about: About


_CLAUSE = re.compile(r"[,;()]|\.\s|\s(?:but|while|and then|then|whereas|and)\s")
_RETENTION = re.compile(
    r"\b(?:keep|keeps|kept|keeping|retain\w*|retention|stor(?:e|ed|age|ing)|hold|"
    r"held|archiv\w*|histor\w+|preserve\w*|"
    r"save[ds]?|remember\w*|look[- ]?back|replay\w*|rewind|re-?process\w*|"
    r"re-?read\w*|available for|stays?|remains?|"
    r"delet\w+|remov\w+|purg\w+|expir\w+|dropped|wip\w+|eras\w+|discard\w*|clean\w*|"
    r"ttl|time to live|plenty|enough|suffic\w+|"
    r"aufbewahr\w*|lifetime|worth of|on (?:the )?(?:topic|kafka|stream) for|go away|"
    r"gone|thrown away|aged? out|back in time|"
    r"legal hold|at hand|go back|going back|of data|accessible for|lives? for|"
    r"regulat\w+|law|legally|statut\w+|auditors?|compliance|not a day longer|has to "
    r"go|must go|(?:nobody|no one|not) needs? (?:it|them|this|that) after|not needed "
    r"after|hold on to|storage|"
    r"backfill\w*)\b",
    re.IGNORECASE,
)
_STRONG_LATENCY = re.compile(
    r"\b(?:latency|lag\w*|delay\w*|behind|end[- ]to[- ]end|e2e|real[- ]?time|reacts?|"
    r"responds?|visible|readable|reach\w*|"
    r"propagat\w+|p9\d|notif\w+|alerted|react\w*|within|in under|no later than|"
    r"sub-?second|fresh\w*|shows?|see it|"
    r"needs? (?:it|them|this|these|every\w*) (?:in|after|within)|ready in|delivered in|arrive\w*|"
    r"tolerat\w+|acceptable|budget|deadline|downstream in|so fast|turn ?around)\b",
    re.IGNORECASE,
)
_WEAK_LATENCY = re.compile(
    r"(?:\b(?:under|below|less than|no more than|not more than|at most|maximum|max|"
    r"faster than|up to|in|after|quicker than|inside|no longer than|not exceed)\s*|"
    r"<=?\s*|\u2264\s*)$",
    re.IGNORECASE,
)
_TIMELINESS = re.compile(
    r"\b(?:older than|too old|stale\w*|out[- ]of[- ]date|outdated|useless|worthless|"
    r"no longer (?:of use|useful|relevant|worth)|"
    r"counts? as (?:missing|late|lost)|considered (?:late|missing|lost|stale)|too "
    r"late|not be older|late[- ]arriv\w+|arriv\w+ late|"
    r"later than that|lateness|overdue|is late\b|are late\b|late data|late events|"
    r"treated as (?:lost|late|missing)|(?:are|is) ignored|"
    r"more than .{1,30} late|up to .{1,30} late|can be discarded|of no (?:use|value))",
    re.IGNORECASE,
)
_EVERY = re.compile(
    r"\b(?:every|each|per|once (?:a|an|per|every|each)|interval of|intervals of|a|"
    r"an)(?:\s+other)?\s*$|/\s*$",
    re.IGNORECASE,
)
_RHYTHM_AFTER = re.compile(
    r"^\s*(?:\w+\s+){0,2}?(?:readings?|intervals?|averages?|windows?|aggregat\w+|"
    r"resolution|cadence|buckets?|samples?|candles?|bars?|means?|slots?|ticks?|"
    r"cycle|updates|snapshots?|data points|granularity|values|rhythm|measurements?|"
    r"raster|grid|steps)\b",
    re.IGNORECASE,
)
_SPAN_OF_FIELD = re.compile(
    r"\b(?:warranty|guarantee period|notice period|term|tenor|duration|lasts?|takes?|"
    r"age[ds]?|between|measured over|over the (?:last|past)|in the (?:last|past)|"
    r"rolling|trailing|return(?:ed|s)? within|ago|since|last)\s*(?:of|is|:)?\s*(?:about\s*)?$",
    re.IGNORECASE,
)
FOREVER = re.compile(
    r"\b(?:forever|for ever|indefinite(?:ly)?|(?:never|must not|not|nothing (?:may|"
    r"is|gets|should)?(?: be| ever)*)\s*(?:ever\s+|be\s+|to be\s+|gets?\s+|been\s+|"
    r"is\s+)*"
    r"(?:delete[ds]?|remove|discard|throw|drop|purged?|expires?|expired|thrown away|"
    r"removed|erased?|aged out|cleaned(?: up)?|deletes)|no expiry|no expiration|does "
    r"not expire|"
    r"(?:unlimited|infinite|endless|permanent|eternal|perpetual) (?:retention|"
    r"history|storage|archive|period)|retention[:\s]+(?:is\s+)?(?:unlimited|infinite|"
    r"permanent|none needed|without end)|"
    r"(?:keep|kept|retain|retained|stored?|store|archived?|hold|held|stay|stays|"
    r"preserved?)\b[^.;,]{0,40}\b(?:permanently|for good|for all time|eternally|"
    r"without (?:a |any )?(?:time )?limit|"
    r"in perpetuity|for eternity|infinitely|unlimited|for all eternity|until the end "
    r"of time|as long as (?:the company|we|the business|it|kafka)\b[^.;,]*)|(?:till|"
    r"until) further notice|no (?:deletion|retention limit|end of retention|time "
    r"limit))\b",
    re.IGNORECASE,
)
USUAL = re.compile(
    r"\b(?:usual|default|standard|normal|customary|cluster'?s?(?: "
    r"default)?)\s+(?:(?:kafka|cluster)\s+)?(?:week|7 days|retention|one week|"
    r"retention period)\b|"
    r"\bno (?:special |particular |specific )?(?:retention )?(?:wish|preference|"
    r"requirement)\w*\b[^.;]*\bretention\b|"
    r"\bretention\b[^.;,]*\b(?:does not matter|as usual|whatever is usual|whatever "
    r"the default|by default|default|standard)\b",
    re.IGNORECASE,
)


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted((unit for unit in ontology().times if len(unit) > 1), key=len, reverse=True)
    long, short = "|".join(map(re.escape, names)), "s|h|d|w|y"
    number = r"(?<![\w.])(?P<n>\d+(?:\.\d+)?)(?:\s*(?:-|to|or|\u2013)\s*(?P<n2>\d+(?:\.\d+)?))?"
    return re.compile(
        rf"{number}(?:\s?-?\s?(?P<unit>{long})\b|\s?(?P<brief>{short})(?![\w/']))(?:'s?|s')?"
        rf"|\b(?P<one>an?|one|1|the|single)\s+(?P<unit1>{long})\b(?:'s?)?",
        re.IGNORECASE,
    )


_PLUS = re.compile(r"^\s*(?:,|and|plus|\+)?\s*$", re.IGNORECASE)


def durations(text: str) -> list[Duration]:
    """All of a sentence, each with what it is about."""
    return [_judged(text, *span) for span in _joined(text, list(_spans(text)))]


def _spans(text: str) -> Iterator[tuple[float, int, int]]:
    for found in _pattern().finditer(text):
        unit = found["unit"] or found["brief"] or found["unit1"]
        if found["one"] and found["one"].lower() in ("the", "single"):
            continue
        if re.match(
            r"\s*(?:old|ago)\b", text[found.end() :], re.IGNORECASE
        ) and not _TIMELINESS.search(text):
            continue
        number = float(found["n2"] or found["n"] or 1)
        if number <= 0:
            continue
        yield number * ontology().times[unit.lower()], found.start(), found.end()


def _joined(text: str, spans: list[tuple[float, int, int]]) -> list[tuple[float, int, int]]:
    """`1 year and 6 months` is one span; so is `7 years 3 months`."""
    joined: list[tuple[float, int, int]] = []
    for ms, start, end in spans:
        if (
            joined
            and _PLUS.match(text[joined[-1][2] : start])
            and joined[-1][0] > ms
            and _kin(joined[-1][0], ms)
        ):
            joined[-1] = (joined[-1][0] + ms, joined[-1][1], end)
        else:
            joined.append((ms, start, end))
    return joined


def _kin(longer: float, shorter: float) -> bool:
    return longer / shorter < 400 and (longer < DAY or shorter >= DAY)


def _judged(text: str, ms: float, start: int, end: int) -> Duration:
    clause = _clause(text, start, end)
    return Duration(ms, start, end, clause, _about(text, ms, start, end, clause))


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    left = max((found.end() for found in _CLAUSE.finditer(text, 0, start)), default=0)
    right = next((found.start() for found in _CLAUSE.finditer(text, end)), len(text))
    return left, right


def _about(text: str, ms: float, start: int, end: int, clause: tuple[int, int]) -> About:
    before, after, here = text[:start], text[end:], text[clause[0] : clause[1]]
    article = re.match(r"an?\b", text[start:end], re.IGNORECASE)
    if (
        _EVERY.search(before)
        or _RHYTHM_AFTER.match(after)
        or (article and re.search(r"\b(?:once|twice|times|\d\s+[\w ]{0,30})\s*$", before))
    ):
        return About.RHYTHM
    if _TIMELINESS.search(here) or (
        ms < DAY and _TIMELINESS.search(text) and not _STRONG_LATENCY.search(here)
    ):
        return About.TIMELINESS
    if _SPAN_OF_FIELD.search(before) and not re.search(
        r"\b(?:keep|retain|retention|histor)", here, re.IGNORECASE
    ):
        return About.OTHER
    kept, soon = _RETENTION.search(here), _STRONG_LATENCY.search(here)
    if kept and not (soon and ms < HOUR):
        return About.RETENTION
    if soon and ms <= 2 * DAY:
        return About.LATENCY
    return _bare(text, ms, start, end, clause)


def _bare(text: str, ms: float, start: int, end: int, clause: tuple[int, int]) -> About:
    """Without a telling word in the clause: the rest of the sentence, else how long it is."""
    before = text[clause[0] : start]
    weak = _WEAK_LATENCY.search(before)
    if weak and ms < HOUR:
        return About.LATENCY
    if (
        _RETENTION.search(text)
        and ms >= HOUR
        and not _STRONG_LATENCY.search(text[clause[0] : clause[1]])
    ):
        return About.RETENTION
    if ms >= 7 * DAY and re.search(
        r"\b(?:needs?|wants?|requires?)\s+(?:about |at least )?$", before
    ):
        return About.RETENTION
    rest = re.sub(
        r"\b(?:for|about|the|at least|at most|please|just|only|a|an|of|one|is|will "
        r"do|should do|make it|make that|call it|exactly|say|that's|roughly|around|full)\b",
        "",
        before + text[end : clause[1]],
        flags=re.IGNORECASE,
    )
    alone = not re.search(r"\w", rest)
    if alone or re.search(r"\bfor\s+(?:about |at least |up to |the next |a |another )*$", before):
        return About.RETENTION if ms >= HOUR else (About.LATENCY if alone else About.OTHER)
    return About.OTHER
