"""Sources in, a consolidation out: unified schema, mappings, the proof and the way there."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from core.comparison import Comparison
from core.consolidation import Consolidation, CurrentSource, Unification, UnifiedField
from core.cost.price_book import PriceBook
from core.recommendations.facts import SourceFacts
from core.recommendations.figures import freed
from core.recommendations.recommendation import Figure
from core.schema import avro_writer, json_schema_writer
from core.schema.model import Field, Kind, Schema
from core.similarity.relation import Relation
from core.similarity.title import title_of
from core.similarity.verdict import ALIKE, RELATED
from core.source import SourceDetail, SourceKind, SourceStatus
from core.topic_naming import TopicNaming, learn
from core.unify.carrying import Carrier
from core.unify.replay import Replay, replayed
from core.unify.unified import Side, Unified, leaves, unified
from tools.comparison.comparer import Comparer
from tools.consolidation.migration import migration
from tools.consolidation.samples import Decoded, decoded_samples
from tools.db.recommendations import RecommendationRepository
from tools.db.sources import SourceRepository
from tools.kafka.admin import KafkaAdmin
from tools.kafka.sampler import Sampler
from tools.registry.client import Registry

MOST = 10
"""Sources of one consolidation."""


class NotConsolidatedError(ValueError):
    """These sources make no consolidation; the text says why."""


@dataclass(frozen=True)
class Consolidator:
    """Reads only: nothing is made before a plan is approved."""

    sources: SourceRepository
    facts: RecommendationRepository
    comparer: Comparer
    sampler: Sampler
    kafka: KafkaAdmin
    registry: Registry | None
    book: PriceBook
    naming: TopicNaming | None = None

    async def consolidate(
        self, names: Sequence[str], cluster: str, requested_by: str, topic: str | None = None
    ) -> Consolidation:
        """Raises SourceNotFoundError, NotConsolidatedError, NothingToCompareError and
        KafkaFailedError."""
        found = await self._found(names, cluster)
        known = {facts.name: facts for facts in await self.facts.facts(cluster, names)}
        ordered = sorted(found, key=lambda one: _standing(one, known))
        comparisons = await self._compared(ordered, cluster)
        matches = {
            pair.right: [(m.left, m.right, m.sureness) for m in pair.alignment.matches]
            for pair in comparisons
        }
        title = title_of(ordered[0].summary.name).text
        sides = [_side(source) for source in ordered]
        made = unified(_class(title), sides, matches, _doc(ordered))
        samples = await decoded_samples([one.name for one in sides], self.sampler, self.registry)
        avro = avro_writer.write(made.schema)
        replays = await asyncio.to_thread(_replayed, made, samples, avro)
        name = topic or await self._topic(title, ordered)
        current = tuple(_current(source, known) for source in ordered)
        return Consolidation(
            id=f"con-{secrets.token_hex(6)}",
            cluster=cluster,
            requested_by=requested_by,
            created_at=datetime.now(UTC),
            current=current,
            comparisons=tuple(comparisons),
            unified=Unification(
                topic=name,
                tree=made.schema,
                avro=avro,
                json_schema=json_schema_writer.write(made.schema),
                fields=tuple(_fields(made, {one.name: one.schema for one in sides})),
            ),
            mappings=made.mappings,
            replays=replays,
            verdict=await self._verdict(ordered, avro, f"{name}-value"),
            benefits=(
                *freed(
                    [known[one.summary.name] for one in ordered[1:] if one.summary.name in known],
                    cluster,
                    self.book,
                ),
                *_smaller(replays, known),
            ),
            steps=tuple(migration(current, made.mappings, name)),
        )

    async def _found(self, names: Sequence[str], cluster: str) -> list[SourceDetail]:
        wanted = list(dict.fromkeys(names))
        if not 2 <= len(wanted) <= MOST:
            raise NotConsolidatedError(
                f"A consolidation is of 2 to {MOST} different sources; {len(wanted)} were named."
            )
        found = [await self.sources.get(name, cluster) for name in wanted]
        for source in found:
            name = source.summary.name
            if source.summary.status is SourceStatus.VANISHED:
                raise NotConsolidatedError(f"{name!r} vanished: there is nothing to consolidate.")
            if source.schema is None or not leaves(source.schema):
                raise NotConsolidatedError(
                    f"No fields are known of {name!r}: no message of it could be read as a record."
                )
        return found

    async def _compared(self, ordered: Sequence[SourceDetail], cluster: str) -> list[Comparison]:
        first, *others = [source.summary.name for source in ordered]
        found = [await self.comparer.compare(first, other, cluster) for other in others]
        for pair in found:
            # Half of the fields outweigh what names say: those who ask may know better.
            different = pair.relation is Relation.DIFFERENT and pair.similarity < ALIKE
            if different or pair.similarity < RELATED:
                raise NotConsolidatedError(
                    f"{pair.left} and {pair.right} are {pair.similarity:.0%} similar, and the same "
                    f"thing at {pair.probability:.0%}: they have too little in common for "
                    f"one schema. GET /sources/{pair.left}/comparison/{pair.right} says what."
                )
        return found

    async def _topic(self, title: str, ordered: Sequence[SourceDetail]) -> str:
        """By the cluster's convention, under the first name that no topic has."""
        outline = await self.kafka.outline()
        own = outline.topics.keys() - outline.internal
        naming = self.naming if self.naming else await asyncio.to_thread(learn, own)
        domain = next((one.summary.domain for one in ordered if one.summary.domain), "")
        version = 1
        while (name := naming.name(domain, f"{title} unified", version)) in outline.topics:
            version += 1
        return name

    async def _verdict(
        self, ordered: Sequence[SourceDetail], avro: Mapping[str, object], subject: str
    ) -> str:
        if self.registry is None:
            return "No Schema Registry is configured: compatibility was not asked for."
        text = orjson.dumps(avro).decode()
        told = [f"`{subject}` is new: its first version is compatible with any level."]
        for source in ordered:
            if source.subject and source.summary.format == "avro":
                fits = await self.registry.compatible(source.subject, text)
                said = "could" if fits else "could not"
                told.append(
                    f"By the registry the unified schema {said} follow the latest version of "
                    f"`{source.subject}`."
                )
        return " ".join(told)


def _standing(source: SourceDetail, known: Mapping[str, SourceFacts]) -> tuple[bool, int, int, str]:
    """Whose names and forms are kept: a managed one's, else that which most groups read."""
    facts = known.get(source.summary.name)
    groups = len(facts.groups) if facts else 0
    managed = source.summary.kind is SourceKind.MANAGED
    return not managed, -groups, -source.summary.messages, source.summary.name


def _side(source: SourceDetail) -> Side:
    assert source.schema is not None  # noqa: S101 (looked at in _found)
    return Side(source.summary.name, source.schema, source.summary.has_registered_schema)


def _class(title: str) -> str:
    return "".join(word.capitalize() for word in title.split()) or "Unified"


def _doc(ordered: Sequence[SourceDetail]) -> str:
    told = next((one.summary.description.text for one in ordered if one.summary.description), "")
    return f"{told} Unified from {', '.join(one.summary.name for one in ordered)}.".strip()


def _replayed(
    made: Unified, samples: Mapping[str, Decoded], avro: Mapping[str, object]
) -> tuple[Replay, ...]:
    return tuple(
        replayed(
            mapping.source,
            samples[mapping.source].values,
            samples[mapping.source].unreadable,
            samples[mapping.source].value_bytes,
            Carrier(mapping, made.schema),
            avro,
        )
        for mapping in made.mappings
        if mapping.source in samples
    )


def _current(source: SourceDetail, known: Mapping[str, SourceFacts]) -> CurrentSource:
    summary = source.summary
    facts = known.get(summary.name)
    return CurrentSource(
        name=summary.name,
        owner=summary.owner.ref if summary.owner else None,
        product=summary.product_name,
        format=summary.format,
        fields=summary.fields,
        teams=summary.consuming_teams,
        groups=facts.groups if facts else (),
        messages=summary.messages,
        mean_bytes=round(facts.mean_bytes, 1) if facts else 0.0,
        stored_bytes=round(facts.stored_bytes) if facts else 0.0,
        registered=summary.has_registered_schema,
    )


def _fields(made: Unified, schemas: Mapping[str, Schema]) -> list[UnifiedField]:
    places = dict(made.schema.walk())
    held = {name: leaves(schema) for name, schema in schemas.items()}
    return [
        UnifiedField(
            path=origin.path,
            kinds=_kinds(places[origin.path]),
            optional=places[origin.path].optional,
            sources=dict(origin.sources),
            forms={name: _form(held[name][path]) for name, path in origin.sources.items()},
            differs=origin.how,
        )
        for origin in made.origins
    ]


def _kinds(place: Field) -> tuple[str, ...]:
    return tuple(sorted(kind.value for kind in place.kinds - {Kind.NULL}))


def _form(place: Field) -> str:
    told = " or ".join(_kinds(place)) or "unknown"
    said = f"{told} ({place.logical.value})" if place.logical else told
    return f"{said}, optional" if place.optional or place.nullable else said


def _smaller(replays: Sequence[Replay], known: Mapping[str, SourceFacts]) -> list[Figure]:
    """What Avro makes of the same messages, measured on those that came through."""
    found = [one for one in replays if one.passed and one.source in known]
    if not found:
        return []
    now = sum(known[one.source].messages * one.bytes_now for one in found)
    then = sum(known[one.source].messages * one.bytes_unified for one in found)
    return [
        Figure(
            name="size of the values as Avro",
            value=round(100 * (1 - then / now), 1) if now else 0,
            unit="% less",
            formula="1 - retained messages x mean Avro size / retained messages x mean size now",
            inputs={
                one.source: f"{known[one.source].messages:,} messages, {one.bytes_now:,.0f} B now, "
                f"{one.bytes_unified:,.0f} B as Avro"
                for one in found
            },
        )
    ]
