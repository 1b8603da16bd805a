"""Lists of allowed values: `approve, review or decline`, `grade A to D`, `open/closed`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from core.drafting.marks import Choice, Marked, Said, Trait
from core.drafting.ontology import listed, ontology
from core.drafting.phrases import known_as, singular
from core.drafting.value_lists import (
    MOST,
    SEPARATOR,
    TWO,
    are_mostly_known,
    are_numbers,
    are_values,
    enum_heads,
    head_before,
    head_inside,
    values_of,
)

_V = (
    r"\"?[A-Za-z0-9*][\w*'+.-]*\"?(?:\s+(?!or\b|and\b|for\b|is\b|are\b|with\b|per\b|"
    r"when\b|which\b|that\b|plus\b|must\b|where\b|if\b|depending\b|the\b|as\b|at\b(?! "
    r"(?:hub|risk|home|sea|rest|dock|depot|gate|work|school|large))|then\b|because\b|"
    r"so\b|from\b)[\w'+-]+\"?){0,3}"
)
_OR_LIST = rf"{_V}(?:{SEPARATOR}{_V})*\s*,?\s*(?:\bor\b(?:\s+else)?|/|\|)\s*{_V}"
_AND_LIST = rf"{_V}(?:\s*,\s*{_V})+\s*,?\s*\band\b\s*{_V}"
_BARE_LIST = rf"{_V}(?:\s*(?:,|/|\|)\s*{_V})+"
_LINK = (
    r"(?:,\s*)?\b(?:(?:which|that|it|this|they)\s+)?(?:can only be|can be|may be|"
    r"must be|could be|should be|will be|is always|is either|are either|is one of|"
    r"are one of|either|one of|any of|being|is|are|of|as|"
    r"takes?(?: one of)?(?: the values?)?|values?(?: are| is| of)?|reads|says|named|"
    r"namely|limited to|restricted to|in|says|marked as|flagged as|marked|among|out "
    r"of|from)\s*:?\s*(?:either |one of |any of |only |exactly |always |the values? |"
    r"the following:? |these:? )*"
)
_STRONG = re.compile(
    r"\b(?:one of|any of|either|values?|takes|following|limited to|restricted to|can "
    r"only be|among|out of)\b",
    re.IGNORECASE,
)
_LINKED_OR = re.compile(
    rf"(?P<link>{_LINK}|[:=]\s*(?:either |one of )?|\b)(?P<list>{_OR_LIST})", re.IGNORECASE
)
_LINKED_AND = re.compile(rf"(?P<link>{_LINK}|[:=]\s*)(?P<list>{_AND_LIST})", re.IGNORECASE)
_COLON = re.compile(
    rf"(?P<link>[:=]\s*|\bone of\s+|\bany of\s+)(?P<list>{_BARE_LIST})(?=\s*(?:$|"
    rf"[;.)\u27e6]|,?\s+and\s))",
    re.IGNORECASE,
)
_W = r"[A-Za-z0-9][\w'+-]*(?: [\w'+-]+)?"
_APPOSED = re.compile(
    rf"(?P<head>\b[A-Za-z]+)\s*,\s*(?P<list>{_W}\s+or\s+{_W})(?=\s*(?:[;,.)]|$))", re.IGNORECASE
)
_PIPED = re.compile(
    rf"(?P<link>[:=]\s*|\b(?:is|are|of|as|one of)\s+|"
    rf"\b)(?P<list>{_W}(?:\s*\|\s*{_W})+|(?<=[:=] ){_W}(?:\s*/\s*{_W}){{2,}})",
    re.IGNORECASE,
)
_LETTERS = re.compile(
    r"(?:\bfrom |\bbetween |\bof |\bis )?(?<![\w-])(?P<a>[A-Z])\s*(?:to|through|-|"
    r"\.\.\.?|and|\u2013)\s*(?P<b>[A-Z])(?![\w-])"
)
_SLASHED = re.compile(r"(?<![\w/.:-])(?P<list>[A-Za-z][\w'-]*(?:\s?/\s?[A-Za-z][\w'-]*)+)(?![\w/])")
_YES = re.compile(
    r"\b(?:yes\s?(?:/|or|\|)\s?no|true\s?(?:/|or|\|)\s?false|y\s?/\s?n|ja/nein|0/1|"
    r"as a flag|\(?flag\)?(?= *$)|boolean|bool|a boolean|yes-no)\b",
    re.IGNORECASE,
)


def mark_choices(marked: Marked) -> None:
    """Replace lists of values in the text by places; lists of fields are left as they are."""
    marked.text = _YES.sub(lambda found: marked.place(Said(Trait.BOOLEAN, found[0])), marked.text)
    marked.text = _polar().sub(
        lambda found: marked.place(Choice((found[1], found[2]), found[0])), marked.text
    )
    marked.text = _LETTERS.sub(lambda found: _letters(marked, found), marked.text)
    marked.text = _listed(marked, _PIPED, False)
    marked.text = _APPOSED.sub(lambda found: _apposed(marked, found), marked.text)
    for pattern, needs_enum in ((_COLON, True), (_LINKED_OR, False), (_LINKED_AND, True)):
        marked.text = _listed(marked, pattern, needs_enum)
    marked.text = _SLASHED.sub(lambda found: _slashed(marked, found), marked.text)
    marked.tidy()


@cache
def _polar() -> re.Pattern[str]:
    """Two values of which one excludes the other: `positive or negative`."""
    either = r"\s*(?:/|or|\|)\s*"
    pairs = [pair.split("/") for pair in sorted(listed("choices.polar"))]
    first = "|".join(rf"{a}(?={either}{b}\b)|{b}(?={either}{a}\b)" for a, b in pairs)
    return re.compile(
        rf"\b(?:(?:is|are|either|as|being|can be|reads) )*(?:either )?({first}){either}([a-z]+)\b"
        r"(?!\s*[/|])(?!\s*(?:,|or)\s*\w+\s+or\b)",
        re.IGNORECASE,
    )


def choice_of(text: str) -> Choice | None:
    """The values that a whole text lists, such as the content of a bracket; None for fields."""
    letters = _LETTERS.fullmatch(text.strip())
    if letters:
        return Choice(_between(letters["a"], letters["b"]), text)
    values = values_of(text)
    if len(values) < TWO or not are_values(values):
        return None
    return Choice(tuple(values), text.strip())


def _listed(marked: Marked, pattern: re.Pattern[str], needs_enum: bool) -> str:
    text, built, last, place = marked.text, [], 0, 0
    while found := pattern.search(text, place):
        taken = _taken(text, found, needs_enum)
        if taken is None:
            place = found.end("link") if found.end("link") > place else found.start() + 1
            if not found["link"].strip():
                place = _next_word(text, found.start("list"))
            continue
        start, end, values = taken
        built += [
            text[last:start],
            marked.place(Choice(tuple(values), " ".join(text[start:end].split()))),
        ]
        last = place = end
    return "".join([*built, text[last:]])


def _next_word(text: str, place: int) -> int:
    found = re.compile(r"[\s,;:/|]+").search(text, place)
    return found.end() if found else len(text)


def _taken(text: str, found: re.Match[str], needs_enum: bool) -> tuple[int, int, list[str]] | None:
    """Where a list of values stands, if it is one by the words around it and by its own."""
    link, head = found["link"].strip(), head_before(text[: found.start()])
    start, told = found.start(), found["list"]
    if not link:
        inside = head_inside(told)
        if inside is None:
            return None
        start, told, head = found.start("list") + inside, told[inside:], "enum"
    values = values_of(told)
    first = values[0].split(" ", 1) if values else [""]
    if len(first) > 1 and singular(first[0]) in enum_heads():
        values[0], head = first[1], "enum"
    if not are_values(values) or not _is_choice(values, link, head, needs_enum):
        return None
    return start, found.end(), values


def _is_choice(values: list[str], link: str, head: str | None, needs_enum: bool) -> bool:
    """Whether what stands before values says that they are some."""
    if head == "enum" or _STRONG.search(link):
        return True
    short = len(values) > TWO and all(len(value.split()) < 3 for value in values)
    if link in (":", "=") and head == "noun" and short and not are_mostly_known(values):
        return True
    if needs_enum or head is None:
        return False
    if len(values) == TWO and head == "noun" and all(map(_is_code, values)):
        return True
    return len(values) > TWO and not are_numbers(values)


def _is_code(value: str) -> bool:
    return value.isupper() and len(value) > 1


def _apposed(marked: Marked, found: re.Match[str]) -> str:
    """`the kind, voice or SMS`: values after a comma."""
    values = values_of(found["list"])
    if singular(found["head"]) not in enum_heads() or not are_values(values):
        return found[0]
    return found["head"] + marked.place(Choice(tuple(values), found["list"]))


def _letters(marked: Marked, found: re.Match[str]) -> str:
    values = _between(found["a"], found["b"])
    return marked.place(Choice(values, found[0].strip())) if TWO < len(values) <= MOST else found[0]


def _between(a: str, b: str) -> tuple[str, ...]:
    return tuple(chr(code) for code in range(ord(a), ord(b) + 1))


def _slashed(marked: Marked, found: re.Match[str]) -> str:
    parts = [part.strip() for part in found["list"].split("/")]
    low = found["list"].lower().replace(" ", "")
    if low in ontology().units or low in ("and/or", "n/a", "w/o"):
        return found[0]
    after = re.match(r"\s+((?:[A-Za-z-]+\s?){1,3})", found.string[found.end() :])
    if _ends_of_one(parts):
        noun = re.search(r"([A-Za-z-]+)\s+$", found.string[: found.start()])
        if noun and noun[1].lower() not in ontology().small | ontology().verbs:
            return f"{parts[0]} and {noun[1]} {parts[1]}"
    if joined := _distributed(parts, after[1].split() if after else []):
        return joined
    if all(
        known_as((singular(part),))[0] is not None and not _may_be_value(part) for part in parts
    ):
        return " and ".join(parts)
    if head_before(found.string[: found.start()]) is not None and are_values(parts):
        return marked.place(Choice(tuple(parts), found[0]))
    return " and ".join(parts)


def _ends_of_one(parts: Sequence[str]) -> bool:
    """`reference low/high`: two limits of one thing."""
    return "/".join(parts).lower() in listed("choices.ends")


def _may_be_value(part: str) -> bool:
    attribute, _ = known_as((singular(part),))
    return attribute is not None and attribute.kind == "flag"


def _distributed(parts: Sequence[str], after: Sequence[str]) -> str | None:
    """`systolic/diastolic blood pressure` as `systolic blood pressure and diastolic`."""
    known = ontology()
    if not all(
        part.lower() in known.qualifiers or known_as((singular(part),))[0] is None for part in parts
    ):
        return None
    for length in range(len(after), 0, -1):
        if known_as(tuple(singular(word) for word in after[:length]))[0] is not None:
            head = " ".join(after[:length])
            return " and ".join([*(f"{part} {head}" for part in parts[:-1]), parts[-1]])
    return None
