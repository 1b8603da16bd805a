"""A description read sentence by sentence: promises, prohibitions, and fields with what holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from core.drafting.happening import kinds_of_events
from core.drafting.items import Item, items_of
from core.drafting.marks import Bound, Choice, Mark, Marked, Measured, Members, Said, Trait
from core.drafting.ontology import ontology
from core.drafting.phrases import Phrase, entities_of, phrase_of
from core.drafting.prohibitions import Prohibition, forbidden
from core.drafting.promises import Given, Promises, heard
from core.drafting.prose import Sentence, sentences
from core.drafting.rates import Population, Rate, populations, rate_in, rhythm_in
from core.drafting.sketch import Sketch, Sketches
from core.drafting.traits import mark_all

MOST_FIELDS = 30


@dataclass(slots=True)
class Reading:
    """What a description was understood to say."""

    promises: Promises = field(default_factory=Promises)
    prohibitions: list[Prohibition] = field(default_factory=list)
    sketches: Sketches = field(default_factory=Sketches)
    rates: list[Rate] = field(default_factory=list)
    populations: list[Population] = field(default_factory=list)
    rhythm: Given | None = None
    """Seconds between two messages of one thing."""
    every: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    """What there is a message of each of, such as `sensor`, with the words."""
    events: Choice | None = None
    """Kinds of events that the text lists."""
    sentences: tuple[Sentence, ...] = ()


def read(description: str) -> Reading:
    """Never raises: what is not understood is left."""
    reader = _Reader(Reading(sentences=tuple(sentences(description))))
    for number, sentence in enumerate(reader.reading.sentences):
        reader.sentence(sentence, first=number == 0)
    return reader.reading


_EVERY = re.compile(
    r"\b(?P<word>per|each|every|of each|for each|for every|of every|for any|one for each|each and every)\s+(?:single |individual |new |incoming |given |active |our |one )*"
    r"(?P<name>[A-Za-z][\w'-]*(?:\s+[A-Za-z][\w'-]*){0,3})(?P<more>(?:,\s*(?:per\s+|each\s+)?[a-z][\w'-]*){0,2}\s+(?:and|&)\s+(?:per\s+|each\s+)?(?P<other>[A-Za-z][\w'-]*(?:\s+(?:id|number|code))?))?",
    re.IGNORECASE,
)
_NO_ENTITY = frozenset(
    "time case one event message record second minute hour day week month year percent cent mille default se annum request reading change of these those entry row update line new field side way "
    "other single kind type step part bit item's it value position interval unit person-hour capita contract law".split()
)
_TALK = re.compile(
    r"\b(?:i|we|our|us|people|nobody|everyone|everybody|colleagues|my|me|management|somebody|they)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Reader:
    reading: Reading
    last: list[Sketch] = field(default_factory=list)

    def sentence(self, sentence: Sentence, first: bool) -> None:
        text = self._amounts(sentence.text)
        heard_text = heard(self.reading.promises, Sentence(text, sentence.said, sentence.bullet))
        promised, text = heard_text != text, heard_text
        ruled_out, text = forbidden(text)
        self.reading.prohibitions += ruled_out
        self._entities(text)
        self.reading.events = self.reading.events or kinds_of_events(text, first)
        marked = mark_all(text)
        before = len(self.last)
        fresh: list[Sketch] = []
        for item in items_of(
            marked, bullet=sentence.bullet, told=promised or bool(_TALK.search(text)), first=first
        ):
            fresh += self._item(item, marked, sentence, fresh)
            self._shared(item, fresh)
        self.last = fresh or self.last[:before]

    def _amounts(self, text: str) -> str:
        """Rates are noted and struck out; so are counts of things, which stay words."""
        rate = rate_in(text)
        self.reading.populations += populations(text)
        if (seconds := rhythm_in(text)) and self.reading.rhythm is None:
            self.reading.rhythm = Given(seconds, text[:80])
        if rate is None:
            return text
        self.reading.rates.append(rate)
        for start, end in sorted(rate.spans, reverse=True):
            text = f"{text[:start].rstrip()} ; {text[end:].lstrip()}"
        return re.sub(
            r"\b(?:about|around|roughly|approximately|nearly|some|up to|at most|peaks? (?:at|of)|expect(?:ed|ing)?|we expect|at)\s*(?=;)",
            "",
            text,
        ).strip()

    def _entities(self, text: str) -> None:
        for found in _EVERY.finditer(text):
            for name in (found["name"], found["other"]):
                words = _entity(name or "")
                if words:
                    self.reading.every.append((words, found[0]))

    def _item(
        self, item: Item, marked: Marked, sentence: Sentence, fresh: list[Sketch]
    ) -> list[Sketch]:
        if item.phrase is None:
            self._said_of(item.marks, fresh or self.last, marked)
            return []
        if len(self.reading.sketches) >= MOST_FIELDS:
            return []
        sketch = Sketch(item.phrase, sentence.said, type=item.type, many=item.many)
        known = self._known(item, sketch)
        if known is None:
            return []
        self._said_of(item.marks, [*fresh, known], marked)
        for part in item.members:
            member = (
                Sketch(part.phrase, sentence.said, type=part.type, many=part.many)
                if part.phrase
                else None
            )
            if member is not None:
                self._said_of(part.marks, [member], marked)
                if all(member.name != other.name for other in known.members):
                    known.members.append(member)
        return [known]

    def _shared(self, item: Item, fresh: list[Sketch]) -> None:
        """`fat and protein content as percentages`, `A and B are personal`: said of both."""
        if not item.joined or len(fresh) < 2:
            return
        before = fresh[-2]
        for mark in item.marks:
            plural = (
                isinstance(mark, Said)
                and mark.trait in (Trait.SENSITIVE, Trait.OPTIONAL, Trait.REQUIRED)
                and mark.says.lower().startswith("are ")
            )
            united = (
                isinstance(mark, Measured)
                and before.unit is None
                and not before.bounds
                and (
                    mark.says.endswith("s")
                    and before.attribute is None
                    or before.attribute is not None
                    and before.attribute.type == "string"
                )
            )
            if plural or (
                united
                and before.choice is None
                and not before.forms
                and mark.unit.limits == "definition"
            ):
                before.take(mark)

    def _known(self, item: Item, sketch: Sketch) -> Sketch | None:
        """The field that an item speaks of; a remark on none that is known makes one only if it tells."""
        sketches = self.reading.sketches
        if item.remark:
            meant = sketches.same(sketch.phrase) or sketches.meant(sketch.phrase.words)
            if meant is not None:
                return meant
        return sketches.add(sketch)

    def _said_of(self, marks: Sequence[Mark], fields: Sequence[Sketch], marked: Marked) -> None:
        for mark in marks:
            if isinstance(mark, Members):
                if fields:
                    self._members(fields[-1], mark, marked)
                continue
            over = mark.over if isinstance(mark, Said | Bound) else 1
            for sketch in fields[-over:]:
                sketch.take(mark)

    def _members(self, owner: Sketch, members: Members, marked: Marked) -> None:
        part = Marked(members.text, marked.marks)
        for item in items_of(part, bullet=True, told=False):
            if item.phrase is not None:
                member = Sketch(item.phrase, owner.says, type=item.type, many=item.many)
                self._said_of(item.marks, [member], marked)
                if all(member.name != other.name for other in owner.members):
                    owner.members.append(member)
            elif owner.members:
                self._said_of(item.marks, owner.members, marked)


def _entity(text: str) -> tuple[str, ...]:
    """The entity's words at the start of a text: up to a verb, a small word, or a unit of time."""
    known, kept = ontology(), []
    for word in text.split():
        low = word.lower().strip("'")
        if (
            low in known.small
            or low in ("we", "they")
            or (low in known.verbs and low not in known.qualifiers)
            or low in known.times
        ):
            break
        kept.append(low)
    if not kept or (len(kept) == 1 and kept[0] in _NO_ENTITY):
        return ()
    for end in range(len(kept), 0, -1):
        phrase = phrase_of(kept[:end])
        if phrase and entities_of(phrase.words):
            return phrase.words
    phrase = phrase_of(kept[:1] if len(kept) > 1 and kept[1].endswith("s") else kept[:2])
    if (
        phrase is None
        or phrase.words[-1] in _NO_ENTITY
        or set(phrase.words) & known.talk
        or phrase.words[0] in known.times
    ):
        return ()
    return phrase.words


@cache
def never_fields() -> frozenset[str]:
    return ontology().talk
