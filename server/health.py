"""Whether the process lives, whether it can work, and its figures."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from enum import StrEnum
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict

from server.metrics.page import CONTENT_TYPE
from server.openapi import answers
from server.problems import RETRY_AFTER
from server.services import PROBE_SECONDS, Running, Services

router = APIRouter(tags=["operation"])


class Alive(BaseModel):
    status: str


class PartState(StrEnum):
    READY = "ready"
    UNREACHABLE = "unreachable"
    NOT_CONFIGURED = "not_configured"


class Part(BaseModel):
    """One server that Headwater needs; `reason` says why it is not ready."""

    model_config = ConfigDict(frozen=True)
    state: PartState
    reason: str | None = None


class Readiness(BaseModel):
    """Ready when every part is."""

    model_config = ConfigDict(frozen=True)
    ready: bool
    postgres: Part
    kafka: Part
    schema_registry: Part


_PART = {"state": "ready", "reason": None}
_READY: dict[str, Any] = {
    "ready": True,
    "postgres": _PART,
    "kafka": _PART,
    "schema_registry": _PART,
}
_AWAY = {"state": "unreachable", "reason": "Postgres did not answer."}


@router.get(
    "/healthz",
    operation_id="getHealth",
    summary="Whether the process lives",
    responses=answers({"status": "ok"}),
)
async def healthz() -> Alive:
    """Says nothing on the servers that Headwater needs; /readyz does."""
    return Alive(status="ok")


@router.get(
    "/readyz",
    operation_id="getReadiness",
    summary="Whether Postgres, Kafka and the Schema Registry answer",
    response_model=Readiness,
    responses={
        **answers(_READY),
        503: {
            "description": "A part does not answer",
            "model": Readiness,
            "content": {
                "application/json": {"example": {**_READY, "ready": False, "postgres": _AWAY}}
            },
        },
    },
)
async def readyz(services: Running) -> Response:
    """Asks each part at once; 503 and the reason when one does not answer in five seconds."""
    postgres, kafka, registry = await asyncio.gather(
        _probe(_select(services)), _kafka(services), _registry(services)
    )
    ready = all(part.state is PartState.READY for part in (postgres, kafka, registry))
    readiness = Readiness(ready=ready, postgres=postgres, kafka=kafka, schema_registry=registry)
    return JSONResponse(
        readiness.model_dump(mode="json"),
        status_code=200 if ready else 503,
        headers={} if ready else RETRY_AFTER,
    )


@router.get(
    "/metrics",
    operation_id="getMetrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses=answers(
        'headwater_sources{kind="managed"} 52.0', media_type="text/plain; version=1.0.0"
    ),
)
async def metrics(services: Running) -> Response:
    """Requests, models, workers and the pool of this process, and what Postgres knows of the
    catalog and its work; docs/operations.md lists them. Where Postgres is away the rest is told."""
    return Response(await services.metrics.page(services), media_type=CONTENT_TYPE)


async def _select(services: Services) -> None:
    async with services.pool.connection() as conn:
        await conn.execute("select 1")


async def _kafka(services: Services) -> Part:
    return await _probe(services.kafka.topics(()))


async def _registry(services: Services) -> Part:
    if services.registry is None:
        return Part(state=PartState.NOT_CONFIGURED, reason="HEADWATER_SCHEMA_REGISTRY is not set")
    return await _probe(services.registry.subjects())


async def _probe(question: Awaitable[object]) -> Part:
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            await question
    except TimeoutError:
        return Part(state=PartState.UNREACHABLE, reason=f"no answer in {PROBE_SECONDS:g} s")
    except Exception as error:
        return Part(state=PartState.UNREACHABLE, reason=str(error) or type(error).__name__)
    return Part(state=PartState.READY)
