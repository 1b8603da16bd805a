"""Small schemas and vectors to compare."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping

import numpy as np
from hypothesis import strategies as st

from core.schema.model import Field, Kind, Schema
from core.similarity.comparable import Comparable, Vectors

TEXT, WHOLE = frozenset({Kind.STRING}), frozenset({Kind.INTEGER})
_WORDS = ("order", "id", "amount", "currency", "created", "at", "customer", "status", "city", "qty")
_KINDS = (TEXT, WHOLE, frozenset({Kind.NUMBER}), frozenset({Kind.BOOLEAN, Kind.NULL}))

Shape = Mapping[str, "frozenset[Kind] | Shape"]


def schema(fields: Shape) -> Schema:
    return Schema(_record("", fields))


def source(name: str, fields: Shape, doc: str = "") -> Comparable:
    return Comparable.of(name, schema(fields), doc)


def _record(name: str, fields: Shape) -> Field:
    children = tuple(
        Field(child, inside) if isinstance(inside, frozenset) else _record(child, inside)
        for child, inside in fields.items()
    )
    return Field(name, frozenset({Kind.OBJECT}), children=children)


def vectors(texts: Iterable[str], dimension: int = 16) -> Vectors:
    """A vector of its own for each word, and the unit mean of its words' for each text."""
    return {text: _unit(sum(_of_word(word, dimension) for word in text.split())) for text in texts}


def _of_word(word: str, dimension: int) -> np.ndarray:
    return np.random.default_rng(zlib.crc32(word.encode())).normal(size=dimension)


def _unit(row: np.ndarray) -> np.ndarray:
    return (row / np.linalg.norm(row)).astype(np.float32)


names = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3, unique=True).map("_".join)
shapes = st.dictionaries(
    names,
    st.one_of(
        st.sampled_from(_KINDS),
        st.dictionaries(names, st.sampled_from(_KINDS), min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=5,
)


def fields_known(*sources: Comparable) -> Vectors:
    return vectors({text for side in sources for text in side.field_texts})


def titles_known(*sources: Comparable) -> Vectors:
    return vectors({text for side in sources for text in side.title_texts()})
