"""How a code is built: `an E, a dash, six digits`, `like CS-101`, `PO + 7 digits` as patterns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from core.drafting.marks import Form, Marked
from core.drafting.ontology import ontology

_COUNT = (
    r"(?:exactly |always |precisely )?(?:(?P<n>\d+)(?:\s*(?:to|-|or|"
    r"\u2013)\s*(?P<m>\d+))?|(?P<upto>up to \d+)|an?|the|a single)"
)
_CASE = (
    r"(?P<case>upper[- ]?case|capital|lower[- ]?case|small|latin|roman|random|arbitrary|"
    r"decimal|further|more|running|consecutive)?"
)
_CLASS = (
    r"(?P<what>letters?|capitals?|digits?|numbers?|numerals?|figures?|alphanumerics?(?: "
    r"characters?| chars?)?|alpha-numeric(?: characters?)?|hex(?:adecimal)?(?: digits?| "
    r"characters?| chars?)?|characters?|chars?)"
)
_ELEMENTS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (
        re.compile(r"(?:the )?(?:4-digit |full )?year(?: (?:in|with) 4 digits)?\b", re.I),
        lambda _: r"\d{4}",
    ),
    (re.compile(r"(?:the )?(?:2-digit )?month\b", re.I), lambda _: r"(?:0[1-9]|1[0-2])"),
    (re.compile(r"(?:an? |the |1 )?(?:check|control) digit\b", re.I), lambda _: r"\d"),
    (re.compile(r"(?:an? |the |1 )?(?:check|control) letter\b", re.I), lambda _: r"[A-Z]"),
    (re.compile(r"(?:the )?(?:2-letter|2 letter|iso) country code\b", re.I), lambda _: r"[A-Z]{2}"),
    (
        re.compile(
            r"(?:an? |the )?(?:letters? |capital letters? |capitals? |prefix |literal |"
            r"constant |text |word |string )*\"(?P<text>[^\"]{1,20})\"",
            re.I,
        ),
        lambda f: re.escape(f["text"]),
    ),
    (
        re.compile(rf"{_COUNT}[\s-]+{_CASE}\s*{_CLASS}\b(?!\s+\"?(?-i:[A-Z]{{1,4}}\b))", re.I),
        lambda f: _class(f),
    ),
    (
        re.compile(
            rf"(?:only |all |just )?{_CASE}\s*{_CLASS}(?: only)?\b(?!\s+\"?(?-i:[A-Z]))", re.I
        ),
        lambda f: _class(f),
    ),
    (re.compile(r"(?:an? |the |1 )?(?:dash|hyphen|minus(?: sign)?)\b", re.I), lambda _: "-"),
    (re.compile(r"(?:an? |the |1 )?(?:leading )?plus(?: sign)?\b", re.I), lambda _: r"\+"),
    (re.compile(r"(?:an? |the |1 )?underscore\b", re.I), lambda _: "_"),
    (re.compile(r"(?:an? |the |1 )?(?:forward )?slash\b", re.I), lambda _: "/"),
    (re.compile(r"(?:an? |the |1 )?(?:dot|period|point|full stop)\b", re.I), lambda _: r"\."),
    (re.compile(r"(?:an? |the |1 )?colon\b", re.I), lambda _: ":"),
    (re.compile(r"(?:an? |the |1 )?(?:space|blank)\b", re.I), lambda _: " "),
    (re.compile(r"(?:an? |the )?(?:hash|pound)(?: sign)?\b", re.I), lambda _: "\\#"),
    (
        re.compile(
            r"(?:(?:an? |the )?(?:letters? |capital letters? |capitals? |prefix |uppercase |"
            r"literal |fixed )*|an )(?P<text>(?-i:(?!(?:IATA|ICAO|ISO|EAN|IBAN|VAT|UUID|"
            r"GS1)\b)[A-Z]{1,8}(?:[-_/#.][A-Z]{0,6})?))(?![A-Za-z0-9])",
            re.I,
        ),
        lambda f: re.escape(f["text"]),
    ),
)
_FILLER = re.compile(
    r"(?:[\s,;:+]|\b(?:and|then|followed by|follow|plus(?! sign)|with|starts?|"
    r"starting|begins?|beginning|(?-i:IATA|ICAO|ISO|EAN|IBAN|VAT|UUID|GS1)|"
    r"prefix(?:ed)?|by|of|always|consisting|consists|made up|made|in total|at the "
    r"end|in front|for the [a-z]+|after(?: that| it| which)?|"
    r"it|is|are|has|have|having|long|exactly|the|a|an|that is|comes?|next|ending|"
    r"ends|in|separated|format|form|being|each|contains?|containing|written|as|to|be|"
    r"must|like)\b)+",
    re.I,
)
_CODE = r"[A-Za-z0-9#][A-Za-z0-9#]*(?:[-_/.:][A-Za-z0-9#]+)*"
_EXAMPLE = re.compile(
    rf"(?:\b(?:which |that |it |they |always |and )*(?:looks? like|looking like|like|"
    rf"such as|for example|for instance|in the (?:form|format|style) (?:of )?|of the "
    rf"(?:form|format) |ha(?:s|ve) the (?:form|format) (?:of )?|format(?:ted)?(?: as|"
    rf" is| like)?|as in|pattern|example|"
    rf"shaped like|say)\s*:?\s*)\"?(?P<code>{_CODE})\"?(?![A-Za-z0-9])",
)
_STYLED = re.compile(rf"\(?\b(?P<code>{_CODE})[\s-]+(?:style|format|fashion|pattern)\b\)?")
_BLANKED = re.compile(
    r"\b(?P<code>[A-Z]{1,5}[-_/]x{2,})\b(?:\s+(?:where|with) x+ (?:is|are|being|stand "
    r"for) (?P<what>[\w ]*?digits))?"
)
_TEMPLATE = re.compile(r"[XN9#A0YMDL]{2,}|[XN9#AL](?=[-_/.])")
_SIZE = r"(?:\d+|an?)"
_INLINE = re.compile(
    rf"(?P<prefix>\b(?-i:[A-Z]{{1,6}})[-_/]?\s*(?:\+|,? ?followed by|,? "
    rf"?then)\s*)?\b(?P<n>\d+)(?:\s*(?:to|-|"
    rf"or)\s*(?P<m>\d+))?[\s-]+(?:{_CASE}\s*)(?P<what>digits?|letters?|capitals|"
    rf"alphanumeric characters?|alphanumerics?|hex(?:adecimal)? (?:digits?|"
    rf"characters?)|characters?)(?!\w)",
    re.I,
)
_STARTS = re.compile(
    r"\b(?:which |that |always |it |they |and |must )*(?:start(?:s|ing)?|begin(?:s|"
    r"ning)?) with (?P<rest>(?:an? |the )?(?:letters? |prefix "
    r")?\"?[A-Z][A-Z0-9_/-]{0,9}\"?(?:\s*,?\s*(?:and|then|followed by|plus|\+|"
    r",)\s*[^,;.()]+)?)",
)
_DESCRIBED = re.compile(
    rf"(?P<lead>[:=]\s*|\bis\s+|\bare\s+|\bconsists? of\s+|\bconsisting of\s+|\bmade "
    rf"(?:up )?of\s+|\bwith\s+|\bhas\s+|\bhave\s+|\bbuilt from\s+|\bform(?:at)?(?: "
    rf"is|:)?\s+|\bnamely\s+|\bbeing\s+)"
    rf"(?P<form>(?:an? |the |{_SIZE}\s?-?\s?|(?-i:[A-Z]{{1,5}})(?=\s(?:and|followed|"
    rf"plus|then|,))\s)(?:[^;.()]*?)\b(?:digits?|letters?|characters|alphanumerics?|"
    rf"numerals?|capitals)(?: for the [a-z]+)?(?:(?:\s*,?\s*(?:and|then|followed by|"
    rf"plus|,)\s*)(?:an? |"
    rf"the |\d+\s)?(?:[\w-]+\s){{0,2}}?(?:dash|hyphen|slash|dot|digits?|letters?|"
    rf"characters|underscore|check digit|year|(?-i:[A-Z]{{1,4}})\b))*)",
    re.I,
)


_CHARACTERS = re.compile(
    r"(\d+(?:\s*(?:to|-)\s*\d+)?)[\s-]+(?:characters?|chars?|places|"
    r"long)\s*[,:]?\s*(?:of |only |consisting of |being |all )*(?:(?:upper ?case "
    r")?letters (?:and|or|&) (?:digits|numbers|numerals)|(?:digits|numbers) (?:and|"
    r"or) letters|letters or digits)",
    re.IGNORECASE,
)


def form_of(text: str) -> Form | None:
    """The form that the whole text describes, such as the content of a bracket."""
    stripped = _CHARACTERS.sub(r"\1 alphanumeric characters", text.strip().rstrip("."))
    if standard := _standard_named(stripped):
        return standard
    stripped = _LABEL_AFTER.sub("", _LABEL.sub("", stripped))
    aside = _EXAMPLE.search(stripped)
    if aside and aside.start() > 3 and _is_code(aside["code"]):
        described = _pattern(stripped[: aside.start()])
        if described:
            return Form(described, stripped, aside["code"])
    if example := _EXAMPLE.match(stripped):
        code, rest = example["code"], stripped[example.end() :]
        described = _pattern(rest) if rest.strip() else None
        return Form(described, stripped, code) if _is_code(code) else None
    if re.fullmatch(_CODE, stripped) and _is_template(stripped) and len(stripped) > 3:
        return Form(None, stripped, stripped)
    found = re.fullmatch(rf"(?P<code>{_CODE})(?P<rest>\s*[:,].+)?", stripped)
    if (
        found
        and any(char.isdigit() for char in found["code"])
        and re.search(r"[A-Za-z#]", found["code"])
        and len(found["code"]) > 3
    ):
        return Form(_pattern(found["rest"]) if found["rest"] else None, stripped, found["code"])
    pattern = _pattern(stripped)
    return Form(pattern, stripped) if pattern else None


_LABEL = re.compile(r"^[A-Z]{2,}(?:[\s-]?\d+)*\s*[,:]\s*(?=\d|an?\b|the\b)")
"""What a bracket calls the code before it says how that is built: `(RFID, 24 hex digits)`."""
_LABEL_AFTER = re.compile(r"(?<=[a-z])\s*,\s*[A-Z]{2,6}$")


def _standard_named(text: str) -> Form | None:
    """A bracket that is the name of a standard: `(SHA-256)`."""
    code = ontology().formats.get(re.sub(r"[\s/-]+", " ", text.lower()).strip())
    return Form(code.pattern, code.says) if code and not code.only_with else None


def mark_forms(marked: Marked) -> None:
    """Replace descriptions of forms in the text by places."""
    marked.text = _EXAMPLE.sub(lambda found: _example(marked, found), marked.text)
    marked.text = _STYLED.sub(lambda found: _example(marked, found), marked.text)
    marked.text = _BLANKED.sub(lambda found: _blanked(marked, found), marked.text)
    marked.text = _standards().sub(lambda found: _standard(marked, found), marked.text)
    for pattern, group in ((_STARTS, "rest"), (_DESCRIBED, "form"), (_INLINE, "")):
        marked.text = pattern.sub(_placing(marked, group), marked.text)
    marked.tidy()


@cache
def _standards() -> re.Pattern[str]:
    """`in semver`, `as ISO 4217`: a form by the name of its standard."""
    names = "|".join(
        re.escape(name).replace("\\ ", r"[\s-]")
        for name in sorted(ontology().formats, key=len, reverse=True)
    )
    return re.compile(
        rf"\b(?:in|as|is|are|follows?|per)\s+(?:an?\s+|the\s+)?(?P<name>{names})"
        r"(?:\s+(?:format|form|codes?|notation))?(?![\w-])",
        re.IGNORECASE,
    )


def _blanked(marked: Marked, found: re.Match[str]) -> str:
    """`T-xxx`, and what the blanks stand for."""
    head, blanks = re.split(r"(?=x)", found["code"], maxsplit=1)
    kind = r"\d" if found["what"] else "[A-Za-z0-9]"
    return marked.place(Form(f"{re.escape(head)}{kind}{{{len(blanks)}}}", found[0]))


def _standard(marked: Marked, found: re.Match[str]) -> str:
    code = ontology().formats[re.sub(r"[\s-]+", " ", found["name"].lower())]
    return found[0] if code.only_with else marked.place(Form(code.pattern, code.says))


def pattern_of(forms: Sequence[Form], words: Sequence[str]) -> tuple[str, str] | None:
    """The pattern that a field of these words has by its forms, with the words that say it."""
    described = next((form for form in forms if form.pattern), None)
    example = next((form.example for form in forms if form.example), None)
    if described is not None and described.pattern is not None:
        if example is None or re.fullmatch(described.pattern, example):
            return described.pattern, described.says
        if re.fullmatch(described.pattern, example, re.IGNORECASE):
            return f"(?i:{described.pattern})", described.says
    return (generalised(example, words), f"like {example}") if example else None


def generalised(example: str, words: Sequence[str]) -> str:
    """An example as a pattern: digits vary, letters stay where they abbreviate the field."""
    if (
        _TEMPLATE.search(example)
        and not re.search(r"[b-ce-kopqr-wz]", example)
        and _is_template(example)
    ):
        return _template(example)
    parts = re.findall(r"[A-Z]+|[a-z]+|\d+|[^A-Za-z\d]", example)
    letters = [part for part in parts if part.isalpha()]
    return "".join(_part(part, letters, words) for part in parts)


def _part(part: str, letters: Sequence[str], words: Sequence[str]) -> str:
    if part.isdigit():
        return rf"\d{{{len(part)}}}" if len(part) > 1 else r"\d"
    if not part.isalpha():
        return re.escape(part)
    if (part is letters[0] and _abbreviates(part, words)) or len(part) > 3:
        return part
    kind = "[A-Z]" if part.isupper() else "[a-z]"
    return kind + (f"{{{len(part)}}}" if len(part) > 1 else "")


def _abbreviates(part: str, words: Sequence[str]) -> bool:
    low = part.lower()
    if "".join(word[0] for word in words).startswith(low):
        return True
    return any(word.startswith(low) or (len(low) > 2 and _skeleton(low, word)) for word in words)


def _skeleton(low: str, word: str) -> bool:
    """Whether letters are those of a word in their order, from its first on: `tkt` of `ticket`."""
    place = 0
    for char in low:
        place = word.find(char, place) + 1
        if place == 0:
            return False
    return word[0] == low[0] and not set(low[1:]) & set("aeiou")


def _is_template(example: str) -> bool:
    runs = re.findall(r"[A-Za-z]+|\d+|#+", example)
    return all(
        (len(set(run)) == 1 and run[0] in "XN9#A0YMDL")
        or run in ("YYYY", "MM", "DD", "YYYYMMDD", "YYYYMM")
        or (run.isupper() and len(run) < 5 and "XX" not in run)
        for run in runs
    ) and any(
        set(run) <= set("XN9#L") or run in ("YYYY", "AAA", "AA")
        for run in runs
        if len(run) > 1 or run in "XN#"
    )


def _template(example: str) -> str:
    built = []
    for run in re.findall(r"[A-Za-z]+|\d+|#+|[^A-Za-z\d#]", example):
        size = f"{{{len(run)}}}" if len(run) > 1 else ""
        if (
            set(run) <= set("9#N")
            or run in ("YYYY", "MM", "DD", "YYYYMMDD", "YYYYMM")
            or set(run) == {"0"}
        ):
            built.append(rf"\d{size}")
        elif set(run) <= set("AL") and len(run) > 1:
            built.append(f"[A-Z]{size}")
        elif set(run) == {"X"}:
            built.append(f"[A-Z0-9]{size}")
        else:
            built.append(re.escape(run))
    return "".join(built)


def _example(marked: Marked, found: re.Match[str]) -> str:
    code = found["code"]
    return marked.place(Form(None, f"like {code}", code)) if _is_code(code) else found[0]


def _is_code(code: str) -> bool:
    """Whether an example is a code rather than a word or a number."""
    if _is_template(code) and re.search(r"[-_/#9X]", code):
        return True
    return (
        bool(re.search(r"\d", code))
        and len(code) > 3
        and (bool(re.search(r"[A-Za-z]", code)) or len(code) > 4)
    )


def _placing(marked: Marked, group: str) -> Callable[[re.Match[str]], str]:
    def place(found: re.Match[str]) -> str:
        text = found[group] if group else found[0]
        pattern = _pattern(text)
        if pattern is None:
            return found[0]
        return marked.place(Form(pattern, " ".join(text.split())))

    return place


def _pattern(text: str) -> str | None:
    """The pattern of a described form; None where a word of it is no part of one."""
    built, place, classes = [], 0, 0
    text = (
        _FILLER.sub("", text, count=1)
        if _FILLER.match(text) and not re.match(r"\s*(?:an?|the|\d)\b", text)
        else text
    )
    while place < len(text):
        for pattern, made in _ELEMENTS:
            found = pattern.match(text, place)
            if found:
                part = made(found)
                classes += "[" in part or "\\d" in part
                built.append(part)
                place = found.end()
                break
        else:
            filler = _FILLER.match(text, place)
            if filler is None or filler.end() == place:
                return None
            place = filler.end()
    return "".join(built) if classes else None


def _class(found: re.Match[str]) -> str:
    what, case = found["what"].lower(), (found["case"] or "").lower()
    low, high = found.groupdict().get("n"), found.groupdict().get("m")
    if what.startswith(("digit", "number", "numeral", "figure")):
        kind = r"\d"
    elif what.startswith("hex"):
        kind = "[0-9a-fA-F]"
    elif what.startswith(("alpha", "char")):
        kind = "[A-Za-z0-9]" if not case.startswith(("upper", "capital")) else "[A-Z0-9]"
    else:
        kind = "[a-z]" if case.startswith(("lower", "small")) else "[A-Z]"
    if upto := found.groupdict().get("upto"):
        return f"{kind}{{1,{upto.split()[-1]}}}"
    if not low:
        plural = what.endswith("s") and not re.match(r"an?\b|the\b|a single", found[0], re.I)
        return kind + ("+" if plural else "")
    if high:
        return f"{kind}{{{low},{high}}}"
    return kind if low == "1" else f"{kind}{{{low}}}"
