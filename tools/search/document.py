"""What search knows of a source: its name, description and fields."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from core.ranking.names import field_words, leaf, spoken, stems, term
from core.schema.model import ITEMS, VALUES, Schema

USUAL = 20
"""How many of a source's fields are read into its texts, the rarest of the fleet first."""
DESCRIPTION_CHARACTERS = 80
"""How much of a field's description stands beside its name."""
FIELD_DESCRIPTIONS = 60
"""How many field descriptions are strung together; the model reads some 200 words of them."""

READING = 2
"""Raised when texts are read into terms otherwise: the next refresh reads all documents again."""


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """`fields` are (path, type, description) with paths as in `Schema.walk`.

    `product_names` are what its data product is called, name and id; the index fills them in.
    """

    name: str
    description: str
    fields: tuple[tuple[str, str, str], ...]
    product_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Postgres keeps no NUL in text, and descriptions come from strangers."""
        cleaned = tuple(
            (_clean(path), _clean(kind), _clean(doc)) for path, kind, doc in self.fields
        )
        object.__setattr__(self, "name", _clean(self.name))
        object.__setattr__(self, "description", _clean(self.description))
        object.__setattr__(self, "fields", cleaned)

    @property
    def hash(self) -> bytes:
        """Equal for documents that are searched alike."""
        parts = [self.name, self.description, self.fields]
        product = [self.product_names] if self.product_names else []
        content = json.dumps([READING, *parts, *product], ensure_ascii=False)
        return hashlib.sha256(content.encode()).digest()

    @property
    def field_names(self) -> tuple[str, ...]:
        """The different field names as words, in the document's order."""
        names = (field_words(path) for path, _, _ in self.fields)
        return tuple(dict.fromkeys(name for name in names if name))

    @property
    def terms(self) -> tuple[int, ...]:
        """The stems of name, product, description and field names, as numbers."""
        told = (self.name, *self.product_names, self.description, *self.field_names)
        text = " ".join(told)
        return tuple(sorted(term(stem) for stem in stems(text)))


@dataclass(frozen=True, slots=True)
class Views:
    """The texts that stand for a source: their vectors are summed. Two may be the same."""

    names: str
    prose: str
    described: str

    @property
    def texts(self) -> tuple[str, str, str]:
        return self.names, self.prose, self.described


def document_of(name: str, description: str, schema: Schema | None) -> SearchDocument:
    """The document of a topic; without a schema it has no fields."""
    walked = schema.walk() if schema else ()
    fields = tuple(
        (path, " ".join(sorted(kind.value for kind in field.kinds)), field.doc)
        for path, field in walked
        if field.name not in (ITEMS, VALUES)
    )
    return SearchDocument(name, description, fields)


def rarest(document: SearchDocument, sources_with: Mapping[str, int]) -> tuple[str, ...]:
    """The field names that tell this source from others; `sources_with` counts the fleet's."""
    ranked = sorted(document.field_names, key=lambda name: sources_with.get(name, 0))
    return tuple(ranked[:USUAL])


def views_of(document: SearchDocument, chosen: tuple[str, ...]) -> Views:
    """Leaf name with the chosen field names; with all prose; with the names and their prose."""
    title = leaf(document.name) or spoken(document.name) or document.name
    prose = _descriptions(document)
    described = (
        f"{name} ({prose[name][:DESCRIPTION_CHARACTERS]})" if prose.get(name) else name
        for name in chosen
    )
    product = "".join(f"{name}. " for name in document.product_names[:1])
    strung = list(dict.fromkeys(doc for _, _, doc in document.fields if doc))[:FIELD_DESCRIPTIONS]
    return Views(
        names=f"{title}: {', '.join(chosen)}",
        prose=f"{title}. {product}{document.description} {' '.join(strung)}".strip(),
        described=f"{title}: {', '.join(described)}",
    )


def _descriptions(document: SearchDocument) -> dict[str, str]:
    """The first description of each field name."""
    found: dict[str, str] = {}
    for path, _, doc in document.fields:
        if doc:
            found.setdefault(field_words(path), doc)
    return found


def _clean(text: str) -> str:
    """Without NUL and without halves of surrogate pairs."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()
