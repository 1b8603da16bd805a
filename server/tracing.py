"""Traces by OpenTelemetry: off, and then none of its exporters is even imported, unless an endpoint
is set."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from opentelemetry.trace import SpanKind
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.route import method_of, template_of
from server.settings import Settings
from tools.tracing import parent_of, span, turned_on

_CARRIERS = ("traceparent", "tracestate")
_UNTOLD = frozenset({"/healthz", "/metrics"})
"""Asked every few seconds by machines."""


@asynccontextmanager
async def tracing_of(settings: Settings) -> AsyncIterator[None]:
    """Spans go to the settings' endpoint by OTLP over HTTP; those left are sent at the end."""
    if settings.otlp_endpoint is None:
        yield
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

    given = settings.otlp_headers
    exporter = OTLPSpanExporter(
        f"{settings.otlp_endpoint.rstrip('/')}/v1/traces",
        headers=_pairs(given.get_secret_value()) if given else None,
    )
    told = {"service.name": "headwater", "service.version": version("headwater")}
    provider = TracerProvider(
        resource=Resource.create(told),
        sampler=ParentBased(TraceIdRatioBased(settings.trace_share)),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(BatchSpanProcessor(exporter))
    try:
        with turned_on(provider.get_tracer("headwater", version("headwater"))):
            yield
    finally:
        await asyncio.to_thread(provider.shutdown)


def _pairs(text: str) -> dict[str, str]:
    """`name=value,name=value`, as OpenTelemetry's own variable has them."""
    pairs = (part.partition("=") for part in text.split(",") if part.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


class TracedRequests:
    """Each request is a span under its caller's, named after its route's template."""

    def __init__(self, app: ASGIApp, *, api: str) -> None:
        self._app = app
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _UNTOLD:
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope)
        carried = {name: given[name] for name in _CARRIERS if name in given}
        method = method_of(scope)
        with span(
            method,
            SpanKind.SERVER,
            parent=parent_of(carried),
            http__request__method=method,
            headwater__api=self._api,
            headwater__request_id=scope.get("state", {}).get("request_id", ""),
        ) as request:

            async def told(message: Message) -> None:
                if message["type"] == "http.response.start":
                    route = template_of(scope)
                    request.update_name(f"{method} {route}")
                    request.set_attribute("http.route", route)
                    request.set_attribute("http.response.status_code", message["status"])
                await send(message)

            await self._app(scope, receive, told)
