"""What a description rules out: `no IP addresses`, `names must never appear`, `do not store X`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.drafting.ontology import ontology
from core.drafting.phrases import phrase_of, tokens


@dataclass(frozen=True, slots=True)
class Prohibition:
    """A name that no field may have, and the words that say so."""

    words: tuple[str, ...]
    says: str


_SHOW = (
    r"(?:appear|show up|be (?:stored|included|published|part|present|leaked|kept|logged|"
    r"sent|transmitted|shared|exposed|written|carried|recorded|put|passed|visible|in "
    r"there|in it|on (?:it|the)|added|emitted|persisted|captured|found|contained|"
    r"there|(?!(?:exceed|reach|chang|reus|repeat|confus|los|delay|delet|overwrit|"
    r"compact|miss|updat|"
    r"duplicat|reject|interpret|round|pass|alter|modif|touch|interrupt|"
    r"skipp)\w*)[a-z]+ed|seen)|leave|"
    r"leak|end up|land|occur|enter|reach|travel|go (?:in|into|on|onto|out|through)|make "
    r"it|get (?:in|into|out|onto)|find (?:its|their) way|flow|surface|come (?:along|with|"
    r"in|through)|cross|escape|contain|turn up)"
)
_NOT = (
    r"(?:must|may|should|shall|can|will|do|does|is|are|could|need to|needs to|has to|"
    r"have to)\s*(?:not|never|under no circumstances|on no account)(?: ever| be allowed "
    r"to| to)?"
)
_LIST = r"(?P<list>[^.;:()]+?)"
_SUBJECT = (
    rf"(?:^|[,;:.]\s*|\b(?:but|however|though|because|note that|please note|also|while|"
    rf"and that|that|is that)\s+){_LIST}\s*,?\s+"
)
_END = (
    r"(?=\s*(?:$|[.;:()]|,?\s+(?:but|only|just|instead|as|since|because|so|please|use|"
    r"legal|that|which|where|when|on the|in the|in this|in it|in here|to the|for|from|"
    r"with|at all|anywhere|whatsoever|there|here|either|or else)\b|,\s*(?:a|an|the|only|"
    r"just|we|they|it|please|use)\b))"
)
_SUBJECTED = (
    re.compile(rf"{_SUBJECT}{_NOT}\s+{_SHOW}\b", re.IGNORECASE),
    re.compile(rf"{_SUBJECT}(?:cannot|never)\s+{_SHOW}\b", re.IGNORECASE),
    re.compile(
        rf"{_SUBJECT}(?:is|are|remains?|stays?)\s+(?:strictly |absolutely |explicitly |"
        rf"expressly |completely |therefore |all |both )*(?:not allowed|forbidden|"
        rf"prohibited|off[- ]limits|taboo|banned|out of (?:scope|bounds)|excluded|not "
        rf"permitted|not welcome|unwanted|left out|omitted|stripped|removed|a no-?go|"
        rf"verboten|not (?:to be |)(?:wanted|needed|included|stored|part)|disallowed|no "
        rf"business of|unacceptable|ruled out|not ours to (?:share|store))\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:under no circumstances|on no account|at no point|in no case|nowhere|"
        rf"never ever|never)\s+(?:may|must|should|can|shall|will|do|does|is|"
        rf"are)\s+{_LIST}\s+(?:be|{_SHOW})\b(?:\s+\w+ed\b)?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{_SUBJECT}(?:has|have)\s+(?:absolutely )?(?:no (?:place|business|reason to "
        rf"be)|to (?:stay|be left|be kept|be) out|to be (?:removed|stripped|dropped|left "
        rf"out|excluded))\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{_SUBJECT}(?:(?:must|should|shall|will|have to|has to|need to)\s+)?(?:stays?|"
        rf"be kept|be left|remain|belongs? (?:elsewhere|in)|stays? (?:behind|inside)|be "
        rf"(?:removed|stripped|dropped|omitted|excluded|left) (?:out|before|first|"
        rf"from))\s*(?:out|off|behind|inside|in the (?:source|crm|hr|core|vault|"
        rf"database)|before|first|from|elsewhere|away)\b",
        re.IGNORECASE,
    ),
)
_DO_NOT = re.compile(
    rf"\b(?:(?:please )?(?:do not|never|must not|may not|should not|shall not|cannot|"
    rf"can not|will not|does not|are not to|is not to|not to|need not|not allowed to|"
    rf"not permitted to|forbidden to|no need to|avoid|refrain from|without|instead "
    rf"of|rather than|not)\s+(?:ever |please |we |want to |need to |wish to |have to "
    rf"|like to )*)"
    rf"(?:store|include|send|publish|contain|carry|log|keep|record|expose|show|"
    rf"transmit|put|write|emit|leak|add|ship|pass(?: on)?|capture|want|need|have|"
    rf"hold|reveal|disclose|share|save|persist|export|forward|collect|copy|take|"
    rf"mention|replicate|stream|sending|storing|logging|including|publishing|"
    rf"exposing|carrying|recording|keeping|showing|leaking|passing|revealing|sharing|"
    rf"collecting|containing|copying|capturing|retain(?!\s+(?:for|longer))|"
    rf"contains)\s*:?\s+{_LIST}{_END}",
    re.IGNORECASE,
)
_NO = re.compile(
    rf"(?:^|[,;:(]\s*|\b(?:and|but|with|has|have|contains?|absolutely|please|"
    rf"definitely|strictly|wants?|means|is|there (?:is|are|must be|may be|should be|"
    rf"can be)|there's|includes?|carries|carry|under no circumstances)\s+)(?:no|zero|"
    rf"not any|without(?: any| the)?|free of|nothing about|never any|never an?|never "
    rf"the|never|not the|not (?:its|their|his|her)|not an?|minus the|w/o|except(?: "
    rf"for)?(?: the)?|excluding(?: the)?|leave out(?: the)?|omit(?: the)?|exclude(?: "
    rf"the)?|strip(?: out)?(?: the)?|remove(?: the)?|drop the|keep out(?: the)?|"
    rf"hide(?: the)?|skip(?: the)?|other than(?: the)?|leaving out(?: the)?|leave "
    rf"off(?: the)?)\s+(?!more\b|less\b|later\b|longer\b|one\b|two\b|1\b|2\b|need\b|"
    rf"retention\b|history\b|gaps?\b|duplicates?\b|order\b|ordering\b|compaction\b|"
    rf"limit\b|expiry\b|way\b|idea\b|doubt\b|matter\b|problem\b|other\b|better\b|"
    rf"deletion\b|earlier\b|wish\b|special\b|particular\b|fewer\b|sooner\b|negative|"
    rf"null|empty|missing|below|above|exceed|go\b|be\b|been\b|reused?|repeat|delete|"
    rf"older|optional|required|unique|change|surprise|hurry|rush|latency|delay|"
    rf"exceptions?|sense|point\b|time\b|difference|reason|answer|news|end\b|use\b|"
    rf"such thing|loss|data loss|schema|partitions?|preference|requirement|idea|real|"
    rf"matter|important|interesting|relevant|all\b|every|always|just|only|so\b|yet\b|"
    rf"sure|known|by\b|in\b|for\b|on\b|at\b|from\b|to\b|if\b|even\b|really|too\b|"
    rf"that\b|this\b|enough|necessarily|possible|available|present|set\b|allowed|"
    rf"mandatory|counted|due\b|paid\b|confirmed|approved|valid|until|before|after|"
    rf"under|over|within|between|twice|again|both|same|a problem|a number|touch|"
    rf"downtime|upper|lower|maximum|minimum|hard|fixed|default|key\b)"
    rf"{_LIST}{_END}",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    rf"\b(?:without|free of|stripped of|devoid of)\s+(?!limit|end\b|loss|gaps?|"
    rf"duplicates?|delay|which|it\b|that|being|having|a (?:limit|time|break)|time|"
    rf"interruption|pause|exception|decimals|storing)(?:any |the )?{_LIST}{_END}",
    re.IGNORECASE,
)
_CLEANED = re.compile(
    r"^(?:(?:any|the|their|its|a|an|all|of|raw|full|actual|real|clear|cleartext|"
    r"plain|plaintext|whole|complete|original|other|kind of|sort of|form of|"
    r"patients?'|customers?'|also|anything like|things like|such as|information "
    r"about|information on|data about|data on|whatsoever|even|and|or|please|"
    r"obviously|of course|note that|legal says|by law|that|we|i|you|they|directly|"
    r"direct|personal data such as|personal data like|pii such as|pii like)\s+)+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s+(?:itself|themselves|please|at all|anywhere|whatsoever|here|there|in it|in "
    r"there|in the clear|in clear text|in plain text|in cleartext|in plaintext|ever|"
    r"on (?:the|this|that|any|our) .*|in (?:the|this|that|any|our|kafka) ?.*|of "
    r"(?:the|any|a|an|our|all) .*|to .*|for .*|from .*|with .*|as .*|either|though|"
    r"by .*|inside .*|themselves|of .* involved|unless .*|are |is )$",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"\b(?:personal(?: data| information| details)?|pii|personally identif\w+(?: "
    r"information| data)?|identif\w+ of (?:people|persons|individuals)|personal "
    r"identifiers?)\b",
    re.IGNORECASE,
)
_MOST_WORDS = 5


_NOT_ALLOWED = re.compile(
    r"^(?:not allowed|forbidden|prohibited|excluded?|never|out of scope|no-?gos?|leave out|omit|"
    r"not included|must not appear|off limits|not wanted|banned)\s*:\s*(?P<list>.+)$",
    re.IGNORECASE,
)
_NEITHER = re.compile(
    r"^(?P<list>[^.;:]+?)\s*,?\s+(?:neither|not either|(?:do|does) not either|nor)\s*$",
    re.IGNORECASE,
)
_NOR = re.compile(rf"\bnor\s+(?:the |its |their |any )*{_LIST}{_END}", re.IGNORECASE)
_VALUES = re.compile(r"\([^()]*,[^()]*,[^()]*\)")


def forbidden(text: str) -> tuple[list[Prohibition], str]:
    """The prohibitions of a sentence, and the sentence without them."""
    kept: list[str] = []

    def held(bracket: re.Match[str]) -> str:
        kept.append(bracket[0])
        return f"(\x02{len(kept) - 1})"

    found, rest = _forbidden(_VALUES.sub(held, text))
    return found, re.sub(r"\(\x02(\d+)\)", lambda place: kept[int(place[1])], rest)


def _forbidden(text: str) -> tuple[list[Prohibition], str]:
    found: list[Prohibition] = []
    for pattern in (_NOT_ALLOWED, _NEITHER, *_SUBJECTED, _DO_NOT, _NO, _WITHOUT, _NOR):
        match = pattern.search(text)
        while match is not None:
            names = _names(match["list"], " ".join(match[0].split()).strip(" ,;:("))
            if not names:
                match = pattern.search(text, match.start() + 1 + len(match[0]) // 2)
                continue
            found += names
            text = f"{text[: match.start()]} ; {text[match.end() :]}".strip()
            match = pattern.search(text)
    return found, text


def is_personal(prohibition: Prohibition) -> bool:
    """Whether all personal data is ruled out rather than one name."""
    return bool(_PERSONAL.search(" ".join(prohibition.words)))


def _names(text: str, says: str) -> list[Prohibition]:
    found = []
    for part in re.split(
        r"\s*(?:,|/|\bor\b|\band\b|\bnor\b|&)\s*(?:no\s+|any\s+|the\s+|also\s+)*", text.strip(" ,")
    ):
        words = _words(part)
        phrase = phrase_of(words) if words else None
        if (
            phrase is not None
            and len(words) <= _MOST_WORDS
            and not set(phrase.words) <= ontology().small
        ):
            found.append(Prohibition(phrase.words, says[:200]))
    return found


def _words(part: str) -> list[str]:
    part = _CLEANED.sub("", part.strip())
    part = _TAIL.sub("", part)
    part = re.sub(
        r"^(date|place|country|time|cause)s? of (?=birth|loss|death|origin)",
        r"\1_of_",
        part,
        flags=re.IGNORECASE,
    )
    part = re.sub(r"\s+of\s.*$", "", part)
    known = ontology()
    words = [word for word in tokens(part) if word[0].isalpha()]
    if any(word.lower() in known.verbs and word.lower() not in known.qualifiers for word in words):
        cut = next(
            place
            for place, word in enumerate(words)
            if word.lower() in known.verbs and word.lower() not in known.qualifiers
        )
        words = words[:cut] or words[cut + 1 :]
    if any(word.lower() in ("we", "they", "it", "you", "i", "nobody", "people") for word in words):
        return []
    return [
        word
        for word in words
        if word.lower() not in known.small
        or word.lower() in ("first", "last", "full", "free-form", "personal", "private")
    ]
