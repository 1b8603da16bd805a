"""An OTLP collector on this machine that keeps the spans it is sent."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import uvicorn
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


@dataclass(slots=True)
class Collected:
    """`url` is the endpoint; spans are there once who made them has ended."""

    url: str
    spans: list[Span] = field(default_factory=list)

    def named(self, start: str) -> list[Span]:
        return [span for span in self.spans if span.name.startswith(start)]

    def above(self, span: Span) -> list[str]:
        """The names of all spans above it, nearest first."""
        by_id = {each.span_id: each for each in self.spans}
        names = []
        while (parent := by_id.get(span.parent_span_id)) is not None:
            names.append(parent.name)
            span = parent
        return names


@asynccontextmanager
async def otlp_collector() -> AsyncIterator[Collected]:
    listening = socket.create_server(("127.0.0.1", 0))
    collected = Collected(f"http://127.0.0.1:{listening.getsockname()[1]}")

    async def traces(request: Request) -> Response:
        sent = ExportTraceServiceRequest.FromString(await request.body())
        for resource in sent.resource_spans:
            for scope in resource.scope_spans:
                collected.spans.extend(scope.spans)
        answer = ExportTraceServiceResponse().SerializeToString()
        return Response(answer, media_type="application/x-protobuf")

    app = Starlette(routes=[Route("/v1/traces", traces, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield collected
    finally:
        server.should_exit = server.force_exit = True
        await serving
