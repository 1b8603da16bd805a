"""What a product is about: its entities and its domain."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.drafting.ontology import Entity, ontology
from core.drafting.phrases import entities_of, singular, tokens
from core.drafting.reading import Reading

GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Subject:
    """`main` is the entity that the product tells of, where one is known."""

    domain: str
    because: str
    main: Entity | None
    mentioned: tuple[Entity, ...]


def subject_of(product_name: str, description: str, reading: Reading) -> Subject:
    """By entities and words of the name, which count most, and of the description."""
    ordered = [tuple(name.split()) for names, _ in reading.promises.keys for name in names]
    strong_words = [*ordered, *(mention.words for mention in reading.every)]
    named = [tuple(run) for run in _runs(_words(product_name))]
    told = [tuple(run) for run in _runs(_words(description))]
    votes: Counter[str] = Counter()
    for runs, weight in ((named, 3.0), (strong_words, 2.0), (told, 1.0)):
        for domain, vote in _votes(runs).items():
            votes[domain] += weight * vote  # type: ignore[assignment]
    domain = max(votes, key=lambda name: (votes[name], name)) if votes else GENERAL
    mentioned = _mentioned([*strong_words, *named, *told], domain)
    opening = reading.sentences[0].text if reading.sentences else ""
    main = _main(strong_words, named, [tuple(run) for run in _runs(_words(opening))], domain)
    return Subject(domain, _why(domain, [*named, *told]), main, tuple(mentioned))


def entity_in(words: Sequence[str], domain: str) -> Entity | None:
    """The entity of these words, that of the domain where several are so called."""
    found = entities_of(words)
    return next(
        (entity for entity in found if entity.domain == domain), found[0] if found else None
    )


def _words(text: str) -> list[str]:
    return [singular(word) for word in tokens(text.lower()) if word[0].isalpha()]


def _runs(words: Sequence[str]) -> Iterable[list[str]]:
    """All runs of up to three words."""
    for start in range(len(words)):
        for size in (3, 2, 1):
            if start + size <= len(words):
                yield list(words[start : start + size])


def _votes(runs: Iterable[Sequence[str]]) -> Counter[str]:
    """A domain's words and entities; what many domains have says little, long phrases much."""
    known, votes = ontology(), Counter[str]()
    for text in sorted({" ".join(run) for run in runs}):
        entities, telling = known.entities.get(text, ()), len(text.split())
        for entity in entities:
            votes[entity.domain] += telling / len(entities)  # type: ignore[assignment]
        if domain := known.domains.get(text):
            votes[domain] += telling
    return votes


def _mentioned(runs: Iterable[Sequence[str]], domain: str) -> list[Entity]:
    found: dict[str, Entity] = {}
    for run in runs:
        entity = _exact(run, domain)
        if entity is not None:
            found.setdefault(entity.name, entity)
    return list(found.values())


def _exact(run: Sequence[str], domain: str) -> Entity | None:
    found = ontology().entities.get(" ".join(run), ())
    return next(
        (entity for entity in found if entity.domain == domain), found[0] if found else None
    )


def _main(
    strong: Sequence[Sequence[str]],
    named: Sequence[Sequence[str]],
    opening: Sequence[Sequence[str]],
    domain: str,
) -> Entity | None:
    for words in strong:
        if entity := entity_in(words, domain):
            return entity
    for runs in (named, opening):
        found = [entity for run in runs if (entity := _exact(run, domain)) is not None]
        same = [entity for entity in found if entity.domain == domain]
        if same or found:
            return max(same or found, key=lambda entity: len(entity.name.split()))
    return None


def _why(domain: str, runs: Iterable[Sequence[str]]) -> str:
    known = ontology()
    said = []
    for run in runs:
        text = " ".join(run)
        if known.domains.get(text) == domain or any(
            e.domain == domain for e in known.entities.get(text, ())
        ):
            said.append(text)
    telling = list(dict.fromkeys(said))[:3]
    quoted = ", ".join(f'"{word}"' for word in telling)
    return f"words such as {quoted} speak of it" if quoted else "nothing in the text tells a domain"


_AS_YOU = ("eu", "uni", "uri", "url", "us", "uti", "uuid")
_SILENT = ("heir", "honor", "honour", "hour")


def with_article(name: str) -> str:
    """By the sound: `an order`, `an hour`, `a user`."""
    vowel = name.startswith(_SILENT) or (name[0] in "aeiou" and not name.startswith(_AS_YOU))
    return f"{'an' if vowel else 'a'} {name}"


_LATIN = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    return _LATIN.sub("-", text.lower()).strip("-")
