"""The fields that a sentence names, each with the marks that stand by it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from core.drafting.asked import asked
from core.drafting.marks import (
    Bound,
    Choice,
    Form,
    Mark,
    Marked,
    Measured,
    Members,
    Said,
    Trait,
    is_place,
)
from core.drafting.ontology import ontology
from core.drafting.phrases import Phrase, entities_of, phrase_of, singular, tokens


@dataclass(slots=True)
class Item:
    """A phrase with its marks; without a phrase the marks are of what was named before.

    A `remark` speaks of a field rather than listing it. `loose` is a phrase that may be talk.
    """

    phrase: Phrase | None
    marks: list[Mark] = field(default_factory=list)
    type: str | None = None
    many: bool = False
    members: list[Item] = field(default_factory=list)
    remark: bool = False


_INTRODUCERS = re.compile(
    r"(?<!away )(?<!deal )(?<!deals )(?<!work )(?<!works )(?<!do )(?<!start )(?<!starts )(?<!begin )(?<!begins )(?<!happy )(?<!comply )(?<!line )(?<!cope )(?<!struggle )(?<!agreed )(?<!ends )(?<!end )(?<!fed )(?<!faced )"
    r"\b(?:with|ha(?:s|ve|ving)|carr(?:y|ies|ying)|contain(?:s|ing)?|includ(?:es?|ing)|consists? of|compris(?:es?|ing)|records?(?! (?:of|for|from|is|are|per|must|older|that|has|have)\b)|push(?:es)?|sends?|sending|reports?(?! (?:hourly|daily|weekly|every|once|of|for|is|are|in)\b)|reporting|"
    r"captur(?:es?|ing)|gives? us|gives?|gets?(?! (?:deleted|purged|dropped))|shows?|tells?(?: us)?|holds?|hold|keep|store|stores|log|logs|logging|want(?: to (?:know|see|have|publish|record|keep|track|log|send))?|wants|need(?: to (?:know|see|have|publish|record|keep|track|log|send))?|needs|"
    r"track(?:s|ing)?|measur(?:es?|ing)|listing|stating|saying|providing|provides?|transmits?|publish(?:es)?|emits?|deliver(?:s|ing)|fields? are|attributes are|like to (?:know|see|have)|interested in|relevant are|needed are|of interest are|made up of|logged are|expos(?:es?|ing)|"
    r"writes? down|notes?|states?(?= the\b)|adds?|alongside|plus|also|as well|accompanied by|identified by|described by|bring(?:s)?|supply|supplies|covers?|covering|covered are|there is|there are|comes? with|arrives? with|each with|we collect|collects?|collecting|registers?|noting)\b",
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(
    r"\b(?:because|so that|so|since|although|though|unless|until|in order to|which (?:means|is why)|therefore|otherwise|as soon as|whenever|while|whereas|that way|hence|thus|to be able to|so as to|such that)\b",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(,|;|:|\.\.\.|\s\band\b|\s\bor\b|\s\bbut\b|\s\bplus\b|\s\bthen\b|\s&\s|\s\+\s|\s-\s|\s\bas well as\b)\s*",
    re.IGNORECASE,
)
_NESTED = re.compile(
    r"(?P<lead>\b(?:a |the |its |all |their )?(?:lists?|arrays?|collections?|series|sets?) of\s+|\b(?:one or more|1 or more|several|multiple|any number of|many|various|including|with|the|its|all|up to \d+|contains?|and|has|have|,|^|individual|repeated|nested)\s+)"
    r"(?P<name>(?:[A-Za-z-]+\s+){0,2}?[A-Za-z-]+s)\s*(?P<link>,?\s*(?:\beach (?:one |of them |of which )?(?:with|having|carrying|consisting of|containing|has|has its|giving|showing|contains|made of|comprising|of)|\b(?:every|each) (?:line|item|one|entry|row|position|leg|element|stop|part|step) (?:has|with|contains|carries|having|consists of|shows|giving|being|is)|\bof which each has|\bconsisting of|\bmade (?:up )?of)\s*:?\s+|:\s+)"
    r"(?P<members>[^;.]+)",
    re.IGNORECASE,
)
_CONTAINERS = frozenset(
    "item line position leg entry row segment ingredient passenger participant product part component stop step detail charge tax discount article order service room guest attachment package parcel".split()
)
_LIST_OF = re.compile(
    r"\b(?:a |the |its |their |any )?(?:list|array|set|collection|series|lists|arrays)(?: \(\w+\))? of\s+(?P<name>[A-Za-z][\w' -]*)",
    re.IGNORECASE,
)
_RECORD_HEADS = frozenset(
    "address location position coordinates contact dimension size period interval header customer buyer sender recipient driver vehicle location place shipper consignee origin destination device person merchant".split()
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|must|should|can|could|may|might|will|would|shall|need|needs|want|wants|do|does|did|get|gets|want|goes|go|comes?|runs?|matters?|applies|apply|keeps?|sends?|push(?:es)?|reports?|arrives?|publish(?:es)?|we|they|i|you|it)\b",
    re.IGNORECASE,
)
_OF_HEADS = frozenset("number count quantity amount total sum share percentage level kind type sort class category name code id identifier date time place point country reason cause status state degree rate price value version "
                      "address title color colour size weight length temperature speed position location duration height width depth volume pressure means mode form direction brand model severity grade stage method end start beginning city region probability likelihood confidence language currency unit day month year".split())  # fmt: skip
_WEAK_KINDS = frozenset(
    "identifier text status flag list map actor postal geohash path ordinal count month date timestamp characteristic health country language person_name secret score measure money duration".split()
)
_GPS = re.compile(
    r"\b(?:gps(?: (?:position|coordinates?|location|fix|point|data))?|geo(?:graphic(?:al)?)?[- ]?(?:coordinates?|position|location|point)s?|coordinates?|lat[/ -]?(?:lon|lng|long)|geo-?location|lat(?:itude)? and (?:lon|lng|long)(?:gitude)?|exact position|position on the map|wgs ?84(?: coordinates| position)?|map position|geo position)\b",
    re.IGNORECASE,
)
_GPS_NAMES = "latitude and longitude"
_NAMED_LIST = re.compile(
    r"^\s*(?:[\w' -]{0,60}?\b(?:fields?|attributes?|columns?|payload|header|body|content|contents|schema|properties|values|data points|measurements?|record|each \w+|per \w+|includes?|following|these|are|wanted|needed|required|information|details|say|parameters|metrics)\b[\w' ]{0,20}|[A-Za-z' -]{0,40}):\s+",
    re.IGNORECASE,
)


def items_of(marked: Marked, bullet: bool, told: bool) -> list[Item]:
    """In their order. `told` says that people talk here, so that only what is plain counts."""
    marked.text = _GPS.sub(_GPS_NAMES, marked.text)
    found: list[Item] = []
    text = marked.text
    while nested := _nested(text):
        found += _plain(text[: nested.start()], marked, bullet, told)
        found.append(_with_members(nested, marked))
        text, bullet = text[nested.end() :], True
    return [*found, *_plain(text, marked, bullet, told)]


def _nested(text: str) -> re.Match[str] | None:
    for found in _NESTED.finditer(text):
        last = singular(found["name"].split()[-1])
        lists = re.search(
            r"\b(?:lists?|arrays?|collections?|series|sets?|more|several|multiple)\b",
            found["lead"],
            re.IGNORECASE,
        )
        if (
            last in _CONTAINERS
            and (found["link"].strip() != ":" or len(found["name"].split()) > 1 or lists)
        ) or lists:
            return found
        if (
            "each" in found["link"].lower()
            and last not in ontology().talk
            and not entities_of([last])
        ):
            return found
    return None


def _with_members(found: re.Match[str], marked: Marked) -> Item:
    words = [*found["name"].split()]
    phrase = phrase_of([word for word in words if word.lower() not in ontology().small])
    members = [
        item for item in _plain(found["members"], marked, True, False) if item.phrase is not None
    ]
    return Item(_plural(phrase) if phrase else None, many=True, members=members)


def _plural(phrase: Phrase) -> Phrase:
    last = phrase.words[-1]
    many = (
        last
        if last.endswith("s")
        else f"{last[:-1]}ies"
        if last.endswith("y") and last[-2:-1] not in "aeiou"
        else f"{last}s"
    )
    return Phrase((*phrase.words[:-1], many), None)


@dataclass(frozen=True, slots=True)
class _Segment:
    """A part of a sentence between commas and conjunctions, with the sign before it."""

    text: str
    before: str
    listed: bool


def _plain(text: str, marked: Marked, bullet: bool, told: bool) -> list[Item]:
    segments = list(_segments(text, bullet))
    segments = _distributed(segments)
    found: list[Item] = []
    owner: tuple[str, ...] = ()
    for place, segment in enumerate(segments):
        title = place == 0 and not bullet
        items = _of_segment(segment, marked, told, title)
        owner = _owned(segment, items, owner)
        found += items
    return found


_POSSESSOR = re.compile(r"\b([A-Za-z-]+)(?:'s|s')\s+\w")
_OWNED = frozenset(
    "name email mail address phone number age gender birthday mobile telephone nationality signature height weight".split()
)


def _owned(segment: _Segment, items: list[Item], owner: tuple[str, ...]) -> tuple[str, ...]:
    """`the buyer's name and mail`: the mail is the buyer's as well."""
    if found := _POSSESSOR.search(segment.text):
        return (singular(found[1]),)
    for item in items:
        if (
            owner
            and segment.before.strip().lower() in ("and", "&", "or", ",")
            and item.phrase
            and item.phrase.words[-1] in _OWNED | {"email"}
            and len(item.phrase.words) < 3
        ):
            item.phrase = phrase_of([*owner, *item.phrase.words])
            return owner
    return ()


def _segments(text: str, bullet: bool) -> Iterator[_Segment]:
    """Parts with whether they stand in a list of fields."""
    for part in text.split(";"):
        if not part.strip():
            continue
        opened = _NAMED_LIST.match(part)
        start = opened.end() if opened and len(opened[0].split()) < 9 else 0
        if opened and start:
            yield from _pieces(part[: opened.end() - 2], ",", False)
        listed = bullet or bool(start) or _is_fragment(part)
        yield from _pieces(part[start:], ",", listed)


def _is_fragment(part: str) -> bool:
    """A list without a finite verb: `order number, article number, condition`."""
    return not _FINITE.search(re.sub(r"\u27e6\d+\u27e7", "", part)) and bool(
        re.search(r",|\band\b|\u27e6", part)
    )


def _pieces(text: str, before: str, listed: bool) -> Iterator[_Segment]:
    place = 0
    for found in [*_SPLIT.finditer(text), None]:
        piece = text[place : found.start() if found else len(text)]
        introduced = _INTRODUCERS.search(piece)
        if introduced and not listed:
            yield _Segment(piece[: introduced.start()].strip(), before, False)
            yield _Segment(piece[introduced.end() :].strip(), "with", True)
            listed = True
        elif introduced and introduced.start() > 0 and len(piece[: introduced.start()].split()) > 3:
            yield _Segment(piece[: introduced.start()].strip(), before, listed)
            yield _Segment(piece[introduced.end() :].strip(), "with", True)
        else:
            yield _Segment(piece.strip(), before, listed)
        if found is None:
            return
        before, place = found[1], found.end()


def _distributed(segments: list[_Segment]) -> list[_Segment]:
    """`debtor and creditor IBAN` names two: the first takes the last word of the second."""
    done = list(segments)
    for place, (one, other) in enumerate(pairwise(segments)):
        if other.before.strip().lower() not in ("and", "or", "&", ","):
            continue
        words, following = _bare(one.text), _bare(other.text)
        if len(words) != 1 or len(following) < 2:
            continue
        phrase = phrase_of(following)
        word = words[0].lower()
        modifier = word in ontology().qualifiers or (
            other.before.strip() != ","
            and phrase_of(words) is not None
            and phrase_of(words).attribute is None
            and not entities_of([singular(word)])
        )  # type: ignore[union-attr]
        if phrase is None or phrase.attribute is None or not modifier or _verbal(word):
            continue
        head = (
            following[1:]
            if len(phrase.head.split()) >= len(following)
            else following[-len(phrase.head.split()) :]
        )
        done[place] = _Segment(f"{one.text} {' '.join(head)}", one.before, one.listed)
    return done


def _verbal(word: str) -> bool:
    return word in ontology().verbs and word not in ontology().qualifiers


def _bare(text: str) -> list[str]:
    known = ontology()
    return [
        word
        for word in tokens(text)
        if word[0].isalpha() and word.lower() not in known.small - known.qualifiers
    ]


@dataclass(slots=True)
class _Chunk:
    words: list[str]
    marks: list[Mark] = field(default_factory=list)
    determined: bool = False
    counted: bool = False
    after: str = ""


def _of_segment(segment: _Segment, marked: Marked, told: bool, title: bool) -> list[Item]:
    text = segment.text
    if cut := _SUBORDINATE.search(text):
        rest = _Segment(text[cut.end() :], "", False)
        first = (
            _of_segment(
                _Segment(text[: cut.start()], segment.before, segment.listed), marked, told, title
            )
            if cut.start()
            else []
        )
        return [*first, *_of_segment(rest, marked, told, False)]
    leading, chunks = _chunks(text, marked)
    if segment.listed and (question := asked(text)) is not None:
        marks = [mark for mark in (marked.at(token) for token in tokens(text)) if mark is not None]
        plain = [chunk for chunk in chunks if _strong(chunk)]
        if not (question.place and plain):
            return [Item(question.phrase, marks, type=question.type)]
    many = _LIST_OF.search(text)
    if many and (segment.listed or "list" in many[0] or "array" in many[0]):
        phrase = phrase_of([word for word in _until_stop(many["name"].split())])
        return (
            [Item(_plural(phrase), [mark for chunk in chunks for mark in chunk.marks], many=True)]
            if phrase
            else []
        )
    chosen = _chosen(chunks, segment, told, title)
    items = [_item(chunk, segment) for chunk in chosen]
    items = [item for item in items if item.phrase is not None]
    loose = [
        *leading,
        *(mark for chunk in chunks if chunk not in chosen and not items for mark in chunk.marks),
    ]
    if loose and items:
        items[0].marks = [*loose, *items[0].marks]
    elif loose:
        items = [Item(None, loose)]
    return items


def _until_stop(words: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for word in words:
        if word.lower() in ontology().small or word.lower() in ontology().verbs:
            break
        kept.append(word)
    return kept


def _chunks(text: str, marked: Marked) -> tuple[list[Mark], list[_Chunk]]:
    """Runs of words between small words and verbs, with the marks after each; marks before all."""
    known = ontology()
    leading: list[Mark] = []
    chunks: list[_Chunk] = []
    open_chunk: _Chunk | None = None
    before, number = "", False
    for token in _joined(tokens(text)):
        low = token.lower()
        if is_place(token):
            mark = marked.at(token)
            if mark is not None:
                (chunks[-1].marks if chunks else leading).append(mark)
            open_chunk = None
        elif not token[0].isalpha():
            number, open_chunk = token[0].isdigit(), None
        elif _stops(low, open_chunk, before):
            if open_chunk is not None:
                open_chunk.after = low
            open_chunk = None
            number = number and low in ("new", "different")
        else:
            if open_chunk is None:
                open_chunk = _Chunk(
                    [],
                    determined=before
                    in ("the", "a", "an", "its", "their", "his", "her", "our", "your"),
                    counted=number,
                )
                chunks.append(open_chunk)
                number = False
            open_chunk.words.append(token)
        before = low
    return leading, [
        chunk
        for chunk in _of_joined(chunks)
        if chunk.words and chunk.words[0].lower() not in known.times
    ]


def _joined(parts: list[str]) -> list[str]:
    """Phrases of the lexicon that have small words or verbs in them, as one token."""
    done: list[str] = []
    place = 0
    known = ontology()
    while place < len(parts):
        for size in (5, 4, 3, 2):
            words = [part.lower() for part in parts[place : place + size]]
            name = " ".join([*words[:-1], singular(words[-1])]) if len(words) == size else ""
            broken = [word for word in words if word in known.small or word in known.verbs]
            if (
                name in known.attributes
                and broken
                and not (size == 2 and words[0] in known.small - known.qualifiers - {"on"})
            ):
                done.append("_".join(words))
                place += size
                break
        else:
            done.append(parts[place])
            place += 1
    return done


def _stops(low: str, chunk: _Chunk | None, before: str) -> bool:
    """Whether a word ends a noun phrase."""
    known = ontology()
    if low in known.qualifiers and before not in ("is", "are", "be", "was", "were", "gets", "been"):
        return False
    if low in known.small:
        return low not in ("of",) or chunk is None
    if low in known.verbs:
        follows = (
            chunk is not None
            and low.endswith("ed")
            and before not in ("we", "they", "it", "and")
            and _after_head(chunk)
        )
        return not follows
    return low.endswith("ly") and len(low) > 4


def _after_head(chunk: _Chunk) -> bool:
    phrase = phrase_of(chunk.words)
    return phrase is not None and phrase.attribute is not None


def _of_joined(chunks: list[_Chunk]) -> list[_Chunk]:
    """`kind of leave` as `leave kind`, `number of items` as `item count`."""
    for chunk in chunks:
        low = [word.lower() for word in chunk.words]
        if low and low[-1] == "of":
            chunk.words = chunk.words[:-1]
            continue
        if "of" not in low:
            continue
        at = low.index("of")
        head, rest = chunk.words[:at], chunk.words[at + 1 :]
        rest = rest[: next((i for i, word in enumerate(rest) if word.lower() == "of"), len(rest))]
        if (
            head
            and head[-1].lower() in ("number", "count")
            and rest
            and (singular(rest[-1]) != rest[-1].lower() or head[-1].lower() == "count")
        ):
            chunk.words = [*head[:-1], *rest[:-1], singular(rest[-1]), "count"]
        elif head and rest and not set(word.lower() for word in rest) <= ontology().talk:
            chunk.words = [*rest[:-1], singular(rest[-1]), *head]
        else:
            chunk.words = head or rest
    return chunks


def _chosen(chunks: list[_Chunk], segment: _Segment, told: bool, title: bool) -> list[_Chunk]:
    usable = [chunk for chunk in chunks if not chunk.counted]
    if segment.listed and not title:
        first = next((chunk for chunk in usable if _listable(chunk)), None)
        strong = next((chunk for chunk in usable if _strong(chunk)), None)
        if (
            first is not None
            and strong is not None
            and first is not strong
            and not first.marks
            and first.after in ("as", "is", "are", "by")
        ):
            return [strong]
        chosen = first or strong
        return [chosen] if chosen is not None else []
    if title:
        if segment.listed and usable and _listable(usable[0]) and not _is_title(usable[0]):
            return usable[:1]
        return [
            chunk
            for chunk in usable
            if _marked(chunk) or (_strong(chunk) and not told and not _is_title(chunk))
        ]
    return [chunk for chunk in usable if _marked(chunk) or (_strong(chunk) and not told)]


def _is_title(chunk: _Chunk) -> bool:
    """Whether a phrase at the start names the product rather than a field of it."""
    if chunk.marks:
        return False
    words = [word.lower() for word in chunk.words]
    plural = singular(words[-1]) != words[-1]
    thing = (
        bool(entities_of([*words[:-1], singular(words[-1])]))
        or singular(words[-1]) in ontology().happenings
    )
    return (
        (plural and chunk.after != "")
        or (plural and thing)
        or thing
        and chunk.after in ("for", "from", "of", "between", "per")
    )


def _listable(chunk: _Chunk) -> bool:
    phrase = phrase_of(chunk.words)
    if phrase is None or len(phrase.words) > 5:
        return False
    last = phrase.words[-1]
    if phrase.attribute is not None and (len(phrase.words) > 1 or last not in ontology().talk):
        return True
    if last in ontology().talk or " ".join(phrase.words) in ontology().talk:
        return (
            bool([mark for mark in chunk.marks if isinstance(mark, Choice | Form | Members)])
            and len(phrase.words) > 1
        )
    return len(chunk.words) <= 4 and len(last) > 1


def _strong(chunk: _Chunk) -> bool:
    """Whether a phrase is a field wherever it stands."""
    phrase = phrase_of(chunk.words)
    if phrase is None or phrase.attribute is None:
        return False
    size = len(phrase.head.split())
    if phrase.attribute.kind not in _WEAK_KINDS:
        return True
    if (
        phrase.head
        in (
            "id",
            "identifier",
            "number",
            "code",
            "timestamp",
            "date",
            "score",
            "amount",
            "temperature",
            "price",
            "quantity",
        )
        and len(phrase.words) > 1
    ):
        return True
    return size > 1 or (
        len(phrase.words) > 1
        and phrase.attribute.kind
        in ("score", "measure", "money", "status", "count", "timestamp", "duration", "date")
    )


def _marked(chunk: _Chunk) -> bool:
    """Whether something is said of a phrase that is said of fields alone."""
    phrase = phrase_of(chunk.words)
    if phrase is None or phrase.words[-1] in ontology().talk and len(phrase.words) < 2:
        return False
    telling = [
        mark
        for mark in chunk.marks
        if not isinstance(mark, Said) or mark.trait is not Trait.REQUIRED
    ]
    if not telling:
        return bool(chunk.marks) and phrase.attribute is not None
    if any(isinstance(mark, Bound | Choice | Form | Measured | Members) for mark in telling):
        return len(phrase.words) <= 4
    return phrase.attribute is not None or (
        bool(entities_of(phrase.words))
        and entities_of(phrase.words) == entities_of([" ".join(phrase.words)])
    )


def _item(chunk: _Chunk, segment: _Segment) -> Item:
    phrase = phrase_of(chunk.words)
    if phrase is None:
        return Item(None, chunk.marks)
    phrase = _as_reference(phrase)
    many = (
        any(isinstance(mark, Members) for mark in chunk.marks)
        and singular(chunk.words[-1]) != chunk.words[-1].lower()
        and singular(chunk.words[-1]) not in _RECORD_HEADS
    )
    return Item(
        _plural(phrase) if many else phrase, chunk.marks, many=many, remark=not segment.listed
    )


def _as_reference(phrase: Phrase) -> Phrase:
    """`room` as `room id`: a thing of business that is named alone is referred to by its id."""
    name = " ".join(phrase.words)
    entities = ontology().entities.get(name, ())
    if not entities or (
        phrase.attribute is not None and phrase.attribute.kind not in ("identifier", "text")
    ):
        return phrase
    if any(entity.id == phrase.name for entity in entities) or name in _NAMES_ALONE:
        return phrase
    return phrase_of([*phrase.words, "id"]) or phrase


_NAMES_ALONE = frozenset(
    "route station stop line section venue bin shelf zone item position pair symbol instrument price return stock message comment review field number song book page show quote link port table plate service database".split()
)
