"""Figures for Prometheus: requests as they come, the catalog and its scans when asked."""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.scan import ScanRun
from core.search import SearchFilters
from core.source import SourceKind
from tools.db.facets import FacetRepository
from tools.db.governance import GovernanceCounts
from tools.db.scans import ScanRepository

CONTENT_TYPE = CONTENT_TYPE_LATEST

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """One registry per app; routes are labelled by their template, never by a caller's text."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "headwater_requests",
            "Requests by route, method and status",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "headwater_request_seconds",
            "Time to answer, by route",
            ["route"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._sources = self._gauge("headwater_sources", "Present sources by kind", "kind")
        self._approvals = self._gauge("headwater_approvals", "Approvals by status", "status")
        self._generations = self._gauge(
            "headwater_generations", "Generations by the status of their draft", "status"
        )
        self._scan = self._gauge("headwater_last_scan", "Counts of the latest scan", "count")
        self._scanned = Gauge(
            "headwater_last_scan_finished_timestamp_seconds",
            "When the latest finished scan ended",
            registry=self.registry,
        )

    def middleware(self, app: ASGIApp) -> ASGIApp:
        async def measured(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            began, status = time.perf_counter(), 500

            async def seen(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            try:
                await app(scope, receive, seen)
            finally:
                self._count(scope, status, time.perf_counter() - began)

        return measured

    async def page(
        self,
        cluster: str,
        facets: FacetRepository,
        scans: ScanRepository,
        governance: GovernanceCounts,
    ) -> bytes:
        """The exposition; reads the figures of catalog and approvals first."""
        for gauge, counts in (
            (self._approvals, await governance.approvals()),
            (self._generations, await governance.generations()),
        ):
            gauge.clear()
            for status, count in counts.items():
                gauge.labels(status).set(count)
        for kind in SourceKind:
            count = await facets.count(SearchFilters(kind=kind), cluster)
            self._sources.labels(kind.value).set(count)
        latest = (await scans.list(cluster, limit=1)).items
        if latest:
            self._tell(latest[0])
        return generate_latest(self.registry)

    def _tell(self, run: ScanRun) -> None:
        for name, value in run.progress.model_dump(exclude={"failures"}).items():
            self._scan.labels(name).set(value)
        if run.finished_at is not None:
            self._scanned.set(run.finished_at.timestamp())

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        self._requests.labels(route, scope["method"], str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def _gauge(self, name: str, text: str, label: str) -> Gauge:
        return Gauge(name, text, [label], registry=self.registry)
