"""How people ask about sources: the patterns by which the offline model reads a question."""

from __future__ import annotations

import re

from core.source import SourceChangeKind, SourceKind
from graph.draft import Aspect


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


NOUN = r"(?:topics?|sources?|streams?|feeds?|data ?sets?|(?:data )?products?|schemas?)"

ASPECTS: tuple[tuple[Aspect, re.Pattern[str]], ...] = (
    (
        Aspect.COST,
        _any(
            r"\bwhat (?:do|does|would|will|is)\b.{0,80}\bcosts?\b(?!\W*cent)",
            r"\bhow much\b.{0,80}\bcosts?\b|\bhow expensive\b|\bmonthly costs?\b",
            r"\bwas kostet\b|\bcombien coûte\b|\bcu[aá]nto cuesta\b",
        ),
    ),
    (
        Aspect.OWNER,
        _any(
            r"\bown(?:s|er|ers|ed|ership)?\b",
            r"\bresponsible\b|\bin charge\b|\bmaintain(?:s|er)?\b",
            r"\b(?:whom?|which team)\b.*\b(?:contact|ping|ask|call|talk to|look(?:s)? after)\b",
            r"\b(?:which|what) team\b(?!.*\b(?:read|consum|use|subscrib))",
            r"\bgehört\b|\bbesitzer\b|\bverantwortlich\b|\bpropriétaire\b|\bresponsable\b|\bdueño\b",
        ),
    ),
    (
        Aspect.CONSUMERS,
        _any(
            r"\bconsum(?:e|es|er|ers|ing|ed)\b|\bsubscri(?:be|bes|ber|bers)\b",
            r"\bwho\b.{0,20}\b(?:reads?|uses?|using|listens?|depends?)\b|\breaders?\b|\bused by\b",
            r"\bwer (?:liest|nutzt)\b|\bkonsument|\bconsomme\b|\bconsume\b",
        ),
    ),
    (
        Aspect.CONFIGURATION,
        _any(
            r"\bpartitions?\b|\breplicat|\bretention\b|\bretained\b|\bcompact|\bcleanup\b|\bconfig"
        ),
    ),
    (
        Aspect.FORMAT,
        _any(
            r"\b(?:what|which) (?:data )?format\b|\bformat\b.{0,20}\b(?:is|of)\b|\bencod|\bseriali"
        ),
    ),
    (
        Aspect.SIZE,
        _any(
            r"\bhow (?:many|much) (?:messages|records|events|data(?! ?products?| ?sets?))\b",
            r"\bhow (?:big|large)\b|\bvolume\b",
        ),
    ),
    (
        Aspect.FIELDS,
        _any(
            r"\b(?:fields?|columns?|attributes?|properties|structure|felder|champs|campos)\b",
            r"\bschema\b(?!.*\bregistered\b)",
        ),
    ),
)

OVERVIEW = _any(
    r"\bwhat(?:['’]s| is| are|s)? (?:in|inside)\b",
    r"\bwhat does\b.*\b(?:contain|hold|carry|have|look like)\b",
    r"\b(?:describe|explain|details?|info(?:rmation)?|tell me)\b",
    r"\bwhat(?:['’]s| is|s)\b.*\babout\b",
    r"\bwas (?:ist|steht|enthält)\b|\bqu['’]y a-t-il\b",
)
"""A question about one source as a whole."""

_CAME_OR_WENT = r"(?:vanish(?:ed)?|disappear(?:ed)?|returned|reappeared|deleted|gone|gone away)"
CHANGES = _any(
    r"\bwhat(?:['’]s|s| is| has| have)?\s+(?:been\s+)?(?:new|changed?|different|happened)\b",
    r"\b(?:recent|latest|last|schema|field|any|all|the) changes\b",
    r"\bchanges? (?:since|in|to|of|from|on|during)\b|\bchanged\b|\bdiffers?\b.*\bsince\b",
    r"\bnew(?:ly)? (?:topics?|sources?|streams?|products?|discovered|appeared|since)\b",
    rf"\b{NOUN}\b(?: (?:that|which|were|was|have|has|are|did|been|recently))* {_CAME_OR_WENT}\b",
    rf"\b{_CAME_OR_WENT} {NOUN}\b|\b(?:any|anything|something) new\b",
    r"\bwas (?:ist|gibt es) neu|\bgeändert\b",
    r"\bqu(?:oi|['’]est-ce qui).*\b(?:neuf|nouveau|changé)\b",
)

CHANGE_KINDS: tuple[tuple[SourceChangeKind, re.Pattern[str]], ...] = (
    (
        SourceChangeKind.VANISHED,
        _any(r"\bvanish|\bdisappear|\bdeleted\b|\bremoved topics?\b|\bwent away\b|\bare gone\b"),
    ),
    (SourceChangeKind.RETURNED, _any(r"\breturned\b|\breappear|\bcame back\b")),
    (
        SourceChangeKind.NEW,
        _any(r"\bnew(?:ly)? (?:topics?|sources?|streams?|products?|discovered|appeared)\b"),
    ),
    (
        SourceChangeKind.CHANGED,
        _any(r"\bschema changes?\b|\bchanged (?:its |their )?(?:schemas?|fields?)\b"),
    ),
)

LISTING = _any(
    rf"^\s*(?:please |can you |could you )?(?:list|show|give me|enumerate|display)\b.*\b{NOUN}\b",
    rf"\bhow many\b.*\b{NOUN}\b",
    rf"\b(?:which|what)\b.*\b{NOUN}\b.*\b(?:are|have no|has no|without|owned|publish|belong|exist)",
    rf"\b{NOUN} (?:without|with) (?:an? )?(?:registered )?schemas?\b",
    r"\b(?:liste|zeige|montre|lista)\b",
)

KINDS: tuple[tuple[SourceKind, re.Pattern[str]], ...] = (
    (SourceKind.DISCOVERED, _any(r"\b(?:un-?managed|not managed|discovered|ungoverned|shadow)\b")),
    (SourceKind.MANAGED, _any(r"\bmanaged\b|\bdata products?\b|\bgoverned\b|\bproducts\b")),
)

NO_SCHEMA = _any(
    r"\b(?:without|no|lack(?:ing|s)?|missing) (?:an? |any )?(?:registered )?schemas?\b",
    r"\bunregistered\b",
)
WITH_SCHEMA = _any(
    r"\bwith (?:an? )?registered schemas?\b|\b(?:have|has) (?:an? )?registered schemas?\b"
)

NO_OWNER = _any(
    r"\b(?:that |which )?(?:are |is )?(?:without|with no|lack(?:ing|s)?|missing|(?:have|has) no"
    r"|(?:do|does)(?:n['’]t| not) have) (?:an? |any )?(?:known |stated )?owners?\b",
    r"\b(?:that |which )?(?:are |is )?(?:un-?owned|ownerless|orphan(?:ed)?|not owned)\b",
    r"\b(?:that |which )?(?:nobody|no one|no team) owns?\b|\bohne (?:besitzer|eigentümer)\b",
    r"\b(?:that |which )?(?:are |is )?owned by (?:nobody|no one|no team)\b",
)
SAID_OF_SOURCES = _any(rf"\b{NOUN}\b")
ASKING = _any(r"^\s*(?:which|what|any|all|how many)\s+(?:of (?:the|our) )?")
"""How a question on a number of sources begins."""

_FORMAT = r"(?:json-schema|json|avro|protobuf|csv|msgpack|cbor|binary|empty)"
FORMATS = re.compile(rf"\b{_FORMAT}\b", re.IGNORECASE)
FORMAT_CUE = _any(
    rf"\b{_FORMAT}\b(?=[- ](?:encoded |format |formatted )?{NOUN}\b)", rf"\bin {_FORMAT}\b"
)

_TEAM = r"(?P<name>[a-z][\w-]*(?:\s+[a-z][\w-]*){0,2}?)"
PLACE = re.compile(
    r"\b(?:of|in|from|by|for|owned by|belonging to)\s+(?:the\s+|our\s+)?"
    rf"{_TEAM}(?:['’]s?)?\s*(?:domain|team|department|area)?"
    r"\s*(?:,.*|please|pls|\band\b.*)?[?.!]*\s*$",
    re.IGNORECASE,
)
PLACE_DOES = re.compile(
    rf"\b{NOUN}\b(?:\s+(?:does|do|has|is|are))?\s+(?:the\s+)?{_TEAM}\s+"
    r"(?:team\s+|domain\s+|department\s+)?(?:publish|own|have|produce|offer|maintain|run)s?\b",
    re.IGNORECASE,
)

_NTH = r"(?:first|second|third|fourth|fifth|last|same)"
PRONOUN = _any(
    r"\b(?:it|its|it['’]s|them|their|they)\b",
    r"\b(?:this|that|these|those)(?: (?:one|ones|topic|source|stream|product)\b|\s*[?.!]*\s*$)",
    rf"\bthe {_NTH}(?: (?:one|topic|source|stream|product))?\b",
    r"\b(?:dessen|davon|celui-ci)\b",
)
FILLER = _any(
    r"\b(?:a|an|the|and|or|so|but|also|please|me|us|i|we|you|can|could|would|do|does|did)\b",
    r"\b(?:is|are|was|has|have|had|been|be|who|whom|whose|what|which|how|when|where|why)\b",
    r"\b(?:many|much|more|else|about|of|on|in|to|for|from|with|by|at|there|one|ones)\b",
    r"\b(?:show|give|get|tell|list|see|know|topics?|source|stream|product|teams?)\b",
    r"\b(?:lately|today|now|exactly|ok|okay|thanks|since|yesterday|all|any)\b",
    r"\b(?:wer|wem|liest|sind|ist|und)\b",
)
"""Words that say nothing on what the data should be about."""

ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
ORDINAL = re.compile(rf"\bthe ({'|'.join(ORDINALS)})\b", re.IGNORECASE)

_FIND = r"(?:find|show|give|get|tell|list|see|have|search(?: for)?|look for)"
_HOLD = r"(?:have|has|contains?|hold|carry|include|mention|store|are about|about|with|on|for)"
PREAMBLE = _any(
    r"^\s*(?:(?:hi|hello|hey|please|pls|ok|so|and|also|well)\b[\s,!.]*)+",
    r"^\s*(?:i|we)(?: am| are|['’]m|['’]re)? (?:need|want|require|would like|could use)"
    r"(?: to (?:find|see|get|have))?\s+",
    r"^\s*(?:(?:i|we)(?: am| are|['’]m|['’]re)? )?(?:look|search)(?:ing)? for\s+",
    rf"^\s*(?:can|could|would) (?:you|i|we) (?:please )?{_FIND}(?: (?:me|us))?\s+",
    rf"^\s*{_FIND}(?: (?:me|us))?\s+(?:all |every(?:thing)? |any )?",
    r"^\s*(?:do|does) (?:we|you|anyone|anybody|someone) (?:already )?(?:have|hold|publish|stream)"
    r"\s+(?:any(?:thing)?\s+)?(?:on\s+|about\s+|from\s+)?",
    r"^\s*(?:is|are) there (?:already )?(?:any(?:thing)?|some(?:thing)?|an?)?\s*(?:on|about)?\s*",
    r"^\s*where (?:do|can|could) (?:i|we) (?:find|get|see|look for)\s+"
    r"(?:anything (?:about|on) )?",
    rf"^\s*(?:which|what|any) (?:of (?:the|our) )?{NOUN} {_HOLD}\s+",
    rf"^\s*{NOUN} (?:that |which )?{_HOLD}\s+",
    r"^\s*what(?:['’]s| is|s) (?:in|inside) (?:the )?|^\s*what does (?:the )?(?=.* contain)",
    r"^\s*(?:ich|wir) (?:brauche|suche|benötige)n?\s+",
    r"^\s*je cherche (?:des )?|^\s*(?:necesito|busco) ",
    r"^\s*(?:who|which team)\b.*?\b(?:owns?|reads?|uses?|consumes?|responsible for|contact about"
    r"|ping about|looks after)\s+(?:the\s+)?",
)

TRAILING_NOUN = re.compile(rf"\s+(?:{NOUN}|contains?)\s*$", re.IGNORECASE)

ORDINARY_HYPHENS = re.compile(
    r"^(?:e-?mails?|(?:near-)?real-time|up-to-date|(?:sign|log|check|opt)-?(?:ups?|ins?)"
    r"|follow-ups?|add-ons?|end-to-end|(?:long|short)-term|day-to-day|on-call|low-latency"
    r"|high-volume|(?:non|un|re|pre)-\w+|t-?shirts?|de-facto|so-called|third-party|open-source"
    r"|json-schema)$",
    re.IGNORECASE,
)
NAME = re.compile(r"[\"'“”`‘’]([\w.-]{2,249})[\"'“”`‘’]|(?<![\w@/.-])(\w+(?:[._-]\w+)+)(?![\w@/])")
SECOND_CLAUSE = re.compile(
    r"\s*(?:;|[.?!]\s+\S|,? and then\b|, (?:or|then|work|if)\b|,? and (?:tell|show|say)\b).*$",
    re.DOTALL,
)
