"""Fields as the description has them so far, and finding the one that words speak of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from core.drafting.marks import Bound, Choice, Form, Mark, Measured, Said, Trait
from core.drafting.ontology import Attribute, listed
from core.drafting.phrases import Phrase, plural_of


@dataclass(slots=True)
class Sketch:
    """A field in the making; `given` where the text names it, `says` are the words."""

    phrase: Phrase
    says: str
    given: bool = True
    type: str | None = None
    """Over the type that the phrase implies."""
    bounds: list[Bound] = field(default_factory=list)
    choice: Choice | None = None
    forms: list[Form] = field(default_factory=list)
    unit: Measured | None = None
    traits: dict[Trait, str] = field(default_factory=dict)
    members: list[Sketch] = field(default_factory=list)
    many: bool = False
    """Whether it is a list."""
    once: str = ""
    """Why its value comes once, where nothing but sense says so."""
    because: str = ""
    """Why it is there where the text does not name it."""

    @property
    def name(self) -> str:
        return self.phrase.name

    @property
    def attribute(self) -> Attribute | None:
        return self.phrase.attribute

    def take(self, mark: Mark) -> None:
        """What a mark says of this field; what was said first of a choice holds."""
        if isinstance(mark, Bound):
            self.bounds.append(mark)
        elif (
            isinstance(mark, Choice)
            and set(mark.values) == {"positive", "negative"}
            and self._counts()
        ):
            self.traits.setdefault(Trait.SIGNED, mark.says)
        elif isinstance(mark, Choice):
            self.choice = self.choice or (None if self.forms else mark)
        elif isinstance(mark, Form):
            self.forms.append(mark)
        elif isinstance(mark, Measured):
            self.unit = self.unit or mark
        elif isinstance(mark, Said):
            self.traits.setdefault(mark.trait, mark.says)
            if mark.trait in (Trait.MAP, Trait.LIST):
                self.phrase = plural_of(self.phrase)

    def _counts(self) -> bool:
        kind = self.attribute.type if self.attribute else ""
        return kind in ("number", "integer", "decimal") and self.phrase.words[-1] not in (
            "factor",
            "value",
        )

    def absorb(self, other: Sketch) -> None:
        """Everything said of the same field elsewhere."""
        self.bounds += other.bounds
        self.forms += other.forms
        self.choice = self.choice or other.choice
        self.unit = self.unit or other.unit
        self.type = self.type or other.type
        self.members = self.members or other.members
        self.many = self.many or other.many
        self.given = self.given or other.given
        for trait, says in other.traits.items():
            self.traits.setdefault(trait, says)


@dataclass(slots=True)
class Sketches:
    """The fields of a draft in the order of their first mention."""

    fields: list[Sketch] = field(default_factory=list)

    def __iter__(self) -> Iterator[Sketch]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def walk(self) -> Iterator[Sketch]:
        """All fields with the members of records."""
        yield from _walk(self.fields)

    def add(self, sketch: Sketch) -> Sketch:
        """The field that stands for it: an earlier one where that is meant."""
        known = self.same(sketch.phrase)
        if known is None:
            self.fields.append(sketch)
            return sketch
        if len(sketch.phrase.words) > len(known.phrase.words) and sketch.given:
            known.phrase = sketch.phrase
        known.absorb(sketch)
        return known

    def same(self, phrase: Phrase) -> Sketch | None:
        """The field that is so called, or whose name ends in these words, or they in its."""
        exact = [sketch for sketch in self.walk() if sketch.name == phrase.name]
        if exact:
            return exact[0]
        ending = [sketch for sketch in self.walk() if _ends(sketch.phrase.words, phrase.words)]
        if len(ending) == 1 and not _another(ending[0].phrase, phrase):
            return ending[0]
        return self._synonym(phrase)

    def meant(self, words: Sequence[str]) -> Sketch | None:
        """The field that looser words speak of, such as `the kind` of `kind of leave`."""
        wanted = set(words)
        found = [sketch for sketch in self.walk() if wanted <= set(sketch.phrase.words)]
        return min(found, key=lambda sketch: len(sketch.phrase.words)) if found else None

    def _synonym(self, phrase: Phrase) -> Sketch | None:
        """`oxygen saturation` where there is `SpO2`: one of a group of words for one thing."""
        group = next((group for group in _SYNONYMS if " ".join(phrase.words) in group), None)
        if group is None:
            return None
        found = [sketch for sketch in self.walk() if " ".join(sketch.phrase.words) in group]
        return found[0] if len(found) == 1 else None

    def drop(self, sketch: Sketch) -> None:
        for fields in [self.fields, *(other.members for other in self.walk())]:
            fields[:] = [field for field in fields if field is not sketch]


def _walk(fields: Iterable[Sketch]) -> Iterator[Sketch]:
    for sketch in fields:
        yield sketch
        yield from _walk(sketch.members)


def _ends(longer: Sequence[str], shorter: Sequence[str]) -> bool:
    return len(longer) > len(shorter) and tuple(longer[-len(shorter) :]) == tuple(shorter)


def _another(known: Phrase, phrase: Phrase) -> bool:
    """A lone `number` after `policy number` may be another number; a lone `total` is the total."""
    return len(phrase.words) == 1 and phrase.words[0] in listed("sketch.apart")


_SYNONYMS = (
    frozenset({"spo2", "oxygen saturation", "sp o2", "saturation"}),
    frozenset({"heart rate", "pulse", "hr"}),
    frozenset({"email", "email address", "mail", "mail address", "e mail"}),
    frozenset({"phone", "phone number", "telephone", "telephone number", "mobile number"}),
    frozenset({"latitude", "lat"}),
    frozenset({"longitude", "lon", "lng"}),
    frozenset({"quantity", "qty"}),
    frozenset({"postcode", "zip code", "postal code", "zip"}),
    frozenset({"date of birth", "dob", "birth date", "birthdate"}),
    frozenset({"date of loss", "loss date"}),
    frozenset({"licence plate", "number plate", "license plate"}),
    frozenset({"ip", "ip address"}),
    frozenset({"temperature", "temp"}),
    frozenset({"vin", "vehicle identification number", "chassis number"}),
    frozenset({"state of charge", "soc", "battery level", "charge level"}),
    frozenset({"url", "uri", "link"}),
    frozenset({"reserve", "reserve amount"}),
    frozenset({"order number", "order id"}),
    frozenset({"customer", "customer id", "customer number"}),
)
