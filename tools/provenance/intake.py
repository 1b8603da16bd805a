"""Takes in what jobs tell of themselves, in OpenLineage's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict

from core.lineage.namespace import Namespaces
from core.lineage.openlineage import LineageEvent
from core.lineage.told import told_by
from tools.db.lineage_telling import LineageTelling


class TakenIn(BaseModel):
    """What of the events is in the graph now; the same events again change nothing."""

    model_config = ConfigDict(frozen=True)
    events: int
    jobs: int
    datasets: int
    topics: int
    """Those of the datasets that are topics of this cluster."""
    edges: int
    fields: int


@dataclass(frozen=True, slots=True)
class LineageIntake:
    telling: LineageTelling
    namespaces: Namespaces

    async def take(self, events: Sequence[LineageEvent]) -> TakenIn:
        """All of them, or, where the database fails, none."""
        now = datetime.now(UTC)
        told = [told_by(event, self.namespaces, now) for event in events]
        await self.telling.put(told)
        jobs = {each.job for each in told}
        edges = {edge.key: edge for each in told for edge in each.edges}
        ends = {node for edge in edges.values() for node in (edge.source, edge.target)}
        datasets = ends - jobs
        return TakenIn(
            events=len(events),
            jobs=len(jobs),
            datasets=len(datasets),
            topics=sum(node.cluster is not None for node in datasets),
            edges=len(edges),
            fields=sum(len(each.fields) for each in told),
        )
