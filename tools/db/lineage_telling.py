"""Keeps what jobs tell of themselves. Telling the same again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from core.lineage.edge import Edge, FieldEdge
from core.lineage.node import Node
from core.lineage.openlineage import RunState
from core.lineage.told import Told, ToldRun
from tools.db.lineage import key_of
from tools.db.pool import Connection, Pool
from tools.db.sql import load

_SQL = load("lineage")

Ids = Mapping[Node, int]


class LineageTelling:
    """Everything that is handed over together is kept together, or not at all."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def put(self, told: Sequence[Told]) -> None:
        async with self._pool.connection() as conn, conn.transaction():
            ids = await _ids(conn, told)
            await _put_edges(conn, ids, told)
            for each in sorted(told, key=lambda one: one.at):
                await _put_fields(conn, ids, each)
                if each.run is not None:
                    await _put_run(conn, ids, each.run)


async def _ids(conn: Connection, told: Sequence[Told]) -> Ids:
    nodes = list(dict.fromkeys(node for each in told for node in _nodes(each)))
    given = {
        "kinds": [node.kind.value for node in nodes],
        "namespaces": [node.namespace for node in nodes],
        "names": [node.name for node in nodes],
    }
    await conn.execute(_SQL["put_nodes"], given)
    keys = {key_of(node): node for node in nodes}
    found = await conn.execute(_SQL["node_ids"], {"keys": list(keys)})
    return {keys[row["key"]]: row["id"] for row in await found.fetchall()}


def _nodes(told: Told) -> Iterable[Node]:
    yield told.job
    for edge in told.edges:
        yield from (edge.source, edge.target)
    for field in told.fields:
        yield from (field.source, field.target)
    yield from told.mapped


async def _put_edges(conn: Connection, ids: Ids, told: Sequence[Told]) -> None:
    """In the order of their ids, so that two tellings at once do not wait for each other."""
    by: dict[tuple[int, int], list[tuple[Told, Edge]]] = {}
    for each in told:
        for edge in each.edges:
            by.setdefault((ids[edge.source], ids[edge.target]), []).append((each, edge))
    rows = sorted(by.items())
    if not rows:
        return
    given = {
        "sources": [pair[0] for pair, _ in rows],
        "targets": [pair[1] for pair, _ in rows],
        "certainties": [_strongest(said) for _, said in rows],
        "producers": [max(said, key=lambda one: one[0].at)[0].producer for _, said in rows],
        "firsts": [min(one.at for one, _ in said) for _, said in rows],
        "lasts": [max(one.at for one, _ in said) for _, said in rows],
    }
    await conn.execute(_SQL["put_edges"], given)


def _strongest(said: Sequence[tuple[Told, Edge]]) -> str:
    return min((edge.certainty for _, edge in said), key=lambda one: one.weakness).value


async def _put_fields(conn: Connection, ids: Ids, told: Told) -> None:
    """What is told last of how an output is made replaces what was told before."""
    for target in sorted(set(told.mapped), key=lambda node: ids[node]):
        given = {"job": ids[told.job], "target": ids[target], "at": told.at}
        await conn.execute(_SQL["forget_fields"], given)
        made = [field for field in told.fields if field.target == target]
        if made:
            await conn.execute(_SQL["put_fields"], {**given, **_field_rows(ids, made)})


def _field_rows(ids: Ids, made: Sequence[FieldEdge]) -> dict[str, object]:
    return {
        "certainty": made[0].certainty.value,
        "sources": [ids[field.source] for field in made],
        "source_fields": [field.source_field for field in made],
        "target_fields": [field.target_field for field in made],
        "hows": [field.how[:500] for field in made],
    }


async def _put_run(conn: Connection, ids: Ids, run: ToldRun) -> None:
    given = {
        "run_id": run.id,
        "job": ids[run.job],
        "state": run.state.value,
        "started_at": run.at if run.state is RunState.START else None,
        "ended_at": run.at if run.state.ended else None,
        "at": run.at,
    }
    await conn.execute(_SQL["put_run"], given)
