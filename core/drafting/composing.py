"""The fields of a draft: those of the text, what identifies and dates them, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from core.drafting.composed import Composed, is_id
from core.drafting.drafted import DraftContext
from core.drafting.identifying import identify, settle_key
from core.drafting.ontology import listed
from core.drafting.phrases import Phrase, phrase_of
from core.drafting.reading import Reading
from core.drafting.sketch import Sketch, Sketches
from core.drafting.subject import Subject, with_article
from core.drafting.typing_of import type_of
from core.names import words as name_words

ENOUGH = 7
"""Fields from which on a draft proposes none of its own."""
MOST_PROPOSED = 4
NEAR = 0.6
"""Score from which on a source of the catalog is a model for fields."""

_EVENT_TYPES = frozenset({"event_type", "type", "action", "activity_type", "event"})
_COUNTED = frozenset({"point", "points", "credit", "credits", "coin", "coins", "mile", "miles"})
_AMOUNTS = frozenset({"money", "signed_money", "salary"})


def compose(reading: Reading, subject: Subject, context: DraftContext) -> Composed:
    """Everything that the schema will hold, in its order."""
    composed = Composed(reading.sketches, ruled_out=reading.prohibitions)
    composed.drop_ruled_out()
    _kinds_of_events(composed, reading)
    identify(composed, reading, subject)
    _time(composed)
    _propose(composed, subject, context)
    _points(composed)
    _currency(composed)
    composed.drop_ruled_out()
    _name_apart(composed.sketches)
    settle_key(composed, reading, subject)
    _time(composed)
    _arrange(composed)
    return composed


def _kinds_of_events(composed: Composed, reading: Reading) -> None:
    events, phrase = reading.events, phrase_of(["event", "type"])
    if events is None or phrase is None:
        return
    told = (s.choice is not None and s.choice.values == events.values for s in composed.sketches)
    named = (sketch.name in _EVENT_TYPES for sketch in composed.sketches)
    if not any(told) and not any(named):
        composed.sketches.fields.insert(0, Sketch(phrase, events.says, choice=events))


def _time(composed: Composed) -> None:
    """The moment that the text names for what happens, else one is added."""
    names = listed("composing.event_times")
    times = [sketch for sketch in composed.sketches if type_of(sketch) == "timestamp"]
    named = (s for s in times if s.name in names or s.phrase.words[-1] == "timestamp")
    composed.event_time = next(named, None) or _added_time(composed)


def _added_time(composed: Composed) -> Sketch | None:
    """`event_time`, or where another field is called so, `occurred_at`."""
    words = ["event", "time"] if composed.named("event_time") is None else ["occurred", "at"]
    because = "consumers need to know when it happened, apart from when it arrived"
    added = composed.added(words, because, first=False)
    if added is not None and not added.given:
        added.type = "timestamp"
    return added if added is not None and type_of(added) == "timestamp" else None


def _propose(composed: Composed, subject: Subject, context: DraftContext) -> None:
    """Fields of the nearest sources and of the ontology where the text names few."""
    missing = min(ENOUGH - len(composed.sketches), MOST_PROPOSED)
    for words, because in _proposals(subject, context):
        phrase = phrase_of(words)
        if missing <= 0 or phrase is None or _is_told(composed, phrase):
            continue
        added = composed.added(words, because, first=False)
        missing -= added is not None and words != ["latitude"]


def _proposals(subject: Subject, context: DraftContext) -> Iterator[tuple[list[str], str]]:
    main = subject.main
    if main is not None:
        for name in main.has:
            yield name_words(name), f"{with_article(main.name)} usually has it"
    for known in context.closest:
        if known.score >= NEAR:
            for child in known.schema.root.children:
                if not child.children:
                    yield name_words(child.name), f"{known.name}, which is close, has it"


def _is_told(composed: Composed, phrase: Phrase) -> bool:
    """Whether a field says already what a proposal would, such as another kind of status."""
    if composed.sketches.same(phrase) is not None:
        return True
    if phrase.words == ("currency",):
        return any(sketch.unit and sketch.unit.unit.money for sketch in composed.sketches.walk())
    last, words = phrase.words[-1], set(phrase.words)
    return any(
        last == sketch.phrase.words[-1]
        or words <= set(sketch.phrase.words)
        or (len(sketch.phrase.words) == 1 and _says(sketch) in words)
        for sketch in composed.sketches
    )


def _says(sketch: Sketch) -> str:
    """The word of a field's name, unless it is one that many names have."""
    word = sketch.phrase.words[0]
    return "" if word in listed("sketch.apart") else word


def _currency(composed: Composed) -> None:
    """Amounts without a unit need the currency beside them."""
    fields = list(composed.sketches.walk())
    amounts = [sketch for sketch in fields if _kind(sketch) in _AMOUNTS and _is_open(sketch)]
    known = any(_kind(sketch) == "currency" or "pair" in sketch.phrase.words for sketch in fields)
    if amounts and not known:
        because = f"{amounts[0].name} is an amount of money whose currency the text does not say"
        composed.added(["currency"], because, first=False)


def _points(composed: Composed) -> None:
    """Where points or credits are counted, and no money, the balance is of them."""
    fields = list(composed.sketches.walk())
    counted = any(_COUNTED & set(sketch.phrase.words) for sketch in fields)
    money = any(_kind(s) in ("money", "currency") or (s.unit and s.unit.unit.money) for s in fields)
    for sketch in fields:
        if counted and not money and _kind(sketch) == "signed_money":
            sketch.type = "integer"


def _is_open(sketch: Sketch) -> bool:
    return type_of(sketch) == "decimal" and not (sketch.unit and sketch.unit.unit.money)


def _kind(sketch: Sketch) -> str:
    return sketch.attribute.kind if sketch.attribute else ""


def _name_apart(sketches: Sketches) -> None:
    """Fields that came to one name by different ways are one field."""
    known: dict[str, Sketch] = {}
    for sketch in list(sketches):
        first = known.setdefault(sketch.name, sketch)
        if first is not sketch:
            first.absorb(sketch)
            sketches.fields[:] = [field for field in sketches if field is not sketch]


def _arrange(composed: Composed) -> None:
    """Key first, event time after the ids, then as the text has them, what is proposed last."""

    def rank(sketch: Sketch) -> int:
        if sketch is composed.key:
            return 0
        if sketch is composed.event_time:
            return 2
        if not sketch.given and is_id(sketch):
            return 1
        return 3 if sketch.given else 4

    composed.sketches.fields.sort(key=rank)
