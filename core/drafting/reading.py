"""A description read sentence by sentence: promises, prohibitions, and fields with what holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from core.drafting.happening import kinds_of_events
from core.drafting.items import Item, items_of
from core.drafting.marking import mark_all
from core.drafting.marks import Bound, Choice, Form, Mark, Marked, Measured, Members, Said, Trait
from core.drafting.mentions import Mention, mentions_in
from core.drafting.ontology import listed
from core.drafting.phrases import phrase_of
from core.drafting.prohibitions import Prohibition, forbidden
from core.drafting.promises import Given, Promises, heard
from core.drafting.prose import Sentence, sentences
from core.drafting.rates import Population, Rate, populations, rate_in, rhythm_in
from core.drafting.sketch import Sketch, Sketches

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
    every: list[Mention] = field(default_factory=list)
    events: Choice | None = None
    """Kinds of events that the text lists."""
    sentences: tuple[Sentence, ...] = ()


def read(description: str) -> Reading:
    """Never raises: what is not understood is left."""
    reader = _Reader(Reading(sentences=tuple(sentences(description))))
    for number, sentence in enumerate(reader.reading.sentences):
        reader.sentence(sentence, first=number == 0)
    return reader.reading


_TALK = re.compile(
    r"\b(?:i|we|our|(?-i:us)|people|nobody|everyone|everybody|colleagues|my|me|management|"
    r"somebody|they|hello|hi|thanks|sorry|background|discussed)\b",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    r"\b(?:about|around|roughly|approximately|nearly|some|up to|at most|peaks? (?:at|"
    r"of)|expect(?:ed|ing)?|we expect|at)\s*(?=;)"
)
_TOO = re.compile(
    r"\b(?:too|as well|likewise|also)$|^(?:so (?:is|are)|same (?:for|goes for)|the "
    r"same (?:goes|holds|applies))\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:the|its|this|that|a|an|every|each)\s+([A-Za-z][\w-]*(?:\s+[A-Za-z][\w-]*){0,2})",
    re.IGNORECASE,
)
_PLACES = re.compile(r"\u27e6\d+\u27e7")


@dataclass(slots=True)
class _Reader:
    reading: Reading
    last: list[Sketch] = field(default_factory=list)
    traits: list[Said] = field(default_factory=list)
    """Those of the sentence before."""

    def sentence(self, sentence: Sentence, first: bool) -> None:
        text = self._amounts(sentence.text)
        left = heard(self.reading.promises, replace(sentence, text=text))
        promised = left != text
        ruled_out, left = forbidden(left)
        self.reading.prohibitions += ruled_out
        self.reading.every += mentions_in(left)
        self.reading.events = self.reading.events or (kinds_of_events(left) if first else None)
        self._fields(mark_all(left), sentence, promised or bool(_TALK.search(left)), first)

    def _fields(self, marked: Marked, sentence: Sentence, told: bool, first: bool) -> None:
        fresh: list[Sketch] = []
        shares = False
        for item in items_of(marked, bullet=sentence.bullet, told=told, first=first):
            fresh += self._item(item, marked, sentence, fresh)
            if len(fresh) > 1:
                _share(item, fresh[-2], all_of=shares)
            shares = item.shares
        if _TOO.search(marked.text) and len(fresh) == 1 and not fresh[0].traits:
            self._said_of(self.traits, fresh, marked)
        self.traits = [mark for mark in marked.marks if isinstance(mark, Said)]
        self.last = fresh or self.last

    def _amounts(self, text: str) -> str:
        """Rates are noted and struck out; so are counts of things, which stay words."""
        rate = rate_in(text)
        spans = rate.spans if rate else ()
        self.reading.populations += [
            people
            for people in populations(text)
            if not any(start <= people.start < end for start, end in spans)
        ]
        if (seconds := rhythm_in(text)) and self.reading.rhythm is None:
            self.reading.rhythm = Given(seconds, text[:80])
        if rate is None:
            return text
        self.reading.rates.append(rate)
        for start, end in sorted(rate.spans, reverse=True):
            text = f"{text[:start].rstrip()} ; {text[end:].lstrip()}"
        return _LOOSE.sub("", text).strip()

    def _item(
        self, item: Item, marked: Marked, sentence: Sentence, fresh: list[Sketch]
    ) -> list[Sketch]:
        if item.phrase is None:
            return self._remark(item, marked, sentence, fresh)
        if len(self.reading.sketches) >= MOST_FIELDS:
            return []
        known = self._known(
            item, Sketch(item.phrase, sentence.said, type=item.type, many=item.many)
        )
        self._said_of(item.marks, [*fresh, known], marked)
        self._take_members(known, item.members, marked)
        return [known]

    def _remark(
        self, item: Item, marked: Marked, sentence: Sentence, fresh: list[Sketch]
    ) -> list[Sketch]:
        """What is said without a name is of what was named last; limits, of what is a number."""
        meant = fresh or self._spoken_of(marked) or self.last
        orphan = self._orphan(item, meant, sentence)
        bounds = [mark for mark in item.marks if isinstance(mark, Bound)]
        if bounds and meant and not _may_be_number(meant[-1]):
            numbers = [s for s in self.reading.sketches.walk() if s.bounds or s.unit]
            self._said_of(bounds, numbers[-1:], marked)
            item.marks = [mark for mark in item.marks if not isinstance(mark, Bound)]
        self._said_of(item.marks, orphan or meant, marked)
        return orphan

    def _orphan(self, item: Item, meant: list[Sketch], sentence: Sentence) -> list[Sketch]:
        """Values of nothing that was named are those of a status: `Granted or withdrawn.`"""
        chosen = any(isinstance(mark, Choice) for mark in item.marks)
        phrase = phrase_of(["status"])
        if not chosen or phrase is None or (meant and meant[-1].choice is None):
            return []
        return [self.reading.sketches.add(Sketch(phrase, sentence.said))]

    def _spoken_of(self, marked: Marked) -> list[Sketch]:
        """The field that a remark names by some of its words: `the tag belongs to a household`."""
        for words in _NAMED.findall(_PLACES.sub(" ", marked.text)):
            parts = words.split()
            for size in range(len(parts), 0, -1):
                phrase = phrase_of(parts[:size])
                meant = phrase and self.reading.sketches.meant(phrase.words)
                if meant:
                    return [meant]
        return []

    def _known(self, item: Item, sketch: Sketch) -> Sketch:
        """The field that an item speaks of; one that is only remarked on may be called by less."""
        sketches = self.reading.sketches
        known = self._state(sketch)
        if known is None and item.remark:
            known = sketches.same(sketch.phrase) or sketches.meant(sketch.phrase.words)
        if known is not None:
            known.absorb(sketch)
            return known
        return sketches.add(sketch)

    def _state(self, sketch: Sketch) -> Sketch | None:
        """`the most recent balance` is the balance."""
        words = sketch.phrase.words
        if len(words) < 2 or words[0] not in listed("reading.waning") or sketch.type is not None:
            return None
        phrase = phrase_of(words[1:])
        known = phrase and self.reading.sketches.same(phrase)
        return known if known and known.phrase.words[0] not in listed("reading.waning") else None

    def _said_of(self, marks: Sequence[Mark], fields: Sequence[Sketch], marked: Marked) -> None:
        for mark in marks:
            if isinstance(mark, Members):
                if fields:
                    inner = items_of(Marked(mark.text, marked.marks), bullet=True, told=False)
                    self._take_members(fields[-1], inner, marked)
                continue
            over = mark.over if isinstance(mark, Said | Bound | Measured) else 1
            for sketch in fields[-over:]:
                sketch.take(mark)

    def _take_members(self, owner: Sketch, items: Sequence[Item], marked: Marked) -> None:
        for item in items:
            if item.phrase is None:
                self._said_of(item.marks, owner.members, marked)
                continue
            member = Sketch(item.phrase, owner.says, type=item.type, many=item.many)
            self._said_of(item.marks, [*owner.members, member], marked)
            if all(member.name != other.name for other in owner.members):
                owner.members.append(member)


def _may_be_number(sketch: Sketch) -> bool:
    kind = sketch.attribute.type if sketch.attribute else "number"
    return kind in ("number", "integer", "decimal", "category") and not sketch.forms


def _share(item: Item, before: Sketch, all_of: bool) -> None:
    """`fat and protein content as percentages`, `A and B are personal`: said of both.

    `all_of` says that the two share the last word, as `debtor and creditor IBAN` do.
    """
    for mark in item.marks:
        if (
            all_of
            and isinstance(mark, Form | Measured | Bound | Choice | Said)
            and not _has(before, mark)
        ) or (
            item.joined
            and (_plural(mark) or _unit_of_both(mark, before) or _form_of_both(mark, item, before))
        ):
            before.take(mark)


def _has(sketch: Sketch, mark: Mark) -> bool:
    """Whether something of the kind is said of a field already."""
    if isinstance(mark, Said):
        return mark.trait is Trait.UNIQUE
    return bool(
        (isinstance(mark, Form) and sketch.forms)
        or (isinstance(mark, Measured) and sketch.unit)
        or (isinstance(mark, Bound) and sketch.bounds)
        or (isinstance(mark, Choice) and sketch.choice)
    )


def _plural(mark: Mark) -> bool:
    traits = (Trait.SENSITIVE, Trait.OPTIONAL, Trait.REQUIRED)
    return (
        isinstance(mark, Said)
        and mark.trait in traits
        and mark.says.lower().startswith(("are ", "as "))
    )


def _form_of_both(mark: Mark, item: Item, before: Sketch) -> bool:
    """`A-number and B-number in the form +49...`: both are numbers."""
    tail = item.phrase.words[-1:] if item.phrase else ()
    return isinstance(mark, Form) and not before.forms and before.phrase.words[-1:] == tail


def _unit_of_both(mark: Mark, before: Sketch) -> bool:
    if not isinstance(mark, Measured) or mark.unit.limits != "definition":
        return False
    if before.unit or before.bounds or before.choice or before.forms:
        return False
    return mark.says.endswith("s") or before.attribute is None
