"""GET /dashboard with 10,000 sources: milliseconds of the HTTP route, beside those of `select 1`.

    python -m benchmarks.dashboard [--sources 10000] [--rounds 200]

The floor is a route of the same app that asks Postgres for nothing, through the same middleware,
pool and connection. The least of all rounds is what a busy machine tells best.
HEADWATER_DATABASE_URL names a Postgres, else one is started.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Mapping
from statistics import median, quantiles

import httpx
from fastapi import FastAPI

from benchmarks.settling import settle
from server.app import catalog_app
from server.scratch_database import scratch_database
from server.services import Running
from server.settings import Settings, load_settings
from tools.db.dashboard import DashboardRepository
from tools.db.pool import open_pool

_NOWHERE = "127.0.0.1:1"
"""Neither Kafka nor a registry is asked for a dashboard."""

_WARM = 20

FLEET = (
    # A third is managed; a schema of some 1.5 KB lies in each row.
    """
    insert into sources (cluster, name, kind, status, messages, owner, schema)
    select 'default', 'team-' || i %% 40 || '.topic-' || i, case i %% 3 when 0 then 'managed'
        else 'discovered' end, 'present', i, 'group:default/team-' || i %% 40,
        jsonb_build_object('fields', (
            select jsonb_agg(md5((i * 50 + n)::text)) from generate_series(1, 40) n
        ))
    from generate_series(1, %(sources)s) i
    """,
    # Found over a quarter of a year, a tenth of them today; four more changes of each.
    """
    insert into source_changes (source_id, cluster, kind, version, scan_id, at)
    select id, cluster, 'new', 1, 1, now() - case id %% 10
        when 0 then id %% 60 * interval '1 second' else id %% 90 * interval '1 day' end from sources
    union all
    select id, cluster, 'changed', v, v, now() - id %% 90 * interval '1 day' from sources,
        generate_series(2, 5) v
    """,
    # Of each kind as many as the demo's fleet has for its size.
    """
    insert into recommendations (cluster, subject, kind, status, sources, proposal, gist, opened_at)
    select cluster, advice || id, advice, case id %% 9 when 0 then 'dismissed' else 'open' end,
        array[name], jsonb_build_object('title', name, 'evidence', repeat('because ', 60)), '{}',
        now() - id %% 90 * interval '1 day'
    from sources, (
        values ('govern', 6), ('quality', 8), ('use_managed', 30), ('promote', 40),
            ('consolidate', 80)
    ) as of_so_many (advice, each)
    where id %% each = 1
    """,
    """
    insert into alerts (cluster, source, cause, status, severity, held, document)
    select cluster, name, 'c', case id %% 20 when 0 then 'open' else 'resolved' end,
        case id %% 40 when 0 then 'error' else 'warning' end, false,
        jsonb_build_object('title', repeat(name, 20)) from sources
    """,
    """
    insert into alert_events (alert_id, number, uid, kind, at, said, told, data)
    select id, n, gen_random_uuid(), (array['opened', 'acknowledged', 'resolved'])[n],
        now() - id %% 30 * interval '1 day', '', true,
        jsonb_build_object('cluster', cluster, 'title', repeat(source, 30))
    from alerts, generate_series(1, 3) n
    """,
    """
    insert into audit_log (at, actor, action, target)
    select now() - i * interval '5 minutes', 'user:default/jane', 'product.update', 'product:p'
    from generate_series(1, 50000) i
    """,
    """
    insert into approvals (id, thread_id, kind, status, plan, plan_hash, requested_by, expires_at,
        finished_at)
    select 'apr-' || i, i::text, 'create', case i %% 20 when 0 then 'pending' else 'active' end,
        jsonb_build_object('text', repeat(md5(i::text), 100)), '', 'user:default/bob',
        now() + interval '1 day',
        case i %% 20 when 0 then null else now() - i * interval '1 hour' end
    from generate_series(1, 2000) i
    """,
    # The hours of a day of each source.
    """
    insert into quality_windows (cluster, topic, partition, minutes, start, records, bad, skipped,
        state)
    select cluster, name, 0, 60, date_trunc('hour', now()) - n * interval '1 hour', 1000, id %% 90,
        0, '' from sources, generate_series(1, 23) n
    """,
    """
    insert into dashboard_days
    select 'default', current_date - n, now(), 9000 + n, 3000, 6000, 900, 900, 900, 9, 9, 9, 9000,
        0.97, 9 from generate_series(1, 89) n
    """,
)


async def measure(sources: int, rounds: int, server: str | None) -> None:
    async with scratch_database(server) as url:
        await _set_up(url, sources)
        registry = f"http://{_NOWHERE}"
        app = catalog_app(
            load_settings(
                bootstrap_servers=_NOWHERE, schema_registry=registry, database_url=url, watchers=0
            )
        )
        app.add_api_route("/floor", _floor)
        async with app.router.lifespan_context(app):
            await _compare(app, rounds)


async def _compare(app: FastAPI, rounds: int) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        paths = ("/floor", "/dashboard", "/activity", "/sources?recommended=govern")
        times: Mapping[str, list[float]] = {path: [] for path in paths}
        for turn in range(rounds + _WARM):
            for path in paths:
                started = time.perf_counter()
                response = await client.get(path)
                response.raise_for_status()
                if turn >= _WARM:
                    times[path].append((time.perf_counter() - started) * 1_000)
    for path, taken in times.items():
        p95 = quantiles(taken, n=20)[-1]
        print(f"{path}: least {min(taken):.1f} ms, p50 {median(taken):.1f} ms, p95 {p95:.1f} ms")


async def _floor(services: Running) -> dict[str, int]:
    (row,) = await services.pool.rows("select 1 as one", {})
    return {"one": row["one"]}


async def _set_up(url: str, sources: int) -> None:
    async with await open_pool(url) as pool:
        async with pool.connection() as connection:
            for statement in FLEET:
                await connection.execute(statement, {"sources": sources})
            await settle(connection)
        started = time.perf_counter()
        await DashboardRepository(pool, 0.95).measure("default")
        print(f"scores and counts measured in {time.perf_counter() - started:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=200)
    given = parser.parse_args()
    asyncio.run(measure(given.sources, given.rounds, Settings().database_url))


if __name__ == "__main__":
    main()
