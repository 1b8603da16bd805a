"""Edges that nobody told: of bridges, of plans and of the analysis, from their own tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from core.comparison import Comparison
from core.consolidation import Consolidation
from core.lineage.edge import Certainty, Edge, Evidence
from core.lineage.node import Node, group, topic
from core.schema.document import to_document
from server.catalog import examples
from tests.integration.approvals.plans import a_plan, scores
from tests.integration.catalog.fleet import CLUSTER, MASTER
from tools.bridge.job import group_of
from tools.db.approvals import ApprovalRepository
from tools.db.bridges import BridgeRepository
from tools.db.consolidations import ConsolidationRepository
from tools.db.lineage import LineageRepository
from tools.db.pairs import PairRepository
from tools.db.pool import Pool

BRIDGE = group(CLUSTER, group_of(examples.CONSOLIDATION["id"]))


def consolidation() -> Consolidation:
    unified = {**examples.CONSOLIDATION["unified"], "tree": to_document(scores())}
    return Consolidation.model_validate({**examples.CONSOLIDATION, "unified": unified})


def by(evidence: Evidence, found: Iterable[Edge]) -> dict[tuple[str, str], Certainty]:
    return {
        (edge.source.name, edge.target.name): edge.certainty
        for edge in found
        if edge.evidence is evidence
    }


async def test_a_bridge_is_declared_until_it_carries_from_wherever_one_looks(pool: Pool) -> None:
    made, bridges = consolidation(), BridgeRepository(pool)
    await ConsolidationRepository(pool).add(made)
    await bridges.want(made.id, True, "user:default/jane")
    repository = LineageRepository(pool, CLUSTER)
    sources = [each.name for each in made.current]
    ways = {*((name, BRIDGE.name) for name in sources), (BRIDGE.name, made.unified.topic)}

    for node in (topic(CLUSTER, sources[0]), BRIDGE, topic(CLUSTER, made.unified.topic)):
        found = by(Evidence.BRIDGE, await repository.edges([node]))
        assert found == dict.fromkeys(ways, Certainty.DECLARED)
    await bridges.hold("here", timedelta(seconds=30))
    await bridges.told(made.id, "here", {"carried": 3})

    carried = by(Evidence.BRIDGE, await repository.edges([BRIDGE]))
    fields = await repository.fields([topic(CLUSTER, made.unified.topic)])

    assert carried == dict.fromkeys(ways, Certainty.MEASURED)
    assert {(each.through, each.source_field, each.target_field) for each in fields} == {
        (None, "ctry", "country"),
        (BRIDGE, "ctry", "country"),
    }


async def test_inputs_of_a_plan_feed_its_topic_once_it_is_carried_out(pool: Pool) -> None:
    plan = a_plan("supplier-master", inputs=("supplier-events",))
    product = plan.product.model_copy(update={"id": MASTER.id})
    made = await ApprovalRepository(pool).create(
        plan.model_copy(update={"product": product}),
        thread_id="1",
        requested_by="user:default/jane",
        lifetime=timedelta(hours=1),
    )
    repository = LineageRepository(pool, CLUSTER)
    ends = [topic(CLUSTER, "supplier-events"), topic(CLUSTER, "supplier-master")]

    assert by(Evidence.SPECIFICATION, await repository.edges(ends)) == {}
    await pool.rows(
        "update approvals set status = 'active' where id = %(id)s returning id", {"id": made.id}
    )

    for node in ends:
        found = by(Evidence.SPECIFICATION, await repository.edges([node]))
        assert found == {("supplier-events", "supplier-master"): Certainty.DECLARED}


async def test_what_is_contained_leads_to_what_has_more_with_the_fields_that_match(
    pool: Pool,
) -> None:
    ids = {row["name"]: row["id"] for row in await pool.rows("select name, id from sources", {})}
    names = sorted(("supplier-events", "supplier_data_raw"), key=lambda name: ids[name])
    ends = [topic(CLUSTER, name) for name in names]
    await compared(pool, ends, ids, left_in_right=0.95, right_in_left=0.6)
    repository = LineageRepository(pool, CLUSTER)

    for node in ends:
        found = by(Evidence.CONTAINMENT, await repository.edges([node]))
        assert found == {(names[0], names[1]): Certainty.GUESS}
    (field,) = await repository.fields(ends)
    assert (field.source, field.source_field) == (ends[0], "country")
    assert (field.target, field.target_field) == (ends[1], "ctry")
    assert field.certainty is Certainty.GUESS

    await compared(pool, ends, ids, left_in_right=0.95, right_in_left=0.9)

    assert by(Evidence.CONTAINMENT, await repository.edges(ends)) == {}
    assert await repository.fields(ends) == []


async def compared(pool: Pool, ends: list[Node], ids: dict[str, int], **shares: Any) -> None:
    left, right = (node.name for node in ends)
    told = {**examples.CONSOLIDATION["comparisons"][0], "left": left, "right": right, **shares}
    pair = (ids[left], ids[right])
    pairs = PairRepository(pool)
    await pairs.put(pair, {pair: Comparison.model_validate(told)}, "test", await pairs.now())
