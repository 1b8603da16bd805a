"""What a description says of the stream as a whole: how long, how soon, in which order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from core.drafting.durations import DAY, FOREVER, USUAL, About, Duration, durations
from core.drafting.ontology import listed, ontology
from core.drafting.prose import Sentence
from core.plan import FOREVER as WITHOUT_END

WEEK_MS = int(7 * DAY)


@dataclass(frozen=True, slots=True)
class Given:
    """A number that the description gives, with the words that give it."""

    value: float
    says: str


@dataclass(slots=True)
class Promises:
    """What was found; None where the description does not say."""

    retention: Given | None = None
    latency: Given | None = None
    timeliness: Given | None = None
    rhythm: Given | None = None
    """Milliseconds between two messages of one thing."""
    partitions: Given | None = None
    replication: Given | None = None
    compact: str = ""
    """The words that ask for the latest per key; empty where none do."""
    uncompacted: str = ""
    total_order: str = ""
    keys: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    """Names of what order is kept within or latest is kept of, with the words; best first."""
    compatibility: tuple[str, str] | None = None


_COUNTED = re.compile(
    r"\b(\d{1,4})\s+partitions?\b|\bpartitions?\s*[:=]\s*(\d{1,4})\b", re.IGNORECASE
)
_COPIES = re.compile(
    r"\breplication(?:[- ]factor)?\s*(?:of|[:=]|is)?\s*(\d)\b|\b(\d)\s+(?:replicas|copies)\b",
    re.IGNORECASE,
)
_LEVELS = re.compile(
    r"\b(backward|forward|full)(?:s)?[- ](?:and[- ]forward[- ])?(transitive(?:ly)?[- "
    r"])?compatib\w+|\bcompatibility(?: level| mode)?\s*(?:is|of|[:=]|must "
    r"be)?\s*(backward|forward|full|none)(?:[_ -]?(transitive))?\b",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"\bcompact(?:ed|ion)?\b|\blog[- ]compact\w*|\bupserts?\b|\btombstones?\b|"
    r"\b(?:last|latest|newest) (?:\w+ )?wins\b|"
    r"\b(?:current|latest|newest|last)(?: known)? (?:values?|states?|status|"
    r"versions?|ones?|figures?|"
    r"numbers?) only\b|"
    r"\b(?:only|just) (?:the )?(?:latest|last|current|newest|most recent|freshest)\b|"
    r"\b(?:latest|last known|newest|most recent|freshest|current|"
    r"last)\s+(?:\w[\w-]*\s+){0,4}?(?:per|for each|for every|of each|of every|for "
    r"any given|by)\b|"
    r"\b(?:the )?(?:latest|current|newest|most recent|last known) (?:state|picture|"
    r"status|value|values|version|snapshot|record|row|entry|level|levels|balance|one|"
    r"position|reading|price|stand)\b"
    r"[^.;]{0,40}\b(?:matters?|counts?|is all|are all|is enough|needed|interesting|"
    r"of interest|is what|suffices?|is kept|rebuild|bootstrap|read|load)\b|"
    r"\b(?:no|without|not (?:the )?|do not need (?:the |any )?)\s*history\b|"
    r"\bhistory (?:is|does) (?:not|un)\w*\b|\boverwrit\w+|\b(?:newest|latest|new|"
    r"newer|later)\b[^.;,]{0,50}\breplaces? (?:the |all )?(?:older?|previous|earlier|"
    r"former|last)\b|\b(?:new|newer|later) "
    r"(?:\w+ )?(?:replaces?|supersedes?|overwrites?)\b|"
    r"\breplaces the (?:previous|old|former|earlier|last)\b|\bsupersedes?\b|"
    r"\breference data\b|\bmaster data\b|\blook-?up (?:table|data|topic)\b|"
    r"\b(?:read|load|rebuild|restore|get|see|reconstruct|bootstrap|recover)\w* "
    r"(?:\w+ ){0,5}?(?:current|latest|full) (?:state|picture|set|list|view|status|"
    r"table|catalogue|catalog|stock)\b|"
    r"\bold(?:er)? (?:values?|versions?|states?|records?) (?:can|may|are|is) (?:\w+ "
    r")?(?:go|dropped|disappear|irrelevant|vanish|forgotten|not needed)\b|\b(?:only|"
    r"always) one (?:row|record|message|entry) per\b",
    re.IGNORECASE,
)
_UNCOMPACTED = re.compile(
    r"\b(?:do not|don't|never|not|no|without) (?:be )?compact\w*|\bevery (?:single "
    r")?(?:change|version|update|correction)\b|\bfull history\b|\bcomplete history\b|"
    r"\baudit trail\b|\ball (?:changes|versions|revisions)\b|\bappend[- ]only\b|"
    r"\bmust not be overwritten\b",
    re.IGNORECASE,
)
_NAME = (
    r"(?P<name>(?:[A-Za-z][\w/'-]*)(?:\s+(?!is\b|are\b|must\b|matters?\b|so\b|to\b|for\b|"
    r"in\b|because\b|please\b|has\b|have\b|should\b|which\b|that\b|as\b|can\b|will\b|"
    r"at\b|from\b|on\b|only\b|with\b|every\b|each\b|since\b|when\b|needs?\b|land\w*\b|"
    r"counts?\b|and\b|or\b|within\b|by\b|of\b)[A-Za-z][\w/'-]*){0,3}(?:\s+and\s+(?:per\s+"
    r"|by\s+)?(?!is\b|must\b|kept\b|retain|we\b|the\b)[a-z][\w'-]*(?=\s*(?:$|[,.;)]|is\b|"
    r"are\b|only\b|matters?\b|must\b)))?)"
)
_THE = r"(?:the |a |an |each |every |any |one |same |single |given |individual |its |their )*"
_ORDER = (
    re.compile(
        rf"\b(?:ordering|ordered|in[- ](?:the right |strict |correct )?order|sequence(?! "
        rf"(?:number|no))|sequential(?:ly)?|chronolog\w+|"
        rf"sorted)\b[^.;,]{{0,40}}?\b(?:per|within|for|by|inside|of|in)\s+{_THE}{_NAME}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!\ban )(?<!\bthe )(?<!\beach )(?<!\bevery )(?<!\ba )(?<!\bper "
        rf")(?<!\bcustomer )(?<!\bpurchase )(?<!\bwork )\border\b(?!\s+(?:id|ids|number|"
        rf"no|line|date|value|total|status|consists|has|contains|is "
        rf"placed))[^.;,]{{0,25}}?\b(?:per|within|inside|for each|for every|for the same|"
        rf"for a single|for one)\s+{_THE}{_NAME}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\bkey(?:ed)?\s*(?:by|on|is|=|:|should be|must be|will be)\s+{_THE}{_NAME}", re.IGNORECASE
    ),
    re.compile(
        rf"\bpartition(?:ed|ing)?(?: key)?\s*(?:by|on|is|=|:)\s+{_THE}{_NAME}", re.IGNORECASE
    ),
    re.compile(
        rf"\b(?:events?|messages?|records?|updates?|changes?|readings?|scans?|entries|"
        rf"everything|all)\s+(?:\w+\s+)?(?:of|for|about|from|concerning|belonging "
        rf"to)\s+{_THE}{_NAME}\s+(?:must|should|need|have to|has to|needs to|are to|may "
        rf"not|shall|stay|go|land|end up|arrive|never|in)[^.;]*\b(?:order|sequence|same "
        rf"partition|one partition|overtake|chronolog|swapped|out of order|reorder)\w*",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:in (?:the right |strict |correct )?(?:order|sequence)|chronologically|"
        rf"one after the other|sorted)\s+(?:\w+ )?(?:per|within|for|by)\s+{_THE}{_NAME}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\bsame\s+{_NAME}\s+(?:must|should|always|go|goes|land|lands|end|ends|stay|"
        rf"stays|in|on)[^.;]*\b(?:same partition|order|together|sequence)",
        re.IGNORECASE,
    ),
    re.compile(rf"\bper[- ]{_NAME}\s+(?:order|ordering|sequence)\b", re.IGNORECASE),
    re.compile(
        rf"{_THE}{_NAME}\s+(?:is|as|=|serves as|being|will be|becomes|makes)\s+(?:the |a "
        rf"|our |good )*(?:message |record |partition(?:ing)? |kafka |natural |topic "
        rf")?key\b",
        re.IGNORECASE,
    ),
)
_LATEST = re.compile(
    rf"\b(?:latest|last known|newest|most recent|freshest|current|last|one (?:row|"
    rf"record|message|entry))\s+(?:\w[\w-]*\s+){{0,4}}?(?:per|for each|for every|of "
    rf"each|of every|for any given|by)\s+{_THE}{_NAME}|"
    rf"\bcompact\w*\s+(?:by|on|per)\s+{_THE}(?P<name2>[A-Za-z][\w'-]*(?:\s+(?:id|number|code))?)",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\b(?:total|global|strict overall|overall|absolute)(?:ly)? order(?:ing|ed)?\b|"
    r"\border(?:ed|ing)? (?:across|over) (?:all|everything|the whole|the entire)\b",
    re.IGNORECASE,
)


def heard(promises: Promises, sentence: Sentence) -> str:
    """Take what `sentence` promises into `promises`; the sentence's text without it is left."""
    text = _without_durations(promises, sentence, sentence.text)
    for pattern, name in ((_COUNTED, "partitions"), (_COPIES, "replication")):
        if found := pattern.search(text):
            setattr(promises, name, Given(float(found[1] or found[2]), found[0]))
            text = _struck(text, found.start(), found.end())
    if found := _LEVELS.search(text):
        level = (found[1] or found[3]).upper() + ("_TRANSITIVE" if found[2] or found[4] else "")
        promises.compatibility = (level.replace("NONE_TRANSITIVE", "NONE"), found[0])
        text = _struck(text, found.start(), found.end())
    return _ordered(promises, _compacted(promises, text))


def _without_durations(promises: Promises, sentence: Sentence, text: str) -> str:
    for pattern, value in ((FOREVER, WITHOUT_END), (USUAL, WEEK_MS)):
        if promises.retention is None and (found := pattern.search(text)):
            promises.retention = Given(value, found[0])
            text = _struck(text, *_with_cue(text, found.start(), found.end()))
    told = promises.retention, promises.timeliness
    for duration in reversed(durations(text)):
        if duration.about not in (About.OTHER, About.RHYTHM):
            _note(promises, duration, sentence, told)
            text = _struck(text, *_with_cue(text, duration.start, duration.end))
        elif duration.about is About.RHYTHM and promises.rhythm is None:
            promises.rhythm = Given(duration.ms, text[duration.start : duration.end])
    return text


def _note(
    promises: Promises,
    duration: Duration,
    sentence: Sentence,
    told: tuple[Given | None, Given | None],
) -> None:
    """What was `told` before this sentence holds; within one, read backwards, the first."""
    given = Given(duration.ms, _quote(sentence.said))
    if duration.about is About.RETENTION:
        promises.retention = told[0] or given
    elif duration.about is About.LATENCY:
        if promises.latency is None or given.value < promises.latency.value:
            promises.latency = given
    else:
        promises.timeliness = told[1] or given


_CUE_BEFORE = re.compile(
    r"(?:\b(?:we|they|it|please|must|should|needs?|to|be|is|are|all|data|the|this|"
    r"want|has|have|will|can|of|records?|events?|everything|messages|a|for|about|at "
    r"least|at most|up to|within|in|under|after|than|"
    r"less|more|no|not|below|only|consumers?|readers|keep|kept|retain|retained|"
    r"retention|store|stored|hold|held|archive|archived|history|available|readable|"
    r"visible|latency|delay|lag|by|max|maximum|on|"
    r"period|time|delete|deleted|purge|dropped|drop|expire|expires|them|end-to-end|"
    r"remains?|stays?|it's|here|hot|longer|later|older|reading|arrive|react|"
    r"moderators|exceed)\b|[<:=,~]|\s)*$",
    re.IGNORECASE,
)
_CUE_AFTER = re.compile(
    r"^(?:\s|\b(?:retention|history|of|data|is|are|plenty|enough|latency|delay|lag|"
    r"late|worth|archive|period|should|do|will|suffices?|sufficient|useless|old|and|"
    r"needed|please|at|most|least|end|to|the|max|maximum|total|"
    r"counts?|as|missing|lookback|then|deleted|purged|on|topic|kafka|in|so|that)\b|'s|')*",
    re.IGNORECASE,
)


def _with_cue(text: str, start: int, end: int) -> tuple[int, int]:
    """A span with the small talk around it that only serves it, within its clause."""
    before = _CUE_BEFORE.search(text[:start])
    after = _CUE_AFTER.match(text[end:])
    return (before.start() if before else start), end + (after.end() if after else 0)


def _struck(text: str, start: int, end: int) -> str:
    return f"{text[:start].rstrip()} ; {text[end:].lstrip()}".strip()


def _compacted(promises: Promises, text: str) -> str:
    if found := _UNCOMPACTED.search(text):
        promises.uncompacted = promises.uncompacted or found[0]
        if not re.search(r"\bcompact", text, re.IGNORECASE):
            return text
    found = _COMPACT.search(text)
    if found is None or promises.uncompacted:
        return text
    promises.compact = promises.compact or found[0]
    for latest in _LATEST.finditer(text):
        name = latest["name"] or latest["name2"]
        promises.keys.append((_names(name), latest[0]))
    if re.match(r"(?:log[- ])?compact", found[0], re.IGNORECASE):
        return _struck(text, found.start(), found.end())
    return text


def _ordered(promises: Promises, text: str) -> str:
    if found := _TOTAL.search(text):
        promises.total_order = found[0]
        return _struck(text, found.start(), found.end())
    for pattern in _ORDER:
        found = pattern.search(text)
        if found is None:
            continue
        names = _names(found["name"])
        if names and not set(names[0].lower().split()) <= listed("promises.not_names"):
            promises.keys.insert(0, (names, found[0]))
            return _struck(text, found.start(), found.end())
    return text


def _names(text: str) -> tuple[str, ...]:
    parts = re.split(r"\s+and\s+(?:per\s+|by\s+)?", text)
    return tuple(name for part in parts if (name := _until_verb(part)))


def _until_verb(text: str) -> str:
    known, kept = ontology(), list[str]()
    for word in text.split():
        low = word.lower()
        verb = low in known.verbs and low not in known.qualifiers and low not in known.entities
        if low in known.small or (verb and kept):
            break
        kept.append(word)
    return " ".join(kept)


def _quote(said: str) -> str:
    return said if len(said) <= 160 else said[:157] + "..."
