"""The fields of a draft while they are put together, and what no field may be called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.drafting.marks import Trait
from core.drafting.meaning import secret_of
from core.drafting.phrases import phrase_of
from core.drafting.prohibitions import Prohibition, is_personal
from core.drafting.sketch import Sketch, Sketches
from core.drafting.typing_of import PLAIN, type_of

_ONE_KIND = frozenset({"ip_address", "birth", "email", "secret", "latitude", "longitude"})
"""Kinds of attributes that one word rules out whatever a field is called."""
_ID_WORDS = frozenset({"id", "number", "code", "key", "reference", "identifier", "token"})
_ID_KINDS = frozenset({"identifier", "personal_document", "bank_account"})
_ID_TYPES = frozenset({"string", "uuid", "category", "integer"})


@dataclass(slots=True)
class Composed:
    """Fields with key and event time, each with why it was chosen."""

    sketches: Sketches
    key: Sketch | None = None
    key_because: str = ""
    key_given: bool = False
    event_time: Sketch | None = None
    ruled_out: list[Prohibition] = field(default_factory=list)

    def named(self, name: str) -> Sketch | None:
        return next((sketch for sketch in self.sketches if sketch.name == name), None)

    @property
    def fit_for_key(self) -> list[Sketch]:
        """Single values that the text names and that are always there."""
        return [
            sketch
            for sketch in self.sketches
            if sketch.given and Trait.OPTIONAL not in sketch.traits and type_of(sketch) in PLAIN
        ]

    def added(self, words: Sequence[str], because: str, first: bool = True) -> Sketch | None:
        """The field of these words, made where there is none; None where it is ruled out."""
        phrase = phrase_of(list(words))
        if phrase is None:
            return None
        if (known := self.named(phrase.name)) is not None:
            return known
        sketch = Sketch(phrase, because, given=False, because=because)
        if self.rules_out(sketch):
            return None
        self.sketches.fields.insert(0 if first else len(self.sketches), sketch)
        return sketch

    def rules_out(self, sketch: Sketch) -> bool:
        return any(_is_ruled_out(sketch, no) for no in self.ruled_out)

    def drop_ruled_out(self) -> None:
        for sketch in [sketch for sketch in self.sketches.walk() if self.rules_out(sketch)]:
            self.sketches.drop(sketch)


def is_id(sketch: Sketch) -> bool:
    """Whether a field identifies something."""
    if type_of(sketch) not in _ID_TYPES or sketch.choice is not None:
        return False
    kind = sketch.attribute.kind if sketch.attribute else ""
    host = sketch.name in ("host_name", "hostname")
    return kind in _ID_KINDS or sketch.phrase.words[-1] in _ID_WORDS or host


def _is_ruled_out(sketch: Sketch, no: Prohibition) -> bool:
    if sketch.phrase.words[-len(no.words) :] == no.words:
        return True
    if is_personal(no):
        secret = secret_of(sketch)
        return secret is not None and not secret[1] and not is_id(sketch)
    ruled = phrase_of(no.words)
    if ruled is None or ruled.attribute is None or sketch.attribute is None:
        return False
    kind = ruled.attribute.kind
    if kind in _ONE_KIND:
        return sketch.attribute.kind == kind
    return no.words == ("name",) and sketch.attribute.kind == "person_name"
