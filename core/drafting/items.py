"""The fields that a sentence names, each with the marks that stand by it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.drafting.asked import asked
from core.drafting.choosing import chosen, is_strong
from core.drafting.chunks import Chunk, Chunks, chunks_of
from core.drafting.marks import (
    Choice,
    Mark,
    Marked,
    Members,
    Said,
    Trait,
)
from core.drafting.nesting import nested_in
from core.drafting.ontology import listed, ontology
from core.drafting.phrases import Phrase, entities_of, phrase_of, plural_of, singular, tokens
from core.drafting.segments import Segment, segments_of


@dataclass(slots=True)
class Item:
    """A phrase with its marks; without a phrase the marks are of what was named before.

    A `remark` speaks of a field rather than listing it. `joined` says that `and` stands before it.
    """

    phrase: Phrase | None
    marks: list[Mark] = field(default_factory=list)
    type: str | None = None
    many: bool = False
    members: list[Item] = field(default_factory=list)
    remark: bool = False
    joined: bool = False
    shares: bool = False
    """Whether it has its last words from the next, so that what is said of that holds of it too."""
    sure: bool = True
    """Whether it stands in what is a list beyond doubt, or is a field wherever it stands."""

    @property
    def vague(self) -> bool:
        """Whether nothing but its place makes a field of it."""
        told = self.marks or self.members or self.type or self.many
        return self.phrase is not None and self.phrase.attribute is None and not told


_SUBORDINATE = re.compile(
    r"\b(?:because|so that|so|since|although|though|unless|until|in order to|which "
    r"(?:means|is why)|therefore|otherwise|as soon as|whenever|while|whereas|that "
    r"way|hence|thus|to be able to|so as to|such that)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\s(?:but |and )?(?:only )?(?:if|unless|in case|as long as|provided that)\s+(?!any\b).*$",
    re.IGNORECASE,
)
_GPS = re.compile(
    r"\b(?:gps(?![- ](?:sync|time|clock|disc|lock))(?: (?:position|coordinates?|"
    r"location|fix|point|data))?|geo(?:graphic(?:al)?)?[- ]?(?:coordinates?|position|"
    r"location|point)s?|coordinates?|"
    r"lat[/ -]?(?:lon|lng|long)|geo-?location|lat(?:itude)? and (?:lon|lng|"
    r"long)(?:gitude)?|exact position|position on the map|wgs ?84(?: coordinates| "
    r"position)?|map position)\b",
    re.IGNORECASE,
)
_POSITION_OF = re.compile(
    r"\b(?:the )?(?:current |exact |last )?(?:positions?|whereabouts) of (?=(?:each|"
    r"every|all|our|the)\s)",
    re.IGNORECASE,
)
_GPS_NAMES = "latitude and longitude"
_LIST_OF = re.compile(
    r"\b(?:a |the |its |their |any )?(?:list|array|set|collection|series|lists|"
    r"arrays)(?: \(\w+\))? of\s+(?P<name>[A-Za-z][\w' -]*)",
    re.IGNORECASE,
)
_OF_EACH = re.compile(r"(?:for|per) (?:each|every)(?: [\w'-]+){1,4}$", re.IGNORECASE)
"""`for each card payment` tells of what a record is, and is no field of it."""
_POSSESSOR = re.compile(r"\b([A-Za-z-]+)(?:'s|s')\s+\w")


def items_of(marked: Marked, bullet: bool, told: bool, first: bool = False) -> list[Item]:
    """In their order. `told` says that people talk here, so that only what is plain counts."""
    marked.text = _GPS.sub(_GPS_NAMES, _POSITION_OF.sub(f"{_GPS_NAMES} of ", marked.text))
    found: list[Item] = []
    text = marked.text
    while nested := nested_in(text):
        found += _plain(text[: nested.start], marked, bullet, told, first)
        members = [item for item in _plain(nested.members, marked, True, False) if item.phrase]
        found.append(Item(nested.phrase, many=True, members=members))
        text, bullet = text[nested.end :], True
    return _sifted([*found, *_plain(text, marked, bullet, told, first)], told)


def _sifted(items: list[Item], told: bool) -> list[Item]:
    """Without phrases that only a verb such as `send` made fields of, where little else tells."""
    named = [item for item in items if item.phrase is not None]
    solid = [item for item in named if not item.vague]
    if told and not solid:
        return [item for item in items if not item.vague]
    if len(solid) < 2 or len(solid) * 2 < len(named):
        items = [item for item in items if item.sure or not item.vague]
    if told and len(named) < 3 and not any(item.marks for item in named):
        items = [
            item for item in items if item.sure or item.phrase is None or item.marks or item.type
        ]
    return items


def _plain(text: str, marked: Marked, bullet: bool, told: bool, first: bool = False) -> list[Item]:
    found: list[Item] = []
    owner: tuple[str, ...] = ()
    introduced = bullet
    for segment in segments_of(text, bullet, lone=not first):
        if _OF_EACH.match(segment.text):
            continue
        introduced = introduced or segment.before == "with"
        items = _of_segment(segment, marked, told, title=first and not introduced)
        owner = _owned(segment, items, owner)
        for item in items[:1]:
            item.joined, item.shares = segment.joined, segment.shares
        found += items
    return found


def _owned(segment: Segment, items: list[Item], owner: tuple[str, ...]) -> tuple[str, ...]:
    """`the buyer's name and mail`: the mail is the buyer's as well."""
    if found := _POSSESSOR.search(segment.text):
        return (singular(found[1]),)
    for item in items:
        follows = segment.joined or segment.before.strip() == ","
        if (
            owner
            and follows
            and item.phrase
            and item.phrase.words[-1] in listed("items.owned")
            and len(item.phrase.words) < 3
        ):
            item.phrase = phrase_of([*owner, *item.phrase.words])
            return owner
    return ()


def _of_segment(segment: Segment, marked: Marked, told: bool, title: bool) -> list[Item]:
    text = segment.text
    if cut := _SUBORDINATE.search(text):
        head = Segment(text[: cut.start()], segment.before, segment.listed)
        before = _of_segment(head, marked, told, title) if cut.start() else []
        return [*before, *_of_segment(Segment(text[cut.end() :], "", False), marked, told, False)]
    text, condition = _conditional(segment)
    chunks = chunks_of(text, marked)
    items = _questioned(segment, text, marked, chunks) or _listed(segment, text, chunks)
    if items is None:
        items = _named(segment, chunks, told, title)
    if condition is not None and items:
        items[-1].marks = [*items[-1].marks, condition]
    return [*items, *_acts(chunks)]


def _conditional(segment: Segment) -> tuple[str, Said | None]:
    """A field that is there `only if` something holds is optional."""
    found = _CONDITION.search(segment.text) if segment.listed else None
    if found is None or not segment.text[: found.start()].strip():
        return segment.text, None
    places = " ".join(re.findall("\u27e6\\d+\u27e7", found[0]))
    return f"{segment.text[: found.start()]} {places}", Said(Trait.OPTIONAL, found[0].strip())


def _acts(chunks: Chunks) -> list[Item]:
    """`is scanned (picked up, delivered)`: the kinds of what happens."""
    return [Item(phrase_of(["event", "type"]), [mark]) for mark in chunks.acts]


def _questioned(segment: Segment, text: str, marked: Marked, chunks: Chunks) -> list[Item] | None:
    plain = text.lstrip().lower()
    if plain.startswith("\u27e6"):
        return None
    marks = [mark for mark in (marked.at(token) for token in tokens(text)) if mark is not None]
    if not (
        segment.listed
        or plain.startswith("whether")
        or (marks and plain.startswith(("who ", "whether ", "how ")))
    ):
        return None
    conditional = plain.startswith(("if ", "unless ")) and not plain.startswith("if so")
    if conditional and segment.before != "with":
        return [Item(None, [Said(Trait.OPTIONAL, text.strip()), *marks])]
    if segment.opening and plain.startswith(("when ", "where ", "how ", "if ")):
        return None
    question = asked(text)
    if question is None or (question.place and any(map(is_strong, chunks.runs))):
        return None
    phrase = question.phrase
    if question.type == "boolean" and any(isinstance(mark, Choice) for mark in marks):
        phrase = phrase_of([word for word in phrase.words if word != "is"] + ["status"]) or phrase
        return [Item(phrase, marks)]
    return [Item(phrase, marks, type=question.type)]


def _listed(segment: Segment, text: str, chunks: Chunks) -> list[Item] | None:
    """`a list of tags`."""
    found = _LIST_OF.search(text)
    if found is None or not (
        segment.listed or "list" in found[0].lower() or "array" in found[0].lower()
    ):
        return None
    phrase = phrase_of(_until_stop(found["name"].split()))
    marks = [mark for chunk in chunks.runs for mark in chunk.marks]
    return [Item(plural_of(phrase), marks, many=True)] if phrase else None


def _until_stop(words: Sequence[str]) -> list[str]:
    known = ontology()
    stop = next(
        (
            at
            for at, word in enumerate(words)
            if word.lower() in known.small or word.lower() in known.verbs
        ),
        len(words),
    )
    return list(words[:stop])


def _named(segment: Segment, chunks: Chunks, told: bool, title: bool) -> list[Item]:
    picked = chosen(chunks.runs, segment, told, title)
    if len(picked) == 1 and segment.listed:
        # Marks further on in a list's part are of its one field, whatever words stand between.
        marks = [mark for chunk in chunks.runs for mark in (*chunk.marks, *chunk.far)]
        picked = [Chunk(picked[0].words, marks, after=picked[0].after)]
    elif picked:
        picked[-1].marks += _of_talk(chunks.runs, picked[-1])
    items = [item for item in (_item(chunk, segment) for chunk in picked) if item.phrase]
    loose = [*chunks.leading, *(mark for chunk in chunks.runs if not items for mark in chunk.marks)]
    if loose and items:
        items[0].marks = [*loose, *items[0].marks]
    elif loose:
        items = [Item(None, loose)]
    return items


def _of_talk(runs: Sequence[Chunk], last: Chunk) -> list[Mark]:
    """`the age is told only as group: child, adult`: the values are of the age."""
    later = [run for run in runs[list(map(id, runs)).index(id(last)) + 1 :] if len(run.words) == 1]
    return [mark for run in later if run.words[0].lower() in ontology().talk for mark in run.marks]


def _item(chunk: Chunk, segment: Segment) -> Item:
    phrase = phrase_of(chunk.words)
    if phrase is None:
        return Item(None, chunk.marks)
    if not any(isinstance(mark, Choice) for mark in chunk.marks):
        phrase = _as_reference(phrase)
    elif phrase.words == ("event",):
        phrase = phrase_of(["event", "type"]) or phrase
    last = chunk.words[-1].lower()
    members = any(isinstance(mark, Members) for mark in chunk.marks)
    many = members and singular(last) != last and singular(last) not in listed("items.records")
    return Item(
        plural_of(phrase) if many else phrase,
        chunk.marks,
        many=many,
        remark=not segment.listed,
        sure=segment.sure or is_strong(chunk),
    )


def _as_reference(phrase: Phrase) -> Phrase:
    """`room` as `room id`: a thing of business that is named alone is referred to by its id."""
    name = " ".join(phrase.words)
    entities = entities_of([name])
    if not entities or (
        phrase.attribute is not None and phrase.attribute.kind not in ("identifier", "text")
    ):
        return phrase
    if any(entity.id == phrase.name for entity in entities) or name in listed("items.names_alone"):
        return phrase
    return phrase_of([*phrase.words, "id"]) or phrase
