"""Why a hit is one, in words and with what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.ranking.names import field_words
from core.ranking.naming import NameMatch
from core.search import Match, Reason
from tools.embeddings.cache import CachedEmbeddings
from tools.search.ranking import Asked, Ranked

FIELD = 0.5
"""Cosine from which a field's name counts as meaning what was asked for."""


async def reasons_of(
    asked: Asked, hits: Sequence[tuple[Ranked, Sequence[str]]], cache: CachedEmbeddings
) -> list[tuple[Reason, ...]]:
    """For each hit, given with its field paths, its reasons: strongest first, at least one.

    The vectors of the fields' names were kept when the sources were indexed.
    """
    names = list({field_words(path) for _, paths in hits for path in paths})
    vectors = await cache.known(names)
    similarity = {name: float(asked.vector @ vector) for name, vector in vectors.items()}
    return [_reasons(asked, hit, _best(paths, similarity)) for hit, paths in hits]


def _best(paths: Sequence[str], similarity: Mapping[str, float]) -> tuple[str, float] | None:
    """The path whose field's name is nearest to the question, with its cosine."""
    known = [
        (path, similarity[words]) for path in paths if (words := field_words(path)) in similarity
    ]
    return max(known, key=lambda found: found[1], default=None)


def _reasons(asked: Asked, hit: Ranked, field: tuple[str, float] | None) -> tuple[Reason, ...]:
    found = [
        *_naming(asked, hit),
        *_field(asked, field),
        *_words(asked, hit),
        Reason(match=Match.MEANING, text=f"its texts are {hit.similarity:.2f} similar in meaning"),
    ]
    return tuple(found)


def _naming(asked: Asked, hit: Ranked) -> list[Reason]:
    if hit.named.match is NameMatch.NONE:
        return []
    name = "the name of its product" if hit.named.of_product else "its name"
    if hit.named.corrected:
        meant = ", ".join(f'"{word}" as "{right}"' for word, right in asked.question.corrections)
        return [Reason(match=Match.TYPO, text=f"{name} matches, reading {meant}")]
    match, text = _NAMING[hit.named.match]
    return [Reason(match=match, text=text.format(name, hit.named.words))]


def _words(asked: Asked, hit: Ranked) -> list[Reason]:
    read = asked.question.stems.values()
    words = [word for word, has in zip(read, hit.held, strict=True) if has]
    if not words:
        return []
    noun = "word" if len(words) == 1 else "words"
    return [Reason(match=Match.WORDS, text=f"has the {noun} {', '.join(words)}")]


def _field(asked: Asked, field: tuple[str, float] | None) -> list[Reason]:
    if field is None or field[1] < FIELD:
        return []
    text = (
        f'field `{field[0]}` is {field[1]:.2f} similar in meaning to "{asked.question.text[:80]}"'
    )
    return [Reason(match=Match.FIELD, text=text)]


_NAMING = {
    NameMatch.EXACT: (Match.EXACT_NAME, "this is {}"),
    NameMatch.SAME: (Match.EXACT_NAME, "this is {} in another spelling"),
    NameMatch.PREFIX: (Match.NAME, "{} begins so"),
    NameMatch.WORDS: (Match.NAME, '{} has "{}"'),
    NameMatch.INSIDE: (Match.NAME, "this stands inside {}"),
}
