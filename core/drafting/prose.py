"""A description as sentences: one spelling for dashes and quotes, short forms spelled out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from core.drafting.numerals import in_digits
from core.drafting.ontology import ontology

_CHARACTERS = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u00ab": '"',
        "\u00bb": '"',
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2212": "-",
        "\u00d7": "x",
        "\u2026": "...",
        "\t": " ",
        "\u00a0": " ",
        "\u2264": "<=",
        "\u2265": ">=",
        "`": '"',
        "\u2192": "->",
        "\u00b1": "+-",
        "\u27e6": "[",  # what marks.py puts in the place of a mark
        "\u27e7": "]",
    }
)
_SHORT = (
    (r"\bw/o\b\.?", "without"),
    (r"\bw/", "with "),
    (r"\bincl\b\.?", "including"),
    (r"\bexcl\b\.?", "excluding"),
    (r"\b(?:approx|ca|appr)\b\.?", "about"),
    (r"[~\u2248]\s*(?=\d)", "about "),
    (r"\bresp\.", "and"),
    (r"\be\.\s?g\.", "for example"),
    (r"\bi\.\s?e\.", "that is"),
    (r"\betc\b\.?", ""),
    (r"\bvs\.", "and"),
    (r"\bmax\.?\s+(?=[-+]?\d)", "at most "),
    (r"\bmin\.?\s+(?=[-+]?\d)", "at least "),
    (r"(?<!/)(?<!\bor )\bno\.(?=\s*(?:[,;:.()a-z]|$))", "number"),
    (r"\bnr\.?(?=\s|[,;:)]|$)", "number"),
    (r"#(?=\s*of\b)", "number"),
    (r"(?<=[a-z0-9)])\s&\s(?=[A-Za-z0-9])", " and "),
    (r"(?<=[a-z0-9])\s\+\s(?=[a-z])", " and "),
    (r"(?<=[a-z]\s)(?<!\bor\s)no\.?(?=\s*(?:[,;:)+&(=]|$|and\b|or\b|is\b|are\b|must\b))", "number"),
    (r"\bdate (?:and|&|/|\+) time\b|\bdate/time\b", "datetime"),
    (r"\by/n\b", "yes/no"),
    (r"\bb/c\b", "because"),
    (r"\bper annum\b", "per year"),
    (r"\bp\.?\s?a\.(?=\s|$)", "per year"),
    (r"(?<=\d)\s*p/(?=[sdhm])", "/"),
    (r"\bprobs\b", "probably"),
    (r"\bpls\b", "please"),
    (r"\bthru\b", "through"),
    (r"\bcan't\b", "cannot"),
    (r"\bwon't\b", "will not"),
    (r"\b(do|does|must|should|is|are|may|need|has|have|would|could)n't\b", r"\1 not"),
    (r"\bdont\b", "do not"),
    (r"\bcant\b", "cannot"),
    (r"\bwhether or not\b", "whether"),
    (r"\bso far\b", ""),
    (r",?\s*\b(?:of course|by the way|as you know|if possible|thank you|thanks)\b,?", ""),
    (r"\bas well as\b", "and"),
    (r"\balong with\b", "and"),
    (r"\btogether with\b", "and"),
    (r"(?<!,)(?<!,\s)\bplus\b(?!\s+(?:sign|or|and)\b)(?=\s+[a-z])", "and"),
    (r"\band/or\b", "or"),
    (r"\b(for (?:each|every) (?:[\w-]+ ){0,2}[\w-]+) (?=(?:an?|its|both) )", r"\1, "),
    (r"\ba\.?k\.?a\.?(?=\s)", "or"),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), spelled) for pattern, spelled in _SHORT)
_BULLET = re.compile(r"^\s*(?:[-*\u2022\u2013\u2014\u25aa\u00b7>]|\(?\d{1,2}[.)]|[a-z]\))\s+(?=\S)")
_DASH = re.compile(r"\s+(?:-{1,3}|\u2013|\u2014)\s+|\s*\u2014\s*")
_ASIDE = re.compile(
    r"\s+[\u2013\u2014-]{1,2}\s+(?!\d)([^\u2013\u2014().;]{3,120}?)\s+[\u2013\u2014-]"
    r"{1,2}(?=\s*,|\s+(?:and|or|is|are|which)\b)"
)
"""What stands between two dashes within a sentence."""
_OR_ASIDE = re.compile(
    r"\s+[\u2013\u2014-]\s+((?:[\w'-]+(?: [\w'-]+)?, )*[\w'-]+(?: [\w'-]+)? or "
    r"[\w'-]+(?: [\w'-]+)?)(?=\s*(?:[.;]|$))"
)
"""Values after a dash at the end of a sentence."""
_RANGE_DASH = re.compile(r"(?<=\d)\s*\u2013\s*(?=[-+]?\d)")
_END = re.compile(r"(?<=[^\s.])(?<!\bvs)(?<!\bSt)(?<!\bDr)[.!?]+(?=\s|$)|;")
_WORD = re.compile(r"[A-Za-z]{6,}")
_VOWELS = re.compile(r"[aeiou]")


_WRAPPED = 70
"""Characters of a line that goes on in the next, unless a full stop ends it."""


LONGEST = 500
"""Characters of a sentence that is read in one piece."""
_ENDLESS = re.compile(r"\S{80,}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`said` is how the description has it, `text` how it is read; a bullet is a list's item."""

    text: str
    said: str
    bullet: bool = False


def sentences(description: str) -> list[Sentence]:
    """In their order; brackets are never cut in two."""
    found: list[Sentence] = []
    for line, bullet in _lines(_clean(description)):
        for part in (short for long in _cut(line) for short in _shortened(long)):
            text = normalised(part)
            if re.search(r"\w", text):
                found.append(Sentence(text, " ".join(part.split()), bullet))
    return found


def _shortened(part: str) -> list[str]:
    """An endless sentence in pieces: reading twice as much takes more than twice as long."""
    pieces = [part]
    while len(pieces[-1]) > LONGEST:
        last = pieces.pop()
        at = max(last.rfind(mark, 0, LONGEST) for mark in (", ", " and ", " "))
        at = at if at > LONGEST // 2 else LONGEST
        pieces += [last[:at], last[at:].lstrip(" ,")]
    return pieces


def normalised(text: str) -> str:
    """Short forms spelled out, numbers in digits, near misses of decisive words mended."""
    for pattern, spelled in _COMPILED:
        text = pattern.sub(spelled, text)
    text = _WORD.sub(lambda word: _mended(word[0]), in_digits(text))
    return " ".join(text.split())


def _clean(description: str) -> str:
    text = unicodedata.normalize("NFC", description).translate(_CHARACTERS)
    text = "".join(char if char.isprintable() or char == "\n" else " " for char in text)
    text = _ENDLESS.sub(lambda word: word[0][:80], text)
    return _RANGE_DASH.sub(" to ", text)


def _lines(text: str) -> list[tuple[str, bool]]:
    """Lines, with those joined that were only wrapped."""
    lines: list[tuple[str, bool]] = []
    for raw in text.split("\n"):
        bullet = _BULLET.match(raw)
        line = raw[bullet.end() :].strip() if bullet else raw.strip()
        if not line:
            lines.append(("", False))
            continue
        before = lines[-1][0] if lines else ""
        open_end = bool(before) and not bullet and before[-1] not in ".!?:;"
        wrapped = open_end and (line[0].islower() or before[-1] == "," or len(before) > _WRAPPED)
        if wrapped:
            lines[-1] = (f"{before} {line}", lines[-1][1])
        else:
            lines.append((line, bool(bullet)))
    return [(line, bullet) for line, bullet in lines if line]


def _cut(line: str) -> list[str]:
    """A line's sentences: full stops and semicolons outside of brackets end one."""
    line = _OR_ASIDE.sub(r" (\1)", _ASIDE.sub(r" (\1)", line))
    line = _DASH.sub(_dash, line)
    for short in ("approx.", "incl.", "excl.", "ca.", "e.g.", "i.e.", "etc.", "resp.", "vs."):
        line = re.sub(rf"(?<!\w){re.escape(short)}", short.replace(".", "\x01"), line, flags=re.I)
    line = re.sub(r"\b(no|nr|max|min|temp|avg)\.(?=\s+[a-z0-9])", "\\1\x01", line)
    line = re.sub(r"\bno\.(?=\s*[,;:)])", "no\x01", line)
    parts, start, depth = [], 0, 0
    for found in re.finditer(r"[()\[\]]|" + _END.pattern, line):
        if found[0] in "([":
            depth += 1
        elif found[0] in ")]":
            depth = max(0, depth - 1)
        elif depth == 0:
            parts.append(line[start : found.start()])
            start = found.end()
    return [part.replace("\x01", ".").strip() for part in (*parts, line[start:])]


def _dash(found: re.Match[str]) -> str:
    around = (
        found.string[found.start() - 1 : found.start()],
        found.string[found.end() : found.end() + 1],
    )
    return " - " if around[0].isdigit() and (around[1].isdigit() or around[1] in "-+") else " ; "


@cache
def _mended(word: str) -> str:
    """A decisive word where this is a near miss of one and no word that is known."""
    known = ontology()
    low = word.lower()
    if low in _vocabulary() or low.rstrip("s") in _vocabulary():
        return word
    near = [other for other in known.decisive if len(other) >= 6 and _near(low, other)]
    return near[0] if len(near) == 1 else word


@cache
def _vocabulary() -> frozenset[str]:
    known = ontology()
    phrases = (*known.attributes, *known.entities, *known.domains, *known.units, *known.times)
    lists = (
        known.talk,
        known.verbs,
        known.small,
        known.qualifiers,
        known.happenings,
        known.decisive,
    )
    told = {word for part in lists for phrase in part for word in phrase.split()}
    return frozenset(told | {word for phrase in phrases for word in phrase.lower().split()})


def _near(word: str, other: str) -> bool:
    """One letter added, left out, changed, or two swapped; the first letters agree."""
    if word[0] != other[0] or abs(len(word) - len(other)) > 1 or word in (other + "d", other + "s"):
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b),
        min(len(word), len(other)),
    )
    a, b = word[start:], other[start:]
    swapped = len(a) > 1 and len(a) == len(b) and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:]
    changed = a[1:] == b[1:] and not (a == "" or b == "") and _same_sort(a[0], b[0])
    return swapped or changed or (a[1:] == b and len(word) > 6) or (a == b[1:] and len(other) > 6)


def _same_sort(a: str, b: str) -> bool:
    return bool(_VOWELS.match(a)) == bool(_VOWELS.match(b))
