"""Limits of numbers in words: `between 0 and 1`, `never negative`, `1 = new .. 5 = scrap`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from core.drafting.marks import Bound, Marked, Measured, Said, Trait
from core.drafting.ontology import ontology

_NEAR = 40
"""Characters before a limit in which `both` or `all` speak of it."""
ALL = 99
"""More fields than a sentence has."""

_LOW_SIDES = frozenset({"below", "under", "less than", "smaller than", "lower than"})
_N = r"[-+]?\d+(?:\.\d+)?"
_JOIN = r"(?:to|through|until|up to|and|-|\.\.\.?|\u2013|bis)"
_WORDS = r"[A-Za-z][A-Za-z' -]{0,30}?"


@cache
def _unit() -> str:
    names = sorted(
        {*ontology().units, *(u for u in ontology().times if len(u) > 1)}, key=len, reverse=True
    )
    return (
        "(?:"
        + "|".join(re.escape(name) + (r"\b" if name[-1].isalnum() else "") for name in names)
        + ")"
    )


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    unit = rf"(?:\s*-?\s*{_unit()})?"
    number = rf"(?<![\w.])(?<!\d-){_N}"
    end = r"(?![\w]|\.\d|-\d)"
    rows = (
        (
            "codes",
            rf"(?:from\s+)?{number}\s*(?:=|:|\bmeans\b|\bis\b|\bfor\b|\bmeaning\b|"
            rf"\bbeing\b)\s*(?P<w1>{_WORDS})\s*(?:,|\.\.\.?|\bto\b|\bup to\b|\band\b|;|"
            rf"\bthrough\b|-)+\s*(?P<b>{_N})\s*(?:=|:|\bmeans\b|\bis\b|\bfor\b|"
            rf"\bmeaning\b|\bbeing\b)\s*(?P<w2>[A-Za-z][A-Za-z-]*(?: [a-z-]+)?)",
        ),
        (
            "codes",
            rf"(?:from\s+)?{number}\s*\((?P<w1>{_WORDS})\)\s*{_JOIN}\s*(?P<b>{_N})\s*\((?"
            rf"P<w2>{_WORDS})\)",
        ),
        (
            "open range",
            rf"\b(?:above|greater than|more than|over|"
            rf"exceeding)\s+(?P<a>{_N}){unit}\s*(?:,|and|but)?\s*(?:up to|to|at most|"
            rf"through|no more than|not more than|<=|below|until)(?: (?:at most|a "
            rf"maximum of|including))?\s+(?P<b>{_N}){unit}{end}",
        ),
        (
            "range",
            rf"\b(?:anywhere |must lie |lies |lie |is |are |be |always |somewhere |"
            rf"ranging |in the (?:closed )?interval |on the interval |in the range |"
            rf"within the range |range |ranges |a range |on a scale |scale |values? "
            rf")*(?:between|within|from|of|"
            rf"in)\s+(?P<a>{_N}){unit}\s*{_JOIN}\s*(?P<b>{_N}){unit}{end}",
        ),
        (
            "around",
            rf"(?:\b(?:is |are |must |lies? |within |be |between "
            rf")*)(?:\+\s?/?\s?-)\s*(?P<a>\d+(?:\.\d+)?){unit}{end}",
        ),
        (
            "wrong",
            rf"\b(?P<side>below|under|less than|smaller than|lower than|above|over|more "
            rf"than|greater than|higher than|beyond|"
            rf"exceeding)\s+(?P<a>{_N}){unit}\s+(?:is|are|would be|must be|means?|can "
            rf"only be|count as|counts as)\s+(?:\w+ly |a |an |considered |treated as "
            rf")*(?:wrong|invalid|impossible|errors?|nonsense|not possible|implausible|"
            rf"broken|faults?|faulty|rejected|not allowed|garbage|bogus|unrealistic|"
            rf"defects?|sensor faults?)\b[^,;.]*?(?=$|[,;.]|\sand\b)",
        ),
        (
            "range",
            rf"(?:\b(?:has to be |must be |is |are |be |lies )*(?:in|within) (?:the|a) "
            rf"(?:range|interval|band|window)(?: of| from)?\s*|\brang(?:e|es|"
            rf"ing)\s*:?\s*|\bfraction\s+)?{number}{unit}\s*(?:to|through|up to|-|"
            rf"\.\.\.?|\u2013|bis|\.\. )\s*(?P<b>{_N}){unit}{end}",
        ),
        (
            "range",
            rf"\b(?:in |within |from |on |the |a |closed |interval |range "
            rf")*[\[(]\s*(?P<a>{_N})\s*[,;]\s*(?P<b>{_N})\s*[\])]",
        ),
        ("range", rf"(?P<a>{_N})\s*<=?\s*[A-Za-z_ ]{{1,25}}\s*<=?\s*(?P<b>{_N})"),
        (
            "minimum",
            rf"\b(?:must not|may not|cannot|can not|never|should not|neither|none|"
            rf"not)\s+(?:ever\s+|may be |can be |is |are |"
            rf"be\s+|go\s+|fall\s+|drop\s+|get\s+)*(?:below|under|less than|lower than|"
            rf"smaller than)\s+{_N}{unit}{end}",
        ),
        (
            "maximum",
            rf"\b(?:must not|may not|cannot|can not|never|should not|not|does "
            rf"not)\s+(?:ever\s+|be\s+|go\s+|rise\s+|climb\s+|get\s+|is\s+)*(?:exceeds?|"
            rf"above|over|more than|higher than|greater than|longer than|beyond|bigger "
            rf"than|larger than)\s+{_N}{unit}{end}",
        ),
        (
            "minimum",
            rf"(?:>=|=>|\b(?:at least|no less than|not less than|no fewer than|"
            rf"minimum(?: of| is)?|min|(?:start|begin)(?:s|ing)? (?:at|from|with)|"
            rf"counts? from|counted from|counting from|"
            rf"from)\s)\s*(?P<a>{_N}){unit}(?:\s+(?:up(?:wards?)?|on(?:wards?)?|or "
            rf"more))?{end}(?!\s*(?:to|through|-)\s*\d)",
        ),
        (
            "minimum",
            rf"(?<![\w.])(?P<a>{_N}){unit}\s+(?!or more [a-z]+s\b)(?:or (?:more|above|"
            rf"higher|greater)|and (?:up|above|more|over|upwards?)|upwards?|onwards?)\b",
        ),
        (
            "maximum",
            rf"(?:<=|=<|\b(?:at most|no more than|not more than|no higher than|no "
            rf"greater than|maximum(?: of| is)?|max|up to(?: a maximum of)?|capped at|"
            rf"limited to|cap(?:ped)? (?:of|at)|not to exceed|tops? out at|does not "
            rf"exceed|upper limit(?: of| is)?)\s)\s*(?P<a>{_N}){unit}{end}",
        ),
        (
            "maximum",
            rf"(?<![\w.])(?P<a>{_N}){unit}\s+(?:or (?:less|below|lower|fewer|under)|and "
            rf"(?:below|less|under|down)|at most|max(?:imum)?|tops)\b",
        ),
        (
            "above",
            rf"(?:>|\b(?:above|greater than|more than|larger than|bigger than|higher "
            rf"than|over|exceed(?:s|ing)?|strictly over|in excess "
            rf"of)\s)\s*(?P<a>{_N}){unit}{end}",
        ),
        (
            "under",
            rf"(?:<|\b(?:below|less than|smaller than|lower than|under|fewer than|"
            rf"strictly below)\s)\s*(?P<a>{_N}){unit}{end}",
        ),
        (
            "zero",
            r"\b(?:neither |none )?(?:can be|may be|is|are|goes) (?<=neither can be "
            r")negative\b|\b(?:neither|none)(?: of (?:them|these|those|the two))? (?:can|"
            r"may|must|should|is|are|will|shall) (?:be |go |become |ever )*negative\b|"
            r"\b(?:never|not|non|cannot be|can not be|must not be|may not be|cannot go|"
            r"can not go|cannot get|no|cannot become|will not be|is not)[- ]?(?:be |go |"
            r"a |ever |become |turn )*(?:negatives?|below 0|minus|under 0)(?: (?:values?|"
            r"numbers?|amounts?))?\b",
        ),
        (
            "signed",
            r"\b(?:can|may|might|could) (?:also |well |even )?(?:be|go|become|turn) "
            r"negative\b|\bsigned\b|\bnegative (?:values? )?(?:is|are|means?|when|if|"
            r"for)\b[^,;.]*",
        ),
        (
            "positive",
            r"\b(?:strictly |always |must be |is |are |be )*positive\b(?<![/|"
            r"]positive)(?!\s*[/|])(?! (?:or|and|case|test|result|feedback|sentiment))|"
            r"\bnon-?zero and positive\b",
        ),
    )
    return tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in rows)


_COUNTED_AFTER = re.compile(
    r"^\s+(?!and\b|or\b|for\b|in\b|with\b|are\b|is\b|must\b|per\b|as\b|at\b|by\b|"
    r"to\b|if\b|on\b|the\b|a\b|only\b|where\b|when\b|which\b|plausible\b|inclusive\b|"
    r"both\b|each\b|scale\b|times?\b|but\b|unless\b|because\b|so\b|"
    r"means?\b)([a-z-]{3,})",
    re.IGNORECASE,
)
_ALARMING = re.compile(
    r"[^,;.]*\b(?:trigger|raise|cause|lead)s?\b[^,;.]*\b(?:alarms?|alerts?|warnings?|tickets?)\b|"
    r"[^,;.]*\b(?:alerts?|alarms?|notif\w+|escalat\w+)\b",
    re.IGNORECASE,
)
"""What a number that something happens at is followed by; others may occur all the same."""
_DATE_LIKE = re.compile(r"^\d{4}-\d{2}")


def mark_bounds(marked: Marked) -> None:
    """Replace limits in the text by places."""
    for kind, pattern in _patterns():
        marked.text = "".join(_replaced(marked, kind, pattern))
    marked.tidy()


def _replaced(marked: Marked, kind: str, pattern: re.Pattern[str]) -> Iterator[str]:
    text, last = marked.text, 0
    for found in pattern.finditer(text):
        if found.start() < last or not _is_limit(text, kind, found):
            continue
        yield text[last : found.start()]
        if kind == "signed":
            yield marked.place(Said(Trait.SIGNED, found[0].strip()))
        else:
            around = f"{text[max(0, found.start() - _NEAR) : found.start()]} {found[0]}"
            yield marked.place(replace(_bound(kind, found), over=_over(around)))
            if unit := _unit_at_end(found[0]):
                yield marked.place(unit)
        last = found.end()
    yield text[last:]


def _over(around: str) -> int:
    """How many fields a limit is of: `both` and `neither` mean two, `all` and `each` the list."""
    found = re.search(r"\b(both|neither|all|each|every one|none)\b[^,;.]*$", around, re.IGNORECASE)
    found = found or re.match(r"\s*(both|all|each)\b", around, re.IGNORECASE)
    if found is None:
        return 1
    return 2 if found[1].lower() in ("both", "neither") else ALL


def _is_limit(text: str, kind: str, found: re.Match[str]) -> bool:
    """Numbers that count things (`more than 5 depots`) and dates are no limits."""
    if kind in ("zero", "positive", "signed", "codes", "wrong"):
        return True
    if _DATE_LIKE.match(found[0]) or _ALARMING.match(text[found.end() :]):
        return False
    after = _COUNTED_AFTER.match(text[found.end() :])
    if (
        kind in ("above", "under", "minimum", "maximum")
        and after
        and not re.search(r"[<>=]", found[0])
    ):
        return after[1].lower() in ontology().units
    return True


def _bound(kind: str, found: re.Match[str]) -> Bound:
    says = " ".join(found[0].split())
    numbers = [
        _number(text) for text in re.findall(rf"(?<![\w.]){_N}|(?<=[<>=\[(.-]){_N}", found[0])
    ]
    groups = found.groupdict()
    if kind in ("zero", "positive"):
        return Bound(0, None, says, exclusive_minimum=kind == "positive")
    first = _number(groups["a"]) if groups.get("a") else numbers[0]
    if kind == "wrong":
        is_low = groups["side"].lower() in _LOW_SIDES
        return Bound(first, None, says) if is_low else Bound(None, first, says)
    if kind == "around":
        return Bound(-first, first, says)
    if kind in ("range", "open range", "codes"):
        second = _number(groups["b"])
        low, high = min(first, second), max(first, second)
        meanings = (
            ((str(first), groups["w1"].strip()), (str(second), groups["w2"].strip()))
            if groups.get("w1")
            else ()
        )
        return Bound(low, high, says, exclusive_minimum=kind == "open range", meanings=meanings)
    if kind in ("minimum", "above"):
        return Bound(first, None, says, exclusive_minimum=kind == "above")
    return Bound(None, first, says, exclusive_maximum=kind == "under")


def _unit_at_end(text: str) -> Measured | None:
    found = re.search(rf"(?<![A-Za-z])({_unit()})\s*$", text, re.IGNORECASE)
    unit = ontology().units.get(found[1].lower()) if found else None
    return Measured(unit, found[1]) if unit and found else None


def _number(text: str) -> float | int:
    number = float(text)
    return int(number) if number == int(number) and "." not in text else number
