"""Consolidations: worked out on demand, kept, and taken through the gate."""

from __future__ import annotations

import asyncio

from core.approval import Approval
from core.consolidation import Consolidation
from core.consolidation_plan import ConsolidationRequest, Room, consolidation_plan, key_of
from core.plan import FOREVER
from core.promotion import PromotionRefusedError, stem_of
from core.source import SourceDetail
from core.unify.flink import FlinkSink, FlinkSource, flink_sql
from graph.flow import Flow
from server.threads import thread_of
from tools.consolidation.consolidator import Consolidator
from tools.db.consolidations import ConsolidationRepository
from tools.db.products import ProductRepository
from tools.db.sources import SourceRepository
from tools.plan_review import PlanReviewer


class Consolidations:
    """Nothing of a source changes: a plan brings about the unified topic beside them.

    `addresses` are Kafka's and the registry's, for scripts that run elsewhere.
    """

    def __init__(
        self,
        consolidator: Consolidator,
        repository: ConsolidationRepository,
        sources: SourceRepository,
        products: ProductRepository,
        reviewer: PlanReviewer,
        flow: Flow,
        addresses: tuple[str, str],
    ) -> None:
        self._consolidator = consolidator
        self._repository = repository
        self._sources = sources
        self._products = products
        self._reviewer = reviewer
        self._flow = flow
        self._addresses = addresses

    async def work_out(
        self, names: tuple[str, ...], cluster: str, requested_by: str, topic: str | None
    ) -> Consolidation:
        """Raises what `Consolidator.consolidate` raises."""
        made = await self._consolidator.consolidate(names, cluster, requested_by, topic)
        await self._repository.add(made)
        return made

    async def flink(self, consolidation_id: str) -> str:
        """The mappings as Flink SQL. Raises ConsolidationNotFoundError and SourceNotFoundError."""
        made = await self._repository.get(consolidation_id)
        by_source = {mapping.source: mapping for mapping in made.mappings}
        found = [await self._sources.get(one.name, made.cluster) for one in made.current]
        sources = [
            FlinkSource(by_source[one.summary.name], one.schema, one.summary.format)
            for one in found
            if one.schema is not None
        ]
        tree = made.unified.tree
        sink = FlinkSink(made.unified.topic, tree, key_of(made, tree))
        return flink_sql(sources, sink, *self._addresses)

    async def propose(
        self,
        consolidation_id: str,
        request: ConsolidationRequest,
        requested_by: str,
        key: str | None = None,
    ) -> Approval:
        """The approval that waits. The same key of the same requester gives the same again.

        Raises ConsolidationNotFoundError, PromotionRefusedError and SourceNotFoundError.
        """
        thread_id = thread_of("consolidation", consolidation_id, requested_by, key=key)
        known = await self._flow.waiting(thread_id)
        if known is not None:
            return known
        made = await self._repository.get(consolidation_id)
        sources = [await self._sources.get(one.name, made.cluster) for one in made.current]
        product_id = await self._products.free_id(stem_of(request.product_name))
        plan = await asyncio.to_thread(
            consolidation_plan, made, request, product_id, _room(sources)
        )
        plan = self._reviewer.granted(plan)
        if problems := await self._reviewer.problems(plan):
            raise PromotionRefusedError(
                f"{made.name} cannot become {plan.topic.name} as it is: {'; '.join(problems[:5])}"
            )
        priced = plan.model_copy(update={"cost": await self._reviewer.cost(plan)})
        approval = await self._flow.start_with(thread_id, priced, requested_by)
        await self._repository.proposed(made.id, approval.id)
        return approval


def _room(sources: list[SourceDetail]) -> Room:
    retentions = [int(source.config.get("retention.ms", FOREVER)) for source in sources]
    return Room(
        partitions=max(1, *(source.partitions for source in sources)),
        replication=max(1, *(source.replication for source in sources)),
        retention_ms=FOREVER if FOREVER in retentions else max(retentions),
    )
