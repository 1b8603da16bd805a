"""Requests as people write them, for the capabilities that each should be sent to.

The folder holds `utterances.jsonl` (id, text, route, also, sequence where a request asks for
several things, unsafe where it must not be done). Each request goes through the graph up to the
supervisor's decision; no agent runs. With a hosted model configured (HEADWATER_LLM_*) that decides.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

import orjson
from langchain_core.messages import HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver

from core.lineage.namespace import Namespaces
from evals.routing_figures import figures
from graph.build import Graph, build
from graph.context import AgentContext
from graph.models.choice import Models
from graph.models.offline.routing import RouteClassifier
from graph.state import STEPS, RequestState, Routing, serializer
from prompts import route_examples
from server.models import models_of, offline_model
from server.scratch_database import scratch_database
from server.settings import Settings
from server.workers.scanning import embeddings_from
from tools.db.alerts import AlertRepository
from tools.db.facets import FacetRepository
from tools.db.pool import Pool, open_pool
from tools.db.quality import QualityRepository
from tools.db.sources import SourceRepository
from tools.embeddings import EmbeddingModel
from tools.provenance.reader import LineageReader
from tools.search.search import Search

Utterances = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Decided:
    """What the supervisor decided, and the time in ms with the embedding of the request."""

    routing: Routing
    took_ms: float

    @property
    def routes(self) -> list[str]:
        return [capability.value for capability in self.routing.asked_for] or ["none"]


def run(data: Path, out: Path, noisy: bool = False) -> None:
    """Write `{id: [route, ...]}` and print the figures; the set has no noise."""
    lines = (data / "utterances.jsonl").read_bytes().splitlines()
    utterances = [orjson.loads(line) for line in lines if line.strip()]
    decided = asyncio.run(routed(Settings(), utterances))
    predictions = {name: found.routes for name, found in decided.items()}
    out.write_bytes(orjson.dumps(predictions, option=orjson.OPT_INDENT_2))
    print(f"routing, {len(utterances)} requests, decided by {_deciders(decided)}")
    for line in figures(utterances, predictions):
        print(line)
    took = [found.took_ms for found in decided.values()]
    print(f"p50 {quantiles(took, n=2)[0]:.1f} ms, p95 {quantiles(took, n=20)[-1]:.1f} ms a request")


async def routed(settings: Settings, utterances: Utterances) -> dict[str, Decided]:
    """Each request's decision, in a thread of its own."""
    embeddings = embeddings_from(settings)
    classifier = RouteClassifier(embeddings, route_examples())
    await classifier.fitted()
    models = models_of(settings, offline_model(classifier))
    async with scratch_database(settings.database_url) as url, await open_pool(url) as pool:
        context = _context(pool, embeddings, models)
        graph = build(InMemorySaver(serde=serializer()))
        return {asked["id"]: await _decided(graph, context, asked["text"]) for asked in utterances}


def _context(pool: Pool, embeddings: EmbeddingModel, models: Models) -> AgentContext:
    return AgentContext(
        search=Search(pool, embeddings),
        sources=SourceRepository(pool),
        facets=FacetRepository(pool),
        quality=QualityRepository(pool),
        alerts=AlertRepository(pool),
        lineage=LineageReader.of(pool, Namespaces.of("default", "localhost:9092")),
        models=models,
    )


async def _decided(graph: Graph, context: AgentContext, text: str) -> Decided:
    config: RunnableConfig = {"configurable": {"thread_id": secrets.token_hex(8)}}
    asked = RequestState(
        messages=[HumanMessage(text)], routing=None, findings=None, steps_left=STEPS
    )
    started = time.perf_counter()
    left = await graph.ainvoke(
        asked, config, context=context, interrupt_after=["supervisor"], durability="exit"
    )
    return Decided(left["routing"], (time.perf_counter() - started) * 1_000)


def _deciders(decided: Mapping[str, Decided]) -> str:
    """The models that decided, with how many requests each; a fallback counts as what served."""
    counts = Counter(found.routing.author.model for found in decided.values())
    return ", ".join(f"{model} ({count})" for model, count in counts.most_common())
