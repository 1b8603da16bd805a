"""A made-up fleet whose sources are put together from texts that were really embedded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from pgvector import HalfVector
from psycopg.types.json import Jsonb

from core.ranking.names import key, spoken
from core.ranking.score import pack_signs, pack_terms
from tools.db.pool import Pool
from tools.embeddings.cache import CachedEmbeddings
from tools.embeddings.minilm import MiniLM
from tools.embeddings.model import Encoded
from tools.search.document import READING, SearchDocument


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


DOMAINS = _words(
    "supplier customer order invoice payment shipment warehouse inventory product price campaign "
    "email session device sensor vehicle driver route claim policy account loan card refund "
    "subscription employee payroll ticket alert deployment build repository patient appointment "
    "booking flight hotel meter energy contract"
)
EVENTS = _words(
    "created updated cancelled approved rejected scored delivered opened failed archived enriched "
    "matched priced audited forecast settled disputed escalated assigned measured located renewed "
    "expired imported exported clicked viewed reserved returned inspected"
)
ATTRIBUTES = _words(
    "id name status amount currency country created_at updated_at score category reason owner "
    "reference quantity address email phone latitude longitude version source channel priority "
    "due_date expires_at method provider rating comment temperature speed weight batch discount "
    "tax_rate region language"
)
TEAMS = ("core", "emea", "apac", "risk", "growth", "legacy", "edge", "lake", "bi", "ops")
PRODUCTS_COPY = (
    "copy products (id, name, description, owner, domain, lifecycle, version) from stdin"
)
SOURCES_COPY = (
    "copy sources (id, cluster, name, kind, status, domain, format, owner, product_id, messages, "
    "scanned_at) from stdin"
)
DOCUMENTS_COPY = (
    "copy search_documents (source_id, hash, document, name_key, name_words, field_names, terms, "
    "product_names, reading) from stdin"
)
NAMES_COPY = "copy search_product_names (source_id, name_key, name_words) from stdin"
CONSUMERS = (
    "insert into consumers (cluster, group_id, topic, team) "
    "select cluster, 'group-' || n, name, 'team-' || n from sources, generate_series(1, id % 5) n"
)
_TOPICS = 4
"""Topics of a product."""
VECTORS_COPY = (
    "copy search_vectors (source_id, model, hash, fleet, vector, tokens, terms) from stdin"
)


@dataclass(frozen=True, slots=True)
class Source:
    """`vector` is the mean of its title's and its fields' vectors; `tokens` are those of all.

    Every third source is managed; a product has four of them and is called after the first.
    """

    id: int
    title: str
    document: SearchDocument
    vector: np.ndarray
    tokens: bytes


class Fleet:
    """`sources` of them, the same for a seed; some 2,400 texts are embedded for all."""

    def __init__(self, model: MiniLM, sources: int, seed: int = 7) -> None:
        self._model = model
        self._count = sources
        self._random = np.random.default_rng(seed)
        self.titles = [f"{domain} {event}" for domain in DOMAINS for event in EVENTS]
        self.fields = [f"{domain}_{name}" for domain in DOMAINS for name in ATTRIBUTES]
        self._embedded = self._embed([*self.titles, *map(spoken, self.fields)])

    def _embed(self, texts: list[str]) -> dict[str, Encoded]:
        return dict(zip(texts, self._model.encode(texts), strict=True))

    def __iter__(self) -> Iterator[Source]:
        for number in range(1, self._count + 1):
            yield self._source(number)

    def _source(self, number: int) -> Source:
        title = self.titles[self._random.integers(len(self.titles))]
        own = title.split()[0]
        fields = self._fields(own)
        team = TEAMS[self._random.integers(len(TEAMS))]
        document = SearchDocument(
            f"{team}.{title.replace(' ', '-')}.{number}",
            "",
            tuple((f, "string", "") for f in fields),
            self._product(number),
        )
        parts = [self._embedded[title], *(self._embedded[spoken(field)] for field in fields)]
        return Source(number, title, document, self._vector(parts), self._signs(parts))

    def _product(self, number: int) -> tuple[str, ...]:
        """Name and id of the product that a managed source belongs to."""
        if number % 3:
            return ()
        product = number // (3 * _TOPICS)
        title = self.titles[product % len(self.titles)].title()
        return f"{title} Hub {product}", f"product-{product}"

    def _fields(self, own: str) -> list[str]:
        """Mostly of its own entity, some of two others."""
        others = [DOMAINS[self._random.integers(len(DOMAINS))] for _ in range(2)]
        chosen = self._random.choice(
            len(ATTRIBUTES), size=self._random.integers(6, 16), replace=False
        )
        owners = [own if self._random.random() < 0.7 else others[place % 2] for place in chosen]
        return [f"{owner}_{ATTRIBUTES[place]}" for owner, place in zip(owners, chosen, strict=True)]

    def _vector(self, parts: Sequence[Encoded]) -> np.ndarray:
        """Length as measured for real sources: the mean of unit vectors is shorter than one."""
        mixed = parts[0].vector + np.mean([part.vector for part in parts[1:]], axis=0)
        noise = self._random.normal(0, 0.25 / np.sqrt(len(mixed)), len(mixed))
        mixed = mixed / np.linalg.norm(mixed) + noise
        return np.asarray(0.9 * mixed / np.linalg.norm(mixed), np.float32)

    def _signs(self, parts: Sequence[Encoded]) -> bytes:
        tokens = np.concatenate([part.tokens for part in parts])
        noise = self._random.normal(0, 0.3 / np.sqrt(tokens.shape[1]), tokens.shape)
        return pack_signs(np.asarray(tokens + noise, np.float32))


async def store(pool: Pool, fleet: Sequence[Source], model: MiniLM) -> None:
    """Copy the fleet into the tables of a migrated database, and embed the names of its fields as
    indexing does, so that a hit can tell which of its fields is meant."""
    async with pool.connection() as connection, connection.cursor() as cursor:
        for statement, rows in (
            (PRODUCTS_COPY, _product_rows(fleet)),
            (SOURCES_COPY, map(_source_row, fleet)),
            (DOCUMENTS_COPY, map(_document_row, fleet)),
            (NAMES_COPY, (row for source in fleet for row in _name_rows(source))),
            (VECTORS_COPY, (_vector_row(source, model.model_id, len(fleet)) for source in fleet)),
        ):
            async with cursor.copy(statement) as copy:
                for row in rows:
                    await copy.write_row(row)
        await connection.execute(CONSUMERS)
        await connection.execute("analyze")
    names = {name for source in fleet for name in source.document.field_names}
    await CachedEmbeddings(pool, model).vectors(sorted(names))


def _product_rows(fleet: Sequence[Source]) -> Iterator[tuple[object, ...]]:
    names = {source.document.product_names for source in fleet} - {()}
    for name, product in sorted(names):
        owner = f"group:default/{TEAMS[0]}"
        yield product, name, "", owner, name.split()[0].lower(), "active", "1.0.0"


def _name_rows(source: Source) -> Iterator[tuple[object, ...]]:
    for name in source.document.product_names:
        yield source.id, key(name), spoken(name)


def _source_row(source: Source) -> tuple[object, ...]:
    kind = "managed" if source.id % 3 == 0 else "discovered"
    domain = source.title.split()[0]
    owner = f"group:default/{TEAMS[source.id % len(TEAMS)]}"
    wire = ("json", "avro", "protobuf")[source.id % 3]
    product = source.document.product_names[1] if source.document.product_names else None
    name, messages = source.document.name, source.id % 50
    described = (source.id, "default", name, kind, "present", domain, wire, owner)
    return (*described, product, messages, datetime(2026, 1, 1, tzinfo=UTC))


def _document_row(source: Source) -> tuple[object, ...]:
    document = source.document
    content = {"description": document.description, "fields": document.fields}
    name = document.name
    return (
        source.id,
        _hash(name),
        Jsonb(content),
        key(name),
        spoken(name),
        list(document.field_names),
        list(document.terms),
        list(document.product_names),
        READING,
    )


def _vector_row(source: Source, model_id: str, fleet: int) -> tuple[object, ...]:
    vector = HalfVector(source.vector)
    hashed, terms = _hash(source.document.name), pack_terms(source.document.terms)
    return source.id, model_id, hashed, fleet, vector, source.tokens, terms


def _hash(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()
