"""The fields of a draft: those of the text, what identifies and dates them, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.drafting.drafted import DraftContext
from core.drafting.marks import Trait
from core.drafting.meaning import secret_of
from core.drafting.mentions import Mention
from core.drafting.ontology import Entity, listed
from core.drafting.phrases import Phrase, entities_of, phrase_of
from core.drafting.prohibitions import Prohibition, is_personal
from core.drafting.reading import Reading
from core.drafting.sketch import Sketch, Sketches
from core.drafting.subject import Subject, entity_in
from core.drafting.typing_of import NUMBERS, PLAIN, type_of
from core.names import words as name_words

ENOUGH = 7
"""Fields from which on a draft proposes none of its own."""
MOST_PROPOSED = 4
NEAR = 0.6
"""Score from which on a source of the catalog is a model for fields."""


@dataclass(slots=True)
class Composed:
    """Fields with the paths of key and event time, each with why it was chosen."""

    sketches: Sketches
    key: Sketch | None = None
    key_because: str = ""
    key_given: bool = False
    event_time: Sketch | None = None
    ruled_out: list[Prohibition] = field(default_factory=list)


def compose(reading: Reading, subject: Subject, context: DraftContext) -> Composed:
    composed = Composed(reading.sketches, ruled_out=reading.prohibitions)
    _complete_ids(composed, subject)
    _rule_out(composed)
    _kinds_of_events(composed, reading)
    _identify(composed, reading, subject)
    _time(composed)
    _propose(composed, subject, context)
    _currency(composed)
    _rule_out(composed)
    _name_apart(composed.sketches)
    _settle_key(composed, reading, subject)
    _arrange(composed)
    return composed


def _name_apart(sketches: Sketches) -> None:
    """Fields that came to one name by different ways are one field."""
    known: dict[str, Sketch] = {}
    for sketch in list(sketches):
        first = known.setdefault(sketch.name, sketch)
        if first is not sketch:
            first.absorb(sketch)
            sketches.fields[:] = [field for field in sketches if field is not sketch]


def _settle_key(composed: Composed, reading: Reading, subject: Subject) -> None:
    """A key is a single value that is there; a compacted topic cannot do without one."""
    fields = {sketch.name: sketch for sketch in composed.sketches}
    key = fields.get(composed.key.name) if composed.key else None
    composed.key = key if key is not None and type_of(key) in PLAIN else None
    time = fields.get(composed.event_time.name) if composed.event_time else None
    timed = time is not None and type_of(time) == "timestamp"
    composed.event_time = time if timed else _added_time(composed)
    if composed.key is None:
        _first_id(composed)
    if composed.key is None and reading.promises.compact:
        name = subject.main.id if subject.main else "id"
        composed.key = _added(composed, name_words(name), "a compacted topic needs a key")
        composed.key_because = "a compacted topic needs one"


def _rule_out(composed: Composed) -> None:
    for sketch in list(composed.sketches.walk()):
        if any(_is_ruled_out(sketch, no) for no in composed.ruled_out):
            composed.sketches.drop(sketch)
    composed.sketches.fields[:] = [
        s
        for s in composed.sketches
        if not (s.many and s.phrase.attribute is None and s.type == "record")
    ]


def _complete_ids(composed: Composed, subject: Subject) -> None:
    """`its own id` is the id of what the product tells of."""
    for sketch in composed.sketches:
        if (
            sketch.phrase.words in (("id",), ("identifier",), ("number",), ("uuid",))
            and subject.main is not None
        ):
            known = next((s for s in composed.sketches if s.name == subject.main.id), None)
            phrase = phrase_of([*subject.main.name.split(), *sketch.phrase.words])
            if known is None and phrase is not None:
                sketch.phrase = phrase


_ALIKE = frozenset(
    {"ip_address", "birth", "email", "person_name", "contact", "salary", "bank_account"}
)
_ONE_OF = {
    "name": "person_name",
    "address": "contact",
    "ip": "ip_address",
    "email": "email",
    "phone": "contact",
    "salary": "salary",
    "dob": "birth",
}


def _is_ruled_out(sketch: Sketch, no: Prohibition) -> bool:
    words = sketch.phrase.words
    if words[-len(no.words) :] == no.words:
        return True
    if is_personal(no):
        secret = secret_of(sketch)
        return secret is not None and not secret[1] and not _pseudonymous(sketch)
    ruled = phrase_of(no.words)
    if ruled is None or ruled.attribute is None or sketch.attribute is None:
        return False
    if ruled.attribute.kind in ("ip_address", "birth", "email", "latitude", "longitude"):
        return sketch.attribute.kind == ruled.attribute.kind
    return no.words == ("name",) and sketch.attribute.kind == "person_name"


def _pseudonymous(sketch: Sketch) -> bool:
    return sketch.attribute is not None and sketch.attribute.kind == "identifier"


def _kinds_of_events(composed: Composed, reading: Reading) -> None:
    if reading.events is None:
        return
    names = ("event_type", "type", "action", "activity_type", "event")
    if any(
        sketch.name in names
        or (sketch.choice is not None and sketch.choice.values == reading.events.values)
        for sketch in composed.sketches
    ):
        return
    phrase = phrase_of(["event", "type"])
    if phrase:
        composed.sketches.fields.insert(
            0, Sketch(phrase, reading.events.says, choice=reading.events)
        )


def _identify(composed: Composed, reading: Reading, subject: Subject) -> None:
    """Key and ids: what order or the latest is kept of, what there is a message of each of."""
    for names, says in reading.promises.keys:
        for place, name in enumerate(names):
            found = _identified(composed, name.split(), subject, says)
            if found is not None and composed.key is None and place == 0:
                composed.key, composed.key_because, composed.key_given = found, says, True
    for mention in reading.every[:4]:
        sketch = _identified(composed, mention.words, subject, mention.says)
        if sketch is not None:
            _once(sketch, mention, subject, reading)
        if composed.key is None and sketch is not None:
            composed.key, composed.key_because = sketch, f'"{mention.says}"'
    if subject.main is not None and (composed.key is None or not _has_id(composed)):
        _main_id(composed, subject)
    if composed.key is None:
        _first_id(composed)


def _first_id(composed: Composed) -> None:
    """Where nothing asks for a key: what is unique, else the first id, else the first code."""
    fit = [
        s
        for s in composed.sketches
        if Trait.OPTIONAL not in s.traits and s.given and type_of(s) in PLAIN
    ]
    unique = next((s for s in fit if Trait.UNIQUE in s.traits), None)
    named = next((s for s in fit if _is_id(s)), None)
    coded = next((s for s in fit if s.forms), None)
    composed.key = unique or named or coded
    if unique is not None:
        composed.key_because = unique.traits[Trait.UNIQUE]
    elif composed.key is not None:
        composed.key_because = "it identifies what the messages are about"


def _once(sketch: Sketch, mention: Mention, subject: Subject, reading: Reading) -> None:
    """A message of each happening carries its id once, unless several tell of its course."""
    entity = entity_in(mention.words, subject.domain)
    course = reading.events is not None or reading.promises.uncompacted or reading.promises.compact
    if entity is None or not entity.happens or not mention.each or course:
        return
    if sketch.name.startswith(entity.name.replace(" ", "_")) and not _has_course(reading.sketches):
        sketch.once = f'"{mention.says}" has one message'


def _has_course(sketches: Sketches) -> bool:
    return any(
        s.choice is not None
        and s.phrase.words[-1] in ("status", "state", "stage", "phase", "lifecycle")
        for s in sketches
    )


def _main_id(composed: Composed, subject: Subject) -> None:
    """The id of what the product tells of, unless a field identifies it already."""
    entity = subject.main
    if entity is None:
        return
    found = _of_entity(composed, entity, list(entity.name.split()))
    unique = next((s for s in composed.sketches if Trait.UNIQUE in s.traits and _is_id(s)), None)
    if unique is not None and found is None:
        found = unique
    if found is None and any(_is_id(sketch) for sketch in composed.sketches if sketch.given):
        return
    if found is None:
        found = _added(composed, name_words(entity.id), f"it identifies the {entity.name}")
    if composed.key is None and found is not None:
        composed.key, composed.key_because = found, f"the messages tell of a {entity.name}"


def _identified(
    composed: Composed, words: Sequence[str], subject: Subject, says: str
) -> Sketch | None:
    """The field that identifies what these words name; it is made where there is none."""
    phrase = phrase_of(list(words))
    if phrase is None:
        return None
    known = composed.sketches
    exact = next((s for s in known if s.phrase.words == phrase.words), None)
    if exact is not None and type_of(exact) not in NUMBERS:
        return exact
    entity = entity_in(phrase.words, subject.domain)
    if entity is not None and (found := _of_entity(composed, entity, phrase.words)) is not None:
        return found
    having = [s for s in known if set(phrase.words) <= set(s.phrase.words) and _is_id(s)]
    if having:
        return min(having, key=lambda s: len(s.phrase.words))
    return _added(composed, _id_words(phrase, entity), f'"{says}" asks for it')


def _id_words(phrase: Phrase, entity: Entity | None) -> list[str]:
    if entity is not None and entity.name == " ".join(phrase.words):
        return name_words(entity.id)
    if (
        phrase.attribute is not None
        and phrase.attribute.kind
        in ("identifier", "text", "currency", "country", "postal", "personal_document")
        and not entities_of(phrase.words)
    ):
        return list(phrase.words)
    if phrase.words[-1] in ("id", "code", "number"):
        return list(phrase.words)
    return [*phrase.words, "id"]


def _of_entity(composed: Composed, entity: Entity, words: Sequence[str]) -> Sketch | None:
    """A field that is the entity's id by the ontology, or is called after it."""
    fit = [s for s in composed.sketches if Trait.OPTIONAL not in s.traits]
    by_name = next((s for s in fit if s.name == entity.id), None)
    if by_name is not None:
        return by_name
    called = [
        s
        for s in composed.sketches
        if _is_id(s)
        and (set(words) <= set(s.phrase.words) or set(entity.name.split()) <= set(s.phrase.words))
    ]
    return min(called, key=lambda s: len(s.phrase.words)) if called else None


def _is_id(sketch: Sketch) -> bool:
    if (
        type_of(sketch) not in ("string", "uuid", "category", "integer")
        or sketch.choice is not None
    ):
        return False
    last = sketch.phrase.words[-1]
    kind = sketch.attribute.kind if sketch.attribute else ""
    return (
        kind in ("identifier", "personal_document", "bank_account")
        or last in ("id", "number", "code", "key", "reference", "identifier", "token")
        or sketch.name in ("host_name", "hostname")
    )


def _has_id(composed: Composed) -> bool:
    return any(_is_id(sketch) for sketch in composed.sketches)


def _added(composed: Composed, words: Sequence[str], because: str) -> Sketch | None:
    phrase = phrase_of(list(words))
    if phrase is None:
        return None
    sketch = Sketch(phrase, because, given=False, because=because)
    if any(_is_ruled_out(sketch, no) for no in composed.ruled_out):
        return None
    known = next((s for s in composed.sketches if s.name == sketch.name), None)
    if known is None:
        composed.sketches.fields.insert(0, sketch)
    return known or sketch


def _time(composed: Composed) -> None:
    """The moment that the text names for what happens, else one is added."""
    times = [s for s in composed.sketches if type_of(s) == "timestamp"]
    named = next(
        (
            s
            for s in times
            if s.name in listed("composing.event_times") or s.phrase.words[-1] == "timestamp"
        ),
        None,
    )
    composed.event_time = named or _added_time(composed)


def _added_time(composed: Composed) -> Sketch | None:
    """`event_time`, or where another field is called so, `occurred_at`."""
    taken = {sketch.name for sketch in composed.sketches}
    words = ["event", "time"] if "event_time" not in taken else ["occurred", "at"]
    phrase = phrase_of(words)
    if phrase is None or phrase.name in taken:
        return None
    because = "consumers need to know when it happened, apart from when it arrived"
    sketch = Sketch(phrase, "", given=False, type="timestamp", because=because)
    composed.sketches.fields.append(sketch)
    return sketch


def _propose(composed: Composed, subject: Subject, context: DraftContext) -> None:
    """Fields of the nearest sources and of the ontology where the text names few."""
    missing = min(ENOUGH - len(composed.sketches), MOST_PROPOSED)
    for words, because, kind in _proposals(subject, context):
        if missing <= 0:
            return
        phrase = phrase_of(words)
        if phrase is None or composed.sketches.same(phrase) is not None or _alike(composed, phrase):
            continue
        sketch = Sketch(phrase, "", given=False, type=kind, because=because)
        if not any(_is_ruled_out(sketch, no) for no in composed.ruled_out):
            composed.sketches.fields.append(sketch)
            missing -= 1


def _proposals(
    subject: Subject, context: DraftContext
) -> Iterator[tuple[list[str], str, str | None]]:
    main = subject.main
    if main is not None:
        for name in main.has:
            yield name_words(name), f"a {main.name} usually has it", None
    for known in context.closest:
        if known.score >= NEAR:
            for child in known.schema.root.children:
                if not child.children:
                    yield name_words(child.name), f"{known.name}, which is close, has it", None


def _alike(composed: Composed, phrase: Phrase) -> bool:
    """Whether a field says already what a proposal would, such as another kind of status."""
    last = phrase.words[-1]
    return any(
        last == s.phrase.words[-1] or set(phrase.words) <= set(s.phrase.words)
        for s in composed.sketches
    )


def _currency(composed: Composed) -> None:
    """Amounts without a unit need the currency beside them."""
    amounts = [
        s
        for s in composed.sketches.walk()
        if type_of(s) == "decimal" and (s.unit is None or not s.unit.unit.money)
    ]
    amounts = [
        s
        for s in amounts
        if s.attribute is not None and s.attribute.kind in ("money", "signed_money", "salary")
    ]
    has = any(
        s.attribute is not None and s.attribute.kind == "currency" for s in composed.sketches.walk()
    )
    paired = any("pair" in s.phrase.words for s in composed.sketches)
    if not amounts or has or paired:
        return
    phrase = phrase_of(["currency"])
    if phrase is not None:
        because = f"{amounts[0].name} is an amount of money whose currency the text does not say"
        composed.sketches.fields.append(Sketch(phrase, "", given=False, because=because))


def _arrange(composed: Composed) -> None:
    """Key first, event time next, then as the text has them, what is proposed last."""

    def rank(sketch: Sketch) -> int:
        if sketch is composed.key:
            return 0
        if sketch is composed.event_time:
            return 2
        return 1 if not sketch.given and _is_id(sketch) else 3 if sketch.given else 4

    composed.sketches.fields.sort(key=rank)
