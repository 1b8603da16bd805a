"""Lists of allowed values: `approve, review or decline`, `grade A to D`, `open/closed`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from core.drafting.marks import Choice, Marked, Said, Trait
from core.drafting.ontology import listed, ontology
from core.drafting.phrases import Phrase, known_as, phrase_of, singular, tokens

MOST = 24
"""Values of a list; a longer one is prose."""

_V = r"\"?[A-Za-z0-9*][\w*'+.-]*\"?(?:\s+(?!or\b|and\b|for\b|is\b|are\b|with\b|per\b|when\b|which\b|that\b|plus\b|must\b|where\b|if\b|depending\b|the\b|as\b|at\b(?! (?:hub|risk|home|sea|rest|dock|depot|gate|work|school|large))|then\b|because\b|so\b|from\b)[\w'+-]+\"?){0,3}"
_SEP = r"\s*(?:,|/|\||;)\s*"
_OR_LIST = rf"{_V}(?:{_SEP}{_V})*\s*,?\s*(?:\bor\b(?:\s+else)?|/|\|)\s*{_V}"
_AND_LIST = rf"{_V}(?:\s*,\s*{_V})+\s*,?\s*\band\b\s*{_V}"
_BARE_LIST = rf"{_V}(?:\s*(?:,|/|\|)\s*{_V})+"
_LINK = (
    r"(?:,\s*)?\b(?:(?:which|that|it|this|they)\s+)?(?:can only be|can be|may be|must be|could be|should be|will be|is always|is either|are either|is one of|are one of|either|one of|any of|being|is|are|of|as|"
    r"takes?(?: one of)?(?: the values?)?|values?(?: are| is| of)?|reads|says|named|namely|limited to|restricted to|in|says|marked as|flagged as|marked|among|out of|from)\s*:?\s*(?:either |one of |any of |only |exactly |always |the values? |the following:? |these:? )*"
)
_STRONG = re.compile(
    r"\b(?:one of|any of|either|values?|takes|following|limited to|restricted to|can only be|among|out of)\b",
    re.IGNORECASE,
)
_LINKED_OR = re.compile(
    rf"(?P<link>{_LINK}|[:=]\s*(?:either |one of )?|\b)(?P<list>{_OR_LIST})", re.IGNORECASE
)
_LINKED_AND = re.compile(rf"(?P<link>{_LINK}|[:=]\s*)(?P<list>{_AND_LIST})", re.IGNORECASE)
_COLON = re.compile(
    rf"(?P<link>[:=]\s*|\bone of\s+|\bany of\s+)(?P<list>{_BARE_LIST})(?=\s*(?:$|[;.)\u27e6]|,?\s+and\s))",
    re.IGNORECASE,
)
_W = r"[A-Za-z0-9][\w'+-]*(?: [\w'+-]+)?"
_APPOSED = re.compile(
    rf"(?P<head>\b[A-Za-z]+)\s*,\s*(?P<list>{_W}\s+or\s+{_W})(?=\s*(?:[;,.)]|$))", re.IGNORECASE
)
_PIPED = re.compile(
    rf"(?P<link>[:=]\s*|\b(?:is|are|of|as|one of)\s+|\b)(?P<list>{_W}(?:\s*\|\s*{_W})+|(?<=[:=] ){_W}(?:\s*/\s*{_W}){{2,}})",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|so|must|can|will|be|allowed|because|it|they|we)\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(
    r"(?:\bfrom |\bbetween |\bof |\bis )?(?<![\w-])(?P<a>[A-Z])\s*(?:to|through|-|\.\.\.?|and|\u2013)\s*(?P<b>[A-Z])(?![\w-])"
)
_SLASHED = re.compile(r"(?<![\w/.:-])(?P<list>[A-Za-z][\w'-]*(?:\s?/\s?[A-Za-z][\w'-]*)+)(?![\w/])")
_YES = re.compile(
    r"\b(?:yes\s?(?:/|or|\|)\s?no|true\s?(?:/|or|\|)\s?false|y\s?/\s?n|ja/nein|0/1|as a flag|\(?flag\)?(?= *$)|boolean|bool|a boolean|yes-no)\b",
    re.IGNORECASE,
)
_POLAR = re.compile(
    r"\b(?:(?:is|are|either|as|being|can be|reads) )*(?:either )?("
    + "|".join(
        f"(?:{one})(?=\\s*(?:/|or|\\|)\\s*(?:{other})\\b)|(?:{other})(?=\\s*(?:/|or|\\|)\\s*(?:{one})\\b)"
        for one, other in (
            pair.split("/")
            for pair in [
                "positive/negative",
                "open/closed",
                "on/off",
                "in/out",
                "granted/denied",
                "buy/sell",
                "credit/debit",
                "up/down",
                "left/right",
                "success/failure",
                "pass/fail",
                "passed/failed",
                "hit/miss",
                "internal/external",
                "male/female",
                "online/offline",
                "active/inactive",
                "enabled/disabled",
                "valid/invalid",
                "present/absent",
                "accepted/rejected",
                "inbound/outbound",
                "incoming/outgoing",
                "locked/unlocked",
                "good/bad",
                "ok/fault",
                "entry/exit",
                "occupied/free",
                "public/private",
            ]
        )
    )
    + r")\s*(?:/|or|\|)\s*([a-z]+)\b(?!\s*(?:,|/|or)\s*\w+\s+or\b)",
    re.IGNORECASE,
)
_TWO = 2
_LEADING = re.compile(
    r"^(?:either|one of|an?|the|is|are|as|of|(?:can|may|must|could|will|should)(?: only)? be|be|always|only|in|values?|possible)\s+",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"\s+(?:respectively|only|etc|please|please\.)$", re.IGNORECASE)


def mark_choices(marked: Marked) -> None:
    """Replace lists of values in the text by places; lists of fields are left as they are."""
    marked.text = _YES.sub(lambda found: marked.place(Said(Trait.BOOLEAN, found[0])), marked.text)
    marked.text = _POLAR.sub(
        lambda found: marked.place(Choice((found[1], found[2]), found[0])), marked.text
    )
    marked.text = _LETTERS.sub(lambda found: _letters(marked, found), marked.text)
    marked.text = _listed(marked, _PIPED, False)
    marked.text = _APPOSED.sub(lambda found: _apposed(marked, found), marked.text)
    for pattern, needs_enum in ((_COLON, True), (_LINKED_OR, False), (_LINKED_AND, True)):
        marked.text = _listed(marked, pattern, needs_enum)
    marked.text = _SLASHED.sub(lambda found: _slashed(marked, found), marked.text)
    marked.tidy()


def choice_of(text: str) -> Choice | None:
    """The values that a whole text lists, such as the content of a bracket; None for fields."""
    letters = _LETTERS.fullmatch(text.strip())
    if letters:
        return Choice(_between(letters["a"], letters["b"]), text)
    values = values_of(text)
    if len(values) < _TWO or not _are_values(values):
        return None
    return Choice(tuple(values), text.strip())


def values_of(text: str) -> list[str]:
    """The items of a list, without quotes and articles."""
    items = re.split(
        rf"{_SEP}(?:or\s+|and\s+)?|\s+(?:or|and)\s+(?:else\s+)?", text.strip().strip(":").strip()
    )
    cleaned = [_value(item, first=place == 0) for place, item in enumerate(items)]
    return list(dict.fromkeys(item for item in cleaned if item))


def are_fields(items: Sequence[str]) -> bool:
    """Whether most items of a list are names of fields by the lexicon."""
    known = 0
    for item in items:
        words = [word for word in tokens(item) if word[0].isalpha()]
        phrase = phrase_of(words) if words else None
        if phrase is not None and " ".join(phrase.words) in listed("choices.grades"):
            continue
        if phrase is not None and _names_a_field(phrase):
            known += 1
        elif (
            phrase is not None
            and phrase.words[-1] in ontology().entities
            and len(phrase.words) == 1
            and item[:1].islower()
        ):
            known += 0.4  # type: ignore[assignment]
    return known > len(items) / 2


def _names_a_field(phrase: Phrase) -> bool:
    if phrase.attribute is None:
        return False
    return len(phrase.words) > 1 or phrase.attribute.kind not in listed("choices.value_like")


def _are_values(values: Sequence[str]) -> bool:
    talk = sum(bool(_SENTENCE.search(value)) for value in values)
    if (
        not _TWO <= len(values) <= MOST
        or any(len(value.split()) > 4 for value in values)
        or talk > len(values) / 3
    ):
        return False
    return not are_fields(values)


_ARTICLE = re.compile(r"^(?:an?|the|either|one of|possible|values?)\s+", re.IGNORECASE)


def _value(item: str, first: bool) -> str:
    item = re.sub(r"\u27e6\d+\u27e7", "", item).strip().strip("\"'").strip()
    leading = _LEADING if first else _ARTICLE
    while (shorter := leading.sub("", item)) != item:
        item = shorter
    return _TRAILING.sub("", item).strip("\"'. ")


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
    link, before = found["link"].strip(), text[: found.start()]
    head = _head_before(before)
    start, listed = found.start(), found["list"]
    if not link:
        inside = _head_inside(listed)
        if inside is None:
            return None
        start, listed, head = found.start("list") + inside, found["list"][inside:], "enum"
    values = values_of(listed)
    first = values[0].split(" ", 1) if values else [""]
    if len(first) > 1 and singular(first[0]) in _enum_heads():
        values[0], head = first[1], "enum"
    if not _are_values(values):
        return None
    if head == "enum" or _STRONG.search(link):
        return start, found.end(), values
    named = (
        link in (":", "=")
        and head == "noun"
        and len(values) > _TWO
        and all(len(value.split()) < 3 for value in values)
    )
    if named and not _mostly_known(values):
        return start, found.end(), values
    if needs_enum or (link.lower() in ("of", "in", "from", "as") and head is None):
        return None
    enough = len(values) > _TWO and head is not None
    return (start, found.end(), values) if enough and not _all_numbers(values) else None


def _apposed(marked: Marked, found: re.Match[str]) -> str:
    """`the kind, voice or SMS`: values after a comma."""
    values = values_of(found["list"])
    if singular(found["head"]) not in _enum_heads() or not _are_values(values):
        return found[0]
    return found["head"] + marked.place(Choice(tuple(values), found["list"]))


def _mostly_known(values: Sequence[str]) -> bool:
    """Whether words that name fields or things of business are among the items."""
    known = [
        v
        for v in values
        if known_as((singular(v.lower()),))[0] is not None or singular(v) in ontology().entities
    ]
    return len(known) * 3 >= len(values)


def _all_numbers(values: Sequence[str]) -> bool:
    return all(re.fullmatch(r"[-+]?\d+(?:\.\d+)?", value) for value in values)


def _head_before(before: str) -> str | None:
    """`enum` where the words before end in what has values, `noun` for another noun, else None."""
    words = [
        word for word in re.split(r"[\s(]+", re.sub(r"\u27e6\d+\u27e7", "", before).strip()) if word
    ][-4:]
    if not words or words[-1].endswith((",", ";", ":", ".")):
        return None
    of = next(
        (place for place, word in enumerate(words) if word.lower() in ("of", "for") and place), None
    )
    candidates = [words[:of]] if of is not None else []
    for part in (*candidates, words):
        attribute, _ = known_as(
            tuple(singular(word.strip("\"'")) for word in part if word[0].isalpha())
        )
        if attribute is not None and attribute.kind in (
            "status",
            "currency",
            "country",
            "characteristic",
            "language",
            "text",
            "identifier",
            "flag",
        ):
            return (
                "enum"
                if attribute.kind
                in ("status", "currency", "country", "characteristic", "language", "flag")
                else "noun"
            )
    last = words[-1].lower()
    return None if last in ontology().small or last in ontology().verbs else "noun"


def _head_inside(listed: str) -> int | None:
    """Where the values begin in `status open, closed or lost`: after the last word that has values."""
    first = re.split(r"[,/|]|\sor\s", listed)[0]
    words = first.split()
    place = 0
    for number, word in enumerate(words[:-1]):
        place = listed.index(word, place) + len(word)
        if singular(word) in _enum_heads() and (
            number == 0 or words[number - 1].lower() not in ("per", "each")
        ):
            return len(listed) - len(listed[place:].lstrip())
    return None


@cache
def _enum_heads() -> frozenset[str]:
    kinds = ("status", "currency", "characteristic")
    return frozenset(head for head, attribute in ontology().attributes.items() if attribute.kind in kinds and " " not in head) - {
        "service", "environment", "source", "plan", "signal", "weather", "response", "form", "side", "topic", "answer", "alarm", "alert", "feedback", "crop", "action",
    }  # fmt: skip


def _letters(marked: Marked, found: re.Match[str]) -> str:
    values = _between(found["a"], found["b"])
    return (
        marked.place(Choice(values, found[0].strip())) if _TWO < len(values) <= MOST else found[0]
    )


def _between(a: str, b: str) -> tuple[str, ...]:
    return tuple(chr(code) for code in range(ord(a), ord(b) + 1))


def _slashed(marked: Marked, found: re.Match[str]) -> str:
    parts = [part.strip() for part in found["list"].split("/")]
    low = found["list"].lower().replace(" ", "")
    if low in ontology().units or low in ("and/or", "n/a", "w/o"):
        return found[0]
    after = re.match(r"\s+((?:[A-Za-z-]+\s?){1,3})", found.string[found.end() :])
    if joined := _distributed(parts, after[1].split() if after else []):
        return joined
    if all(
        known_as((singular(part),))[0] is not None and not _may_be_value(part) for part in parts
    ):
        return " and ".join(parts)
    if _head_before(found.string[: found.start()]) is not None and _are_values(parts):
        return marked.place(Choice(tuple(parts), found[0]))
    return " and ".join(parts)


def _may_be_value(part: str) -> bool:
    attribute, _ = known_as((singular(part),))
    return attribute is not None and attribute.kind in ("flag",)


def _distributed(parts: Sequence[str], after: Sequence[str]) -> str | None:
    """`systolic/diastolic blood pressure` as `systolic blood pressure and diastolic`, the last whole."""
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
