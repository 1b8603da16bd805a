"""Requests as they come, by the template of their route."""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.route import method_of, template_of

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class RequestFigures:
    """`api` is catalog, generator or products."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "headwater_requests",
            "Requests by API, route template, method and status",
            ["api", "route", "method", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "headwater_request_seconds",
            "Time to the end of the answer, by API and route template",
            ["api", "route"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._open = Gauge(
            "headwater_requests_in_progress",
            "Requests that are being answered, streams among them",
            ["api"],
            registry=registry,
        )

    def middleware(self, app: ASGIApp, api: str) -> ASGIApp:
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

            with self._open.labels(api).track_inprogress():
                try:
                    await app(scope, receive, seen)
                finally:
                    self._count(api, scope, status, time.perf_counter() - began)

        return measured

    def _count(self, api: str, scope: Scope, status: int, seconds: float) -> None:
        route = template_of(scope)
        self._requests.labels(api, route, method_of(scope), str(status)).inc()
        self._seconds.labels(api, route).observe(seconds)
