"""What there is before anything is drafted: the nearest sources with their fields, the cluster."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Literal

from langchain.tools import ToolRuntime
from pydantic import BaseModel, ConfigDict, Field

from core.plan import SchemaDocument
from core.search import MAX_QUERY, Match, SearchHit, SearchQuery
from core.source import SourceSummary
from core.topic_naming import TopicNaming, learn
from tools.clients import Searcher
from tools.db.sources import SourceNotFoundError, SourceRepository
from tools.kafka.admin import ClusterOutline, KafkaAdmin
from tools.kafka.errors import KafkaFailedError
from tools.sheet import FieldLine, field_lines
from tools.typed import Effect, typed_tool

NEAREST = 6
"""Sources that are looked at for one description."""

FIELDS = 40
"""Fields of one source that a model reads."""

_MEANING_ALONE = 0.5
"""What the score of a hit is worth that no name, field or word brought."""


class Nearest(BaseModel):
    """A source near to what was asked for; `score` is 0 to 1, the best hit by its words has 1."""

    model_config = ConfigDict(frozen=True)
    source: SourceSummary
    score: float
    by_words: bool
    """Whether a name, field or word matches, and not the meaning alone."""
    fields: tuple[FieldLine, ...]
    whole: SchemaDocument | None = Field(exclude=True)


class Survey(BaseModel):
    """`replication` is what most topics have, None where there are none to tell."""

    model_config = ConfigDict(frozen=True)
    type: Literal["survey"] = "survey"
    nearest: tuple[Nearest, ...]
    cluster: str
    brokers: int | None
    replication: int | None
    naming: TopicNaming
    topics: frozenset[str] = Field(default=frozenset(), exclude=True)


@dataclass(frozen=True)
class Surveyor:
    """Reads only. A Kafka that is away leaves its part unknown and no more.

    `naming` is the configured convention; None learns it from the topics.
    """

    search: Searcher
    sources: SourceRepository
    kafka: KafkaAdmin
    cluster: str
    naming: TopicNaming | None = None

    async def survey(self, description: str) -> Survey:
        asked = SearchQuery(text=description[:MAX_QUERY], limit=NEAREST, cluster=self.cluster)
        result, outline = await asyncio.gather(self.search.search(asked), self._outline())
        hits = sorted((*result.managed, *result.discovered), key=lambda hit: -hit.score)
        best = max((hit.score for hit in hits), default=0.0) or 1.0
        nearest = await asyncio.gather(*(self._nearest(hit, best) for hit in hits))
        own = {
            name: copies for name, copies in outline.topics.items() if name not in outline.internal
        }
        usual = Counter(own.values()).most_common(1)
        return Survey(
            nearest=tuple(nearest),
            cluster=self.cluster,
            brokers=outline.brokers or None,
            replication=usual[0][0] if usual else None,
            naming=self.naming or await asyncio.to_thread(learn, own),
            topics=frozenset(outline.topics),
        )

    async def _outline(self) -> ClusterOutline:
        try:
            return await self.kafka.outline()
        except KafkaFailedError:
            return ClusterOutline(0, {})

    async def _nearest(self, hit: SearchHit, best: float) -> Nearest:
        by_words = any(reason.match is not Match.MEANING for reason in hit.reasons)
        worth = 1.0 if by_words else _MEANING_ALONE
        try:
            schema = (await self.sources.get(hit.source.name, hit.source.cluster)).schema
        except SourceNotFoundError:
            schema = None
        return Nearest(
            source=hit.source,
            score=round(max(0.0, min(1.0, hit.score / best * worth)), 4),
            by_words=by_words,
            fields=() if schema is None else field_lines(schema)[:FIELDS],
            whole=schema,
        )


@dataclass(frozen=True)
class SurveyClients:
    """What the tool is handed; every agent that may survey has it in its context."""

    surveyor: Surveyor


@typed_tool(effect=Effect.READ)
async def survey_what_exists(
    description: Annotated[str, Field(description="what is wanted", max_length=MAX_QUERY)],
    runtime: ToolRuntime[SurveyClients],
) -> Survey:
    """Find the sources nearest to a description with their fields, and how the cluster is set up.

    Says how topics are named and replicated here. What exists already need not be made again.
    """
    return await runtime.context.surveyor.survey(description)
