"""A schema made ready to be compared: title, fields in one order, and the texts to embed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from core.arrays import Floats
from core.schema.model import ITEMS, VALUES, Field, Schema
from core.similarity.identifiers import is_telling
from core.similarity.meaning import Meaning, meaning_of, said
from core.similarity.title import Title, title_of
from core.similarity.values import Values

Vectors = Mapping[str, Floats]
"""Unit vectors by text. A text that the model cannot read has none: its letters decide alone."""

_TOLD = 300
"""Characters of a description that are read; the rest is mostly instructions."""


@dataclass(frozen=True, slots=True)
class ComparedField:
    """`called` and `placed` are the words of the name and of the whole path; `groups` says whether
    it only holds fields that are compared themselves."""

    path: str
    field: Field
    called: str
    placed: str
    meaning: Meaning
    values: Values | None = None
    groups: bool = False

    @property
    def told(self) -> str:
        """The name with its description, where it has one."""
        doc = self.field.doc.strip()[:_TOLD]
        return f"{self.called}: {doc}" if doc else self.called

    @property
    def term(self) -> str:
        """The same for fields that mean the same; what rarity is counted by."""
        return " ".join(sorted(self.meaning.core))


@dataclass(frozen=True)
class Comparable:
    """`name` is its topic's or subject's; fields are by path, so that their order says nothing."""

    name: str
    title: Title
    doc: str
    fields: tuple[ComparedField, ...]

    @staticmethod
    def of(
        name: str, schema: Schema, doc: str = "", values: Mapping[str, Values] | None = None
    ) -> Comparable:
        """`doc` describes the whole (default: the schema's own); `values` are by path."""
        title = title_of(name)
        fields = sorted(_fields(schema, title, values or {}), key=lambda field: field.path)
        return Comparable(name, title, doc or schema.doc, tuple(fields))

    @property
    def told(self) -> str:
        doc = self.doc.strip()[:_TOLD]
        return f"{self.title.text}: {doc}" if doc else self.title.text

    @cached_property
    def terms(self) -> frozenset[str]:
        """What its fields mean, those left out that only hold others."""
        return frozenset(field.term for field in self.fields if not field.groups)

    @cached_property
    def identifiers(self) -> frozenset[str]:
        """Paths of those fields that tell whether another source holds the same records."""
        return frozenset(field.path for field in self.fields if is_telling(field))

    @cached_property
    def by_path(self) -> Mapping[str, ComparedField]:
        return {field.path: field for field in self.fields}

    @cached_property
    def order(self) -> tuple[str, tuple[str, ...]]:
        """Tells of two sides which comes first, whatever their places."""
        return self.name, tuple(field.path for field in self.fields)

    def title_texts(self) -> set[str]:
        """Whose vectors the score wants."""
        return {self.title.text, self.told, *self.title.text.split()}

    @cached_property
    def field_texts(self) -> frozenset[str]:
        """Whose vectors an alignment wants."""
        return frozenset(
            text for field in self.fields for text in (field.called, field.placed, field.told)
        )

    @cached_property
    def field_terms(self) -> frozenset[str]:
        """What all its fields mean, those that only hold others among them."""
        return frozenset(field.term for field in self.fields)


def _fields(schema: Schema, title: Title, values: Mapping[str, Values]) -> Iterator[ComparedField]:
    for path, field in schema.walk():
        if field.name not in (ITEMS, VALUES):
            yield ComparedField(
                path, field, said(field.name) or field.name, said(path) or path,
                meaning_of(field.name, title.text, title.space), values.get(path), _groups(field),
            )  # fmt: skip


def _groups(field: Field) -> bool:
    children = field.children
    return bool(children) and any(c.name not in (ITEMS, VALUES) or c.children for c in children)
