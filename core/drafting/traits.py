"""Units and traits of fields in words: `in percent`, `optional`, `confidential`, `whole number`."""

from __future__ import annotations

import re
from functools import cache, partial

from core.drafting.bounds import mark_bounds
from core.drafting.choices import are_fields, choice_of, mark_choices, values_of
from core.drafting.forms import form_of, mark_forms
from core.drafting.marks import Choice, Marked, Measured, Members, Said, Trait, is_place
from core.drafting.ontology import Unit, ontology
from core.drafting.phrases import tokens

_FIELD_OF_TIME = {
    1: "milliseconds",
    1_000: "seconds",
    60_000: "minutes",
    3_600_000: "hours",
    86_400_000: "days",
}
_BE = r"(?:(?:is|are|be|being|may be|can be|might be|must be|should be|will be|stays?|remains?|counts? as|(?:is|are) considered|(?:is|are) treated as|as|treat(?:ed)? (?:it |them |this )?as|considered)\s+)"
_ADV = r"(?:also |obviously |clearly |highly |very |strictly |both |all |always |still |of course |therefore |certainly |purely |somewhat |legally |potentially |commercially |company |by law |under gdpr |a |the )*"
_ROWS: tuple[tuple[Trait, str], ...] = (
    (Trait.OPTIONAL, rf"\b{_BE}?(?:optional(?:ly)?|nullable|not mandatory|not required|not always (?:there|present|set|known|available|given|filled|sent|populated|provided)|sometimes (?:missing|empty|absent|blank|null|unknown|left out))\b"),
    (Trait.OPTIONAL, r"\b(?:may|can|might|could) (?:also |sometimes |well |legitimately |be )*(?:missing|empty|absent|blank|null|unknown|left out|omitted|unset|left empty|left blank|lacking)\b"),
    (Trait.OPTIONAL, r"\b(?:if|where|when|wherever|whenever|as far as|in case|provided)\s+(?:it is |it's |they are |there is |we have |it was |one is |was |is )?(?:any|known|available|present|given|applicable|there|set|provided|it exists|exists|one|possible|they exist|recorded|there is one|there are any|filled in|supplied|existing|at hand|we have (?:it|one|them)|detected|consented)\b"),
    (Trait.OPTIONAL, r"\b(?:nice to have|not everyone has one|not every \w+ has (?:one|it)|only (?:sometimes|for some|if)\b[^,;]*)\b"),
    (Trait.UNIQUE, r"\bduplicated?s?\b(?=[^,;.]*\b(?:rejected|refused|dropped|not allowed|forbidden|ignored|discarded|filtered|impossible|an error|never)\b)"),
    (Trait.UNIQUE, rf"\b(?:{_BE}|must |has to be )?{_ADV}(?:globally |truly |system-wide |worldwide )?(?:unique(?:ly)?(?: identif\w+(?: (?:it|the|a|an|each|every|one)\b[^,;.]*)?)?)(?: (?:per|across|within|in|for|over|worldwide)\b[^,;.]*)?"),
    (Trait.UNIQUE, r"\b(?:must|may|should|can|will|does|do|is|are)\s*(?:not|never)\s+(?:ever |be )?(?:repeat(?:ed)?|reused|reappear|occur twice|appear twice|come twice|duplicated?|show up twice|used twice|issued twice|assigned twice|given twice|recycled)\b[^,;.]*|\bnever (?:reused|repeats?|occurs? twice|appears? twice|used twice|issued twice|assigned twice|recycled|duplicated|comes? twice|given (?:out )?twice|shared)\b|\b(?:occurs?|appears?|exists?|used|issued|assigned|given) (?:exactly |only )once\b|\bno (?:\w+ )?(?:duplicates?|repetitions?)\b|\bcannot (?:occur|appear|be used|exist) twice\b|\bwithout duplicates\b|\bunambiguous\b"),
    (Trait.REQUIRED, rf"\b(?:{_BE}{_ADV}(?:mandatory|required|compulsory|obligatory|non-?null(?:able)?|not null|not optional|never (?:null|empty|missing|blank)|always (?:present|there|set|filled|known|given|required|populated)|indispensable)|mandatory|compulsory|obligatory|non-?null(?:able)?|not null|not optional|(?:must|may|can|should)\s*(?:not|never) be (?:null|empty|missing|blank|absent|left out|omitted|left empty)|cannot be (?:null|empty|missing|blank|absent|left out|omitted)|never (?:null|empty|missing|blank|absent)|always (?:present|there|set|filled|known|given|populated)|must (?:always )?(?:be (?:present|there|set|filled(?: in)?|given|provided|populated)|exist|not be missing)|has to be (?:present|there|set|filled(?: in)?|given)|required|(?:not acceptable|useless|worthless|rejected|invalid) without)\b"),
    (Trait.SENSITIVE, rf"\b{_BE}?{_ADV}(?:personal(?: data| information| details)?|personally identif\w+|sensitive(?: data| personal data| information)?|confidential|private|secret|classified|restricted|delicate|pii|phi|(?:health|medical|patient|financial|salary) (?:data|information)|protected(?: health information)?|special category(?: data)?|trade secrets?|business secrets?|encrypted|masked|tokeni[sz]ed at rest|to be (?:masked|encrypted|protected|treated (?:carefully|with care))|need(?:s)? (?:masking|protection|encryption|to be (?:masked|encrypted|protected)|special (?:care|protection))|(?:must|should|has to|have to) be (?:masked|encrypted|protected|hidden|redacted|kept (?:secret|confidential|private))|under gdpr|gdpr relevant|gdpr-relevant|covered by (?:gdpr|hipaa|pci)|falls? under (?:the )?(?:gdpr|hipaa|data protection|privacy|bank secrecy|pci)\w*(?: law| rules)?|subject to (?:gdpr|hipaa|data protection|privacy|bank secrecy|confidentiality)|not for everyone|eyes only|handle with care)\b(?! (?:use|life|trainer|best|assistant|account|hygiene))"),
    (
        Trait.SENSITIVE,
        r"\b(?:gdpr|hipaa|data protection|privacy (?:law|rules|regulation)s?|bank secrecy|medical secrecy|confidentiality)(?: law| rules)?\s+(?:applies|apply|covers|concerns|protects)\s*(?:to )?",
    ),
    (Trait.BOOLEAN, r"\b(?:as )?(?:a )?(?:boolean|true-false|yes-or-no)(?: flag)?\b"),
    (Trait.INTEGER, rf"\b{_BE}?(?:in |an? )*(?:whole (?:numbers?|pieces|units)|integers?(?: numbers?)?|int|natural numbers?|no decimals|without decimals)\b"),
    (
        Trait.FRACTION,
        r"\bhal(?:f|ves) (?:\w+ )?(?:are |is )?(?:allowed|exist\w*|possible|counts?|ok|okay|fine|permitted)\b[^,;)]*(?:,? so \d+\.\d+[^,;)]*)?|\b(?:fractions?|decimals) (?:are |is )?(?:allowed|possible|permitted|fine|ok)\b",
    ),
    (Trait.DECIMAL, r"\b(?:as )?(?:an? )?(?:exact )?(?:decimals?(?: numbers?)?|with (?:two|2|three|3|four|4) decimals?(?: places?)?|to the cent|(?:2|3|4) decimals?(?: places?)?)\b"),
    (Trait.EPOCH, r"\b(?:as |in )?(?:unix |epoch )(?:time(?:stamp)?|millis(?:econds)?|seconds?)\b|\bin epoch\b|\bepoch ms\b"),
    (Trait.UUID, r"\b(?:as |is )?(?:an? )?(?:random )?(?:uuids?|guids?)\b(?: v?\d)?"),
    (Trait.TIMESTAMP, r"\b(?:both |all )?(?:as )?(?:an? )?(?:(?:as|both|all) timestamps?|utc timestamps?|utc|iso ?8601(?: timestamps?)?|rfc ?3339|with time ?zones?)\b"),
    (Trait.MAP, r"\(?\bany (?:string|key|name) to any (?:string|value)\b\)?|\bkey[-/ ]value(?: pairs?)?(?=\s*[,;)]|\s*$)|\bkeys? (?:and|to) values?\b|\bas a map\b|\bmap of \w+(?: to \w+)?\b|\bfree-form keys?\b|\bstring to string\b"),
    (Trait.TEXT, r"\b(?:as|is|are|in|being|=) (?:an? )?(?:free[- ]text|free[- ]form text|plain text|string)\b(?! to)|^(?:free[- ]text|free[- ]form text|plain text|string|text)$"),
    (Trait.LIST, r"^(?:an? )?(?:list|array|set) of [\w ]+$|(?:(?:^|[:,=])\s*|\b(?:as|is|are)\s+)(?:an? )(?:list|array|set) of (?:doubles?|strings?|numbers?|integers?|floats?|texts?|values?|codes|ids|iso codes|booleans|measurements|samples)\b|\bas (?:a list|an array|array)\b|\bmultiple (?:values? )?(?:allowed|possible)\b|\(multiple\)"),
)  # fmt: skip


@cache
def _traits() -> tuple[tuple[Trait, re.Pattern[str]], ...]:
    return tuple((trait, re.compile(pattern, re.IGNORECASE)) for trait, pattern in _ROWS)


_OVER = r"(?:kg|g|mg|µg|ug|t|m3|m³|m|l|ml|kwh|wh|w|kw|mw|km|cm|mm|n|kn|j|kj|mmol|mol|eur|usd|gbp|chf|€|\$|db|v|a|bits?|kbits?|mbits?|gbits?|kb|mb|gb|°c|nm|µs|cells?|kcal)"
_UNDER = r"(?:m2|m²|m3|m³|m|l|dl|ml|s|sec|min|h|hr|hour|d|day|kg|g|mwh|kwh|ha|km|mol|a|month|year|unit|night|piece|week|wk|100 ?g|100 ?km)"
_RATIO = re.compile(
    rf"(?:\b(?:in|as|measured in|given in)\s+|(?<=\d)\s?)({_OVER}/{_UNDER})(?![\w/])", re.IGNORECASE
)
_BARE_RATIO = re.compile(rf"(?:in )?{_OVER}/{_UNDER}", re.IGNORECASE)
_BOTH = re.compile(r"\b(both|all|each|either|every one|none)\b", re.IGNORECASE)
_NEGATED = re.compile(
    r"\b(?:not|no|nothing|never|without|non|isn't|aren't)[\s-]+(?:\w+\s+){0,1}$", re.IGNORECASE
)
_AS_UNIT = re.compile(
    r"\b(?:in|as|is|are|measured in|expressed in|given in|recorded in|unit(?:s)?:?|stated in)\s+(?:an?\s+|the\s+|whole\s+|full\s+|plain\s+|hours or |relative\s+)*$",
    re.IGNORECASE,
)
_MANY = 99


def mark_all(text: str) -> Marked:
    """The sentence with everything but names of fields replaced by places."""
    marked = Marked(text)
    mark_brackets(marked)
    mark_lines(marked)
    return marked


def mark_lines(marked: Marked) -> None:
    """What stands outside of brackets."""
    mark_forms(marked)
    mark_bounds(marked)
    mark_traits(marked)
    mark_units(marked)
    mark_choices(marked)


def mark_traits(marked: Marked) -> None:
    for trait, pattern in _traits():
        marked.text = pattern.sub(partial(_trait, marked, trait), marked.text)
    marked.tidy()


def mark_units(marked: Marked) -> None:
    """`in percent`, `is a percentage`, `voltage in volts`; a unit at the end of a phrase stays."""
    known = {**dict(ontology().units.items()), **_times()}
    names = sorted(known, key=len, reverse=True)
    pattern = re.compile(
        r"(?<![\w/])(?:" + "|".join(re.escape(name) for name in names) + r")(?![\w/])",
        re.IGNORECASE,
    )

    def placed(found: re.Match[str]) -> str:
        before = marked_text[: found.start()]
        lead = _AS_UNIT.search(before)
        if lead is None and not (found[0] in "%°€$£" or found[0].startswith("°")):
            return found[0]
        return marked.place(Measured(known[found[0].lower()], found[0]))

    marked.text = _RATIO.sub(
        lambda found: marked.place(Measured(Unit(name=found[1], minimum=0), found[1])), marked.text
    )
    marked_text = marked.text
    marked.text = pattern.sub(placed, marked.text)
    marked.text = re.sub(
        r"\b(?:in|as|is|are|measured in|given in|expressed in|stated in)\s+(?:an?\s+|the\s+|whole\s+|full\s+)*(?=\u27e6)",
        " ",
        marked.text,
    )
    marked.tidy()


def mark_brackets(marked: Marked) -> None:
    """The content of each bracket as marks, or as members where it lists fields."""
    while True:
        found = re.search(r"\(([^()]*)\)|\[([^\[\]]*[A-Za-z][^\[\]]*)\]|\{([^{}]*)\}", marked.text)
        if found is None:
            break
        content = next(part for part in found.groups() if part is not None)
        listed = [part.strip() for part in re.split(r"[,|/]", content) if part.strip()]
        if (
            found[0][0] in "[{"
            and len(listed) > 1
            and all(len(part.split()) < 4 for part in listed)
        ):
            placed = marked.place(Choice(tuple(listed), content.strip()))
        else:
            placed = _bracket(marked, content)
        marked.text = marked.text[: found.start()] + placed + marked.text[found.end() :]
    marked.tidy()


def _bracket(marked: Marked, content: str) -> str:
    inner = re.sub(
        r"^(?:that is|namely|so|hence|currently|for now|mostly|usually|one of|either|values?:?|possible values:?|for example)\s+(?=\S)",
        "",
        content.strip(),
        flags=re.IGNORECASE,
    )
    if _BARE_RATIO.fullmatch(inner) and inner.lower() not in ontology().units:
        return marked.place(Measured(Unit(name=inner, minimum=0), inner))
    if unit := {**ontology().units, **_times()}.get(
        re.sub(r"^(?:in|as|an?)\s+", "", inner.lower())
    ):
        return marked.place(Measured(unit, inner))
    if form := form_of(inner):
        return marked.place(form)
    before = Marked(inner, marked.marks)
    count = len(marked.marks)
    mark_bounds(before)
    mark_traits(before)
    if not _has_words(before.text):
        return _places(before.text)
    if len(marked.marks) == count and (choice := choice_of(inner)):
        return marked.place(choice)
    mark_forms(before)
    mark_traits(before)
    _bare_units(before)
    if not _has_words(before.text) or (
        len(marked.marks) > count and len(values_of(before.text)) < 2
    ):
        return _places(before.text)
    items = values_of(re.sub(r"\u27e6\d+\u27e7", "", before.text))
    if len(items) > 1 and are_fields(items):
        return marked.place(Members(before.text))
    mark_choices(before)
    return _places(before.text)


def _places(text: str) -> str:
    return " " + " ".join(token for token in text.split() if is_place(token)) + " "


def _bare_units(marked: Marked) -> None:
    """A bracket that is a unit: `(kWh)`, `(degrees Celsius, optional)`."""
    parts = []
    for part in marked.text.split(","):
        unit = {**ontology().units, **_times()}.get(
            re.sub(r"^(?:in|as|an?)\s+", "", part.strip().lower())
        )
        parts.append(marked.place(Measured(unit, part.strip())) if unit else part)
    marked.text = ",".join(parts)


def _has_words(text: str) -> bool:
    return any(
        token[0].isalnum() and token.lower() not in ontology().small
        for token in tokens(text)
        if not is_place(token)
    )


@cache
def _times() -> dict[str, Unit]:
    """Units of time as units of a duration."""
    found = {}
    for word, ms in ontology().times.items():
        if len(word) > 1 and int(ms) in _FIELD_OF_TIME:
            found[word] = Unit(name=_FIELD_OF_TIME[int(ms)], type="integer", minimum=0)
    return found


def _trait(marked: Marked, trait: Trait, found: re.Match[str]) -> str:
    text = marked.text
    if trait in (Trait.SENSITIVE, Trait.UNIQUE, Trait.REQUIRED) and _NEGATED.search(
        text[: found.start()]
    ):
        return found[0]
    both = _BOTH.search(found[0])
    over = 1
    if both is not None:
        over = 2 if both[1].lower() == "both" else _MANY
    return marked.place(Said(trait, " ".join(found[0].split()), over))
