"""What this process holds, read when the page is asked for: pool, workers, watchers, judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

if TYPE_CHECKING:
    from server.services import Services


def families(services: Services | None) -> list[Metric]:
    """Without services each family is there and empty, which tells what there is."""
    return [
        *_build(),
        *_pool({} if services is None else services.pool.get_stats()),
        *_workers(services),
        *_watchers(services),
        *_judge(services),
    ]


def _build() -> Iterator[Metric]:
    build = GaugeMetricFamily("headwater_build", "1; its label is the version", labels=["version"])
    build.add_metric([version("headwater")], 1)
    yield build


def _pool(told: Mapping[str, int]) -> Iterator[Metric]:
    """The pool leaves out what never happened; milliseconds become seconds."""
    size, idle = told.get("pool_size", 0), told.get("pool_available", 0)
    connections = GaugeMetricFamily(
        "headwater_pool_connections",
        "Connections to Postgres by state: used, idle",
        labels=["state"],
    )
    connections.add_metric(["used"], size - idle)
    connections.add_metric(["idle"], idle)
    yield connections
    yield GaugeMetricFamily(
        "headwater_pool_connections_max",
        "Connections to Postgres that this process may open",
        value=told.get("pool_max", 0),
    )
    yield GaugeMetricFamily(
        "headwater_pool_waiting",
        "Who waits for a connection to Postgres",
        value=told.get("requests_waiting", 0),
    )
    for name, text, value in (
        ("requests", "Connections to Postgres that were asked for", told.get("requests_num", 0)),
        ("errors", "Connections to Postgres that could not be had", told.get("requests_errors", 0)),
        (
            "wait_seconds",
            "Time waited for connections to Postgres",
            told.get("requests_wait_ms", 0) / 1_000,
        ),
        ("usage_seconds", "Time for which they were held", told.get("usage_ms", 0) / 1_000),
    ):
        yield CounterMetricFamily(f"headwater_pool_{name}", text, value=value)


def _workers(services: Services | None) -> Iterator[Metric]:
    failures = CounterMetricFamily(
        "headwater_worker_failures", "How often a worker failed and began again", labels=["worker"]
    )
    failing = GaugeMetricFamily(
        "headwater_worker_failing", "1 while a worker fails again and again", labels=["worker"]
    )
    if services is not None:
        now = services.crew.failing
        for name, times in services.crew.failures.items():
            failures.add_metric([name], times)
            failing.add_metric([name], float(name in now))
    yield failures
    yield failing


def _watchers(services: Services | None) -> Iterator[Metric]:
    records = CounterMetricFamily(
        "headwater_watcher_records", "Records counted by a watcher", labels=["watcher"]
    )
    partitions = GaugeMetricFamily(
        "headwater_watcher_partitions", "Partitions that a watcher has", labels=["watcher"]
    )
    waiting = GaugeMetricFamily(
        "headwater_watcher_waiting", "1 while it waits for a server", labels=["watcher"]
    )
    heard = {} if services is None else services.stream_analysis.watching.heard
    for name, one in heard.items():
        records.add_metric([name], one.records)
        partitions.add_metric([name], one.partitions)
        waiting.add_metric([name], float(one.waiting_for is not None))
    yield from (records, partitions, waiting)


def _judge(services: Services | None) -> Iterator[Metric]:
    tally = None if services is None else services.stream_analysis.judging.bench.tally
    for name, text in (
        ("looks", "Looks at the counts of a source, by the judge of this process"),
        ("findings", "What the judge found at his looks, broken or holding"),
        ("seconds", "Time that the looks of the judge took"),
    ):
        value = 0 if tally is None else getattr(tally, name)
        yield CounterMetricFamily(f"headwater_judge_{name}", text, value=value)
