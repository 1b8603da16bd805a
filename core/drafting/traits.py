"""Traits of fields in words: `optional`, `confidential`, `whole number`, `never reused`."""

from __future__ import annotations

import re
from functools import cache

from core.drafting.marks import Marked, Said, Trait

_BE = (
    r"(?:(?:is|are|be|being|may be|can be|might be|must be|should be|will be|stays?|"
    r"remains?|counts? as|(?:is|are) considered|(?:is|are) treated as|as|treat(?:ed)? "
    r"(?:it |them |this )?as|considered)\s+)"
)
_ADV = (
    r"(?:also |obviously |clearly |highly |very |strictly |both |all |always |still |of "
    r"course |therefore |certainly |purely |somewhat |legally |potentially |commercially "
    r"|company |by law |under gdpr |a |the )*"
)
_ROWS: tuple[tuple[Trait, str], ...] = (
    (
        Trait.OPTIONAL,
        rf"\b{_BE}?(?:optional(?:ly)?|nullable|not mandatory|not required|not always "
        rf"(?:there|present|set|known|available|given|filled|sent|populated|provided)|"
        rf"sometimes (?:missing|empty|absent|blank|null|unknown|left out))\b",
    ),
    (
        Trait.OPTIONAL,
        r"\b(?:may|can|might|could) (?:also |sometimes |well |legitimately |be "
        r")*(?:missing|empty|absent|blank|null|unknown|left out|omitted|unset|left empty|"
        r"left blank|lacking)\b",
    ),
    (
        Trait.OPTIONAL,
        r"\b(?:if|where|when|wherever|whenever|as far as|in case|provided)\s+(?:it is |"
        r"it's |they are |there is |we have |it was |one is |was |is )?(?:any|known|"
        r"available|present|given|applicable|there|set|provided|it exists|exists|one|"
        r"possible|they exist|recorded|there is one|there are any|filled in|supplied|"
        r"existing|at hand|we have (?:it|one|them)|detected|consented)\b",
    ),
    (
        Trait.OPTIONAL,
        r"\b(?:nice to have|not everyone has one|not every \w+ has (?:one|it)|only "
        r"(?:sometimes|for some|if)\b[^,;]*)\b",
    ),
    (
        Trait.OPTIONAL,
        r"\b(?:empty|missing|null|absent|blank|not set|unset) (?:while|until|if|when|unless|"
        r"as long as|before)\b[^,;)]*",
    ),
    (
        Trait.UNIQUE,
        r"\bduplicated?s?\b(?=[^,;.]*\b(?:rejected|refused|dropped|not allowed|forbidden|"
        r"ignored|discarded|filtered|impossible|an error|never)\b)",
    ),
    (
        Trait.UNIQUE,
        rf"\b(?:{_BE}|must |has to be )?{_ADV}(?:globally |truly |system-wide |worldwide "
        rf")?(?:unique(?:ly)?(?: identif\w+(?: (?:it|the|a|an|each|every|"
        rf"one)\b[^,;.]*)?)?)(?: (?:per|across|within|in|for|over|worldwide)\b[^,;.]*)?",
    ),
    (
        Trait.UNIQUE,
        r"\b(?:must|may|should|can|will|does|do|is|are)\s*(?:not|never)\s+(?:ever |be "
        r")?(?:repeat(?:ed)?|reused|reappear|occur twice|appear twice|come twice|"
        r"duplicated?|show up twice|used twice|issued twice|assigned twice|given twice|"
        r"recycled)\b[^,;.]*|\bnever (?:reused|repeats?|occurs? twice|appears? twice|"
        r"used twice|issued twice|assigned twice|recycled|duplicated|comes? twice|given "
        r"(?:out )?twice|shared)\b|\b(?:occurs?|appears?|exists?|used|issued|assigned|"
        r"given) (?:exactly |only )once\b|\bno (?:\w+ )?(?:duplicates?|repetitions?)\b|"
        r"\bcannot (?:occur|appear|be used|exist) twice\b|\bwithout duplicates\b|"
        r"\bunambiguous\b",
    ),
    (
        Trait.REQUIRED,
        rf"\b(?:{_BE}{_ADV}(?:mandatory|required|compulsory|obligatory|"
        rf"non-?null(?:able)?|not null|not optional|never (?:null|empty|missing|blank)|"
        rf"always (?:present|there|set|filled|known|given|required|populated)|"
        rf"indispensable)|mandatory|compulsory|obligatory|non-?null(?:able)?|not null|"
        rf"not optional|(?:must|may|can|should)\s*(?:not|never) be (?:null|empty|missing|"
        rf"blank|absent|left out|omitted|left empty)|cannot be (?:null|empty|missing|"
        rf"blank|absent|left out|omitted)|never (?:null|empty|missing|blank|absent)|"
        rf"always (?:present|there|set|filled|known|given|populated)|must (?:always "
        rf")?(?:be (?:present|there|set|filled(?: in)?|given|provided|populated)|exist|"
        rf"not be missing)|has to be (?:present|there|set|filled(?: in)?|given)|required|"
        rf"(?:not acceptable|useless|worthless|rejected|invalid) without)\b",
    ),
    (
        Trait.SENSITIVE,
        rf"\b{_BE}?{_ADV}(?:personal(?: data| information| details)?|personally "
        rf"identif\w+|sensitive(?: data| personal data| information)?|confidential|"
        rf"private|secret|classified|restricted|delicate|pii|phi|(?:health|medical|"
        rf"patient|financial|salary) (?:data|information)|protected(?: health "
        rf"information)?|special category(?: data)?|trade secrets?|business secrets?|"
        rf"encrypted|masked|tokeni[sz]ed at rest|to be (?:masked|encrypted|protected|"
        rf"treated (?:carefully|with care))|need(?:s)? (?:masking|protection|encryption|"
        rf"to be (?:masked|encrypted|protected)|special (?:care|protection))|(?:must|"
        rf"should|has to|have to) be (?:masked|encrypted|protected|hidden|redacted|kept "
        rf"(?:secret|confidential|private))|under gdpr|gdpr relevant|gdpr-relevant|"
        rf"covered by (?:gdpr|hipaa|pci)|falls? under (?:the )?(?:gdpr|hipaa|data "
        rf"protection|privacy|bank secrecy|pci)\w*(?: law| rules)?|subject to (?:gdpr|"
        rf"hipaa|data protection|privacy|bank secrecy|confidentiality)|not for everyone|"
        rf"eyes only|handle with care)\b(?! (?:use|life|trainer|best|assistant|account|"
        rf"hygiene))",
    ),
    (
        Trait.SENSITIVE,
        r"\b(?:gdpr|hipaa|data protection|privacy (?:law|rules|regulation)s?|bank "
        r"secrecy|medical secrecy|confidentiality)(?: law| rules)?\s+(?:applies|"
        r"apply|covers|concerns|protects)\s*(?:to )?",
    ),
    (Trait.BOOLEAN, r"\b(?:as )?(?:a )?(?:boolean|true-false|yes-or-no)(?: flag)?\b"),
    (
        Trait.INTEGER,
        rf"\b{_BE}?(?:in |an? )*(?:whole (?:numbers?|pieces|units)|integers?(?: "
        rf"numbers?)?|int|natural numbers?|no decimals|without decimals)\b",
    ),
    (
        Trait.FRACTION,
        r"\bhal(?:f|ves) (?:\w+ )?(?:are |is )?(?:allowed|exist\w*|possible|counts?|"
        r"ok|okay|fine|permitted)\b[^,;)]*(?:,? so \d+\.\d+[^,;)]*)?|\b(?:fractions?|"
        r"decimals) (?:are |is )?(?:allowed|possible|permitted|fine|ok)\b",
    ),
    (
        Trait.DECIMAL,
        r"\b(?:as )?(?:an? )?(?:exact )?(?:decimals?(?: numbers?)?|with (?:two|2|three|3|"
        r"four|4) decimals?(?: places?)?|to the cent|(?:2|3|4) decimals?(?: places?)?)\b",
    ),
    (
        Trait.EPOCH,
        r"\b(?:as |in )?(?:unix |epoch )(?:time(?:stamp)?|millis(?:econds)?|seconds?)\b|"
        r"\bin epoch\b|\bepoch ms\b",
    ),
    (Trait.UUID, r"\b(?:as |is )?(?:an? )?(?:random )?(?:uuids?|guids?)\b(?: v?\d)?"),
    (
        Trait.TIMESTAMP,
        r"^(?:an? )?(?:utc )?timestamps?\b|\b(?:both |all )?(?:as )?(?:an? "
        r")?(?:(?:as|both|all) timestamps?|utc "
        r"timestamps?|utc|iso ?8601(?: timestamps?)?|rfc ?3339|with time ?zones?)\b",
    ),
    (
        Trait.MAP,
        r"\(?\bany (?:string|key|name) to any (?:string|value)\b\)?|\bkey[-/ ]value(?: "
        r"pairs?)?(?=\s*[,;)]|\s*$)|\bkeys? (?:and|to) values?\b|\bas a map\b|\bmap of "
        r"\w+(?: to \w+)?\b|\bfree-form keys?\b|\bstring to string\b",
    ),
    (
        Trait.TEXT,
        r"\b(?:as|is|are|in|being|=) (?:an? )?(?:free[- ]text|free[- ]form text|plain "
        r"text|string)\b(?! to)|^(?:free[- ]text|free[- ]form text|plain text|string|"
        r"text)$",
    ),
    (
        Trait.LIST,
        r"^(?:an? )?(?:list|array|set) of [\w ]+$|(?:(?:^|[:,=])\s*|\b(?:as|is|"
        r"are)\s+)(?:an? )(?:list|array|set) of (?:doubles?|strings?|numbers?|integers?|"
        r"floats?|texts?|values?|codes|ids|iso codes|booleans|measurements|samples)\b|"
        r"\bas (?:a list|an array|array)\b|\bmultiple (?:values? )?(?:allowed|"
        r"possible)\b|\(multiple\)",
    ),
)


@cache
def _traits() -> tuple[tuple[Trait, re.Pattern[str]], ...]:
    return tuple((trait, re.compile(pattern, re.IGNORECASE)) for trait, pattern in _ROWS)


_BOTH = re.compile(r"\b(both|all|each|either|every one|none)\b", re.IGNORECASE)
_NEGATED = re.compile(
    r"\b(?:not|no|nothing|never|without|non|isn't|aren't)[\s-]+(?:\w+\s+){0,1}$", re.IGNORECASE
)
_CONDITIONAL = re.compile(
    r"\b(?:if|when|whenever|while|until|unless|sometimes|in that case)\b", re.I
)
_LACKING = re.compile(
    r"\b(?:is|are|stays?|remains?) (?:missing|empty|absent|blank|null|not set|unset|"
    r"left (?:out|empty|blank)|not (?:sent|filled|given|present))\b",
    re.IGNORECASE,
)
"""Under a condition; otherwise it may be a value: `measured or missing`."""
_MANY = 99


def mark_traits(marked: Marked) -> None:
    """Replace traits in the text by places."""
    for trait, pattern in _traits():
        marked.text = _without(marked, trait, pattern)
    if _CONDITIONAL.search(marked.text):
        marked.text = _without(marked, Trait.OPTIONAL, _LACKING)
    marked.tidy()


def _without(marked: Marked, trait: Trait, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda found: _trait(marked, trait, found), marked.text)


def _trait(marked: Marked, trait: Trait, found: re.Match[str]) -> str:
    before = marked.text[: found.start()]
    denied = trait in (Trait.SENSITIVE, Trait.UNIQUE, Trait.REQUIRED) and _NEGATED.search(before)
    if denied:
        return found[0]
    both = _BOTH.search(found[0])
    over = 1 if both is None else 2 if both[1].lower() == "both" else _MANY
    return marked.place(Said(trait, " ".join(found[0].split()), over))
