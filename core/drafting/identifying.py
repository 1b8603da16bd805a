"""What identifies a message: the field that is the key, and ids that the text only implies."""

from __future__ import annotations

from collections.abc import Sequence

from core.drafting.composed import Composed, is_id
from core.drafting.marks import Trait
from core.drafting.mentions import Mention
from core.drafting.ontology import Entity
from core.drafting.phrases import Phrase, entities_of, phrase_of
from core.drafting.reading import Reading
from core.drafting.sketch import Sketch, Sketches
from core.drafting.subject import Subject, entity_in, with_article
from core.drafting.typing_of import NUMBERS, PLAIN, type_of
from core.names import words as name_words

MOST_MENTIONS = 4

_NAMING_KINDS = frozenset(
    {"identifier", "text", "currency", "country", "postal", "personal_document"}
)
"""Kinds of attributes that name a thing without an id: `sku`, `region`, `symbol`."""
_BARE = frozenset({("id",), ("identifier",), ("number",), ("uuid",)})
_COURSES = frozenset({"status", "state", "stage", "phase", "lifecycle"})


def identify(composed: Composed, reading: Reading, subject: Subject) -> None:
    """What order or the latest is kept of, what there is a message of each of, else the subject."""
    _complete_ids(composed, subject, reading)
    _by_promises(composed, reading, subject)
    _by_mentions(composed, reading, subject)
    identified = any(map(is_id, composed.sketches))
    if subject.main is not None and (composed.key is None or not identified):
        _by_subject(composed, subject.main)
        _once_of_subject(composed, subject.main, reading)
    if composed.key is None:
        _by_fields(composed)


def settle_key(composed: Composed, reading: Reading, subject: Subject) -> None:
    """A key is a single value that is there; a compacted topic cannot do without one."""
    key = composed.named(composed.key.name) if composed.key else None
    composed.key = key if key is not None and type_of(key) in PLAIN else None
    if composed.key is None:
        _by_fields(composed)
    if composed.key is None and reading.promises.compact:
        name = subject.main.id if subject.main else "id"
        composed.key = composed.added(name_words(name), "a compacted topic needs a key")
        composed.key_because = "a compacted topic needs one"


def _complete_ids(composed: Composed, subject: Subject, reading: Reading) -> None:
    """`its own id` is the id of what there is a message of each of, else of the subject."""
    main = subject.main
    if main is None or composed.named(main.id) is not None:
        return
    owner = reading.every[0].words if reading.every else tuple(main.name.split())
    bare = next((sketch for sketch in composed.sketches if sketch.phrase.words in _BARE), None)
    phrase = phrase_of([*owner, *bare.phrase.words]) if bare else None
    if bare is not None and phrase is not None:
        bare.phrase = phrase


def _by_promises(composed: Composed, reading: Reading, subject: Subject) -> None:
    for names, says in reading.promises.keys:
        found = [_identified(composed, name.split(), subject, says) for name in names]
        if composed.key is None and found and found[0] is not None:
            composed.key, composed.key_because, composed.key_given = found[0], says, True


def _by_mentions(composed: Composed, reading: Reading, subject: Subject) -> None:
    for mention in reading.every[:MOST_MENTIONS]:
        sketch = _identified(composed, mention.words, subject, mention.says)
        if sketch is None:
            continue
        _once(sketch, mention, subject, reading)
        if composed.key is None:
            composed.key, composed.key_because = sketch, f'"{mention.says}"'


def _by_subject(composed: Composed, entity: Entity) -> None:
    """The id of what the product tells of, unless another field identifies it."""
    ids = [sketch for sketch in composed.sketches if is_id(sketch)]
    unique = next((sketch for sketch in ids if Trait.UNIQUE in sketch.traits), None)
    found = _of_entity(composed, entity, entity.name.split()) or unique
    if found is None and any(sketch.given for sketch in ids):
        return
    found = found or composed.added(name_words(entity.id), f"it identifies the {entity.name}")
    if composed.key is None and found is not None:
        composed.key, composed.key_because = (
            found,
            f"the messages tell of {with_article(entity.name)}",
        )


def _by_fields(composed: Composed) -> None:
    """Where nothing asks for a key: what is unique, else the first id, else the first code."""
    fit = composed.fit_for_key
    unique = next((sketch for sketch in fit if Trait.UNIQUE in sketch.traits), None)
    named = next((sketch for sketch in fit if is_id(sketch)), None)
    coded = next((sketch for sketch in fit if sketch.forms), None)
    composed.key = unique or named or coded
    if unique is not None:
        composed.key_because = unique.traits[Trait.UNIQUE]
    elif composed.key is not None:
        composed.key_because = "it identifies what the messages are about"


def _once(sketch: Sketch, mention: Mention, subject: Subject, reading: Reading) -> None:
    """A message of each happening carries its id once, unless several tell of its course."""
    entity = entity_in(mention.words, subject.domain)
    course = reading.events or reading.promises.uncompacted or reading.promises.compact
    if entity is None or not entity.happens or not mention.each or course:
        return
    if sketch.name.startswith(entity.name.replace(" ", "_")) and not _has_course(reading.sketches):
        sketch.once = f'"{mention.says}" has one message'


def _once_of_subject(composed: Composed, entity: Entity, reading: Reading) -> None:
    """Likewise where nothing but the subject says that a message tells of one happening."""
    sketch, promises = composed.named(entity.id), reading.promises
    course = reading.events or promises.uncompacted or promises.compact or promises.keys
    if sketch is None or not entity.happens or course or _has_course(reading.sketches):
        return
    if entity.id == f"{entity.name.replace(' ', '_')}_id" or not sketch.given:
        sketch.once = f"a message tells of one {entity.name}"


def _has_course(sketches: Sketches) -> bool:
    return any(s.choice is not None and s.phrase.words[-1] in _COURSES for s in sketches)


def _identified(
    composed: Composed, words: Sequence[str], subject: Subject, says: str
) -> Sketch | None:
    """The field that identifies what these words name; it is made where there is none."""
    phrase = phrase_of(list(words))
    if phrase is None:
        return None
    exact = next((s for s in composed.sketches if s.phrase.words == phrase.words), None)
    if exact is not None and type_of(exact) not in NUMBERS:
        return exact
    entity = entity_in(phrase.words, subject.domain)
    found = _of_entity(composed, entity, phrase.words) if entity else None
    found = found or _shortest(composed, set(phrase.words))
    return found or composed.added(_id_words(phrase, entity), f'"{says}" asks for it')


def _of_entity(composed: Composed, entity: Entity, words: Sequence[str]) -> Sketch | None:
    """A field that is the entity's id by the ontology, or is called after it."""
    known = composed.named(entity.id)
    if known is not None and Trait.OPTIONAL not in known.traits:
        return known
    return _shortest(composed, set(words)) or _shortest(composed, set(entity.name.split()))


def _shortest(composed: Composed, words: set[str]) -> Sketch | None:
    """The id of the fewest words that has these."""
    called = [s for s in composed.sketches if is_id(s) and words <= set(s.phrase.words)]
    return min(called, key=lambda sketch: len(sketch.phrase.words), default=None)


def _id_words(phrase: Phrase, entity: Entity | None) -> list[str]:
    if entity is not None and entity.name == " ".join(phrase.words):
        return name_words(entity.id)
    kind = phrase.attribute.kind if phrase.attribute else ""
    names = kind in _NAMING_KINDS and not entities_of(phrase.words)
    if names or phrase.words[-1] in ("id", "code", "number"):
        return list(phrase.words)
    return [*phrase.words, "id"]
