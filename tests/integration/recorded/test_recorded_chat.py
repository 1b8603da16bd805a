"""What a real model once routed and answered, replayed through client, prompts and tools."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from langgraph.checkpoint.memory import InMemorySaver

from core.lineage.namespace import Namespaces
from core.search import Match, Reason, SearchHit, SearchQuery, SearchResult
from core.source import Description, Owner, SourceKind, SourceStatus, SourceSummary
from graph.build import build
from graph.context import AgentContext
from graph.models.choice import Models
from graph.models.offline.model import OfflineModel
from graph.state import serializer
from server.chat import Chat
from tests.integration.recorded.cassette import MODEL, recorded, recorded_model
from tools.db.alerts import AlertRepository
from tools.db.facets import FacetRepository
from tools.db.quality import QualityRepository
from tools.db.sources import SourceRepository
from tools.provenance.reader import LineageReader

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)


def summary(name: str, kind: SourceKind, owner: Owner | None) -> SourceSummary:
    return SourceSummary(
        cluster="default",
        name=name,
        kind=kind,
        status=SourceStatus.PRESENT,
        description=Description(text="Suppliers with their address and rating.", by="rules"),
        owner=owner,
        domain="procurement",
        format="json",
        has_registered_schema=kind is SourceKind.MANAGED,
        fields=9,
        messages=2_400,
        consuming_teams=("billing",),
        first_seen=NOON,
        scanned_at=NOON,
    )


def hit(source: SourceSummary, score: float) -> SearchHit:
    reasons = (Reason(match=Match.NAME, text="its name begins so"),)
    return SearchHit(source=source, score=score, reasons=reasons)


class FixedSearch:
    """The same answer to every question, so that the recorded requests come again."""

    async def search(self, query: SearchQuery) -> SearchResult:
        owner = Owner(ref="group:default/procurement")
        return SearchResult(
            managed=(hit(summary("supplier-master", SourceKind.MANAGED, owner), 2.0),),
            discovered=(hit(summary("supplier-events", SourceKind.DISCOVERED, None), 1.5),),
            next_cursor=None,
            took_ms=4.0,
            embedding_model="fixed",
        )


def recorded_chat() -> Chat:
    """A chat whose hosted model is the recorded one, and whose offline one knows nothing."""
    context = AgentContext(
        search=FixedSearch(),
        sources=SourceRepository(cast(Any, None)),
        facets=FacetRepository(cast(Any, None)),
        quality=QualityRepository(cast(Any, None)),
        alerts=AlertRepository(cast(Any, None)),
        lineage=LineageReader.of(cast(Any, None), Namespaces.of("default", "localhost:9092")),
        models=Models(OfflineModel(skills={}), recorded_model()),
        clock=lambda: NOON,
    )
    return Chat(build(InMemorySaver(serde=serializer())), context, seconds=900)


async def test_a_real_models_route_and_answer_are_taken_as_they_were_recorded() -> None:
    with recorded("need_supplier_data"):
        answer = await recorded_chat().answer("I need supplier data", "recorded")

    assert (answer.route.written_by, answer.written_by) == (MODEL, MODEL)
    assert answer.route.agent == "discovery"
    assert "`supplier-master`" in answer.answer
    assert "There are two" not in answer.answer, "a number of the model's own"
    assert "owner `group:default/procurement`" in answer.answer
