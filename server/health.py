"""Whether the process lives, whether it can work, and its figures."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from server.metrics.page import CONTENT_TYPE
from server.openapi import answers
from server.problems import RETRY_AFTER
from server.readiness import ADVICE, Impaired, Readiness
from server.services import Running, Services

router = APIRouter(tags=["operation"])


class Alive(BaseModel):
    status: str


_SINCE = "2026-03-02T08:15:00Z"
_PART = {"state": "ready", "since": _SINCE, "reason": None, "advice": None}
_READY: dict[str, Any] = {
    "ready": True,
    "status": "ready",
    "postgres": _PART,
    "kafka": _PART,
    "schema_registry": _PART,
    "impaired": [],
}
_AWAY = {
    "state": "unreachable",
    "since": _SINCE,
    "reason": "Postgres did not answer.",
    "advice": ADVICE["postgres"],
}

_WORKER_ADVICE = (
    "It is tried again by itself, with pauses of up to a minute; everything else goes on. The log "
    "has the cause. Where it stays, report it with that."
)
_MODEL_ADVICE = (
    "The offline model answers meanwhile. Look at the endpoint, or correct HEADWATER_LLM_BASE_URL, "
    "HEADWATER_LLM_MODEL and HEADWATER_LLM_API_KEY."
)


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
    summary="Whether Postgres, Kafka and the Schema Registry answer, and what else is missing",
    response_model=Readiness,
    responses={
        **answers(_READY),
        503: {
            "description": "A part does not answer",
            "model": Readiness,
            "content": {
                "application/json": {
                    "example": {**_READY, "ready": False, "status": "unready", "postgres": _AWAY}
                }
            },
        },
    },
)
async def readyz(services: Running) -> Response:
    """Asks each part at once: 503 when one does not answer in five seconds. A worker or a model
    that fails makes it degraded, which is 200. Each says since when, why and what to do."""
    readiness = await services.probes.ask((*_workers(services), *_models(services)))
    return JSONResponse(
        readiness.model_dump(mode="json"),
        status_code=200 if readiness.ready else 503,
        headers={} if readiness.ready else RETRY_AFTER,
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


def _workers(services: Services) -> list[Impaired]:
    return [
        Impaired(
            what=f"worker {name}",
            since=failing.since,
            reason=f"failed {_times(failing.times)}, at last by {failing.error}",
            advice=_WORKER_ADVICE,
        )
        for name, failing in services.crew.failing.items()
    ]


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _models(services: Services) -> list[Impaired]:
    return [
        Impaired(what=f"model {name}", since=since, reason=reason, advice=_MODEL_ADVICE)
        for name, (since, reason) in services.metrics.models.failing.items()
    ]
