"""/generate and /generations: have a product drafted, and see how far it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Path, Request, Response
from sse_starlette import EventSourceResponse

from core.generation import Generation, GenerationRequest
from server.catalog.sources import Cursor, Limit, Page
from server.event_stream import MEDIA_TYPE, event_stream
from server.generations import Generations
from server.generator import examples
from server.generator.views import GenerationView, generation_view
from server.openapi import answers
from server.principal import Asker, Writer
from server.services import Running
from tools.db.generations import Drafted

router = APIRouter(tags=["generations"])

GenerationId = Annotated[str, Path(min_length=1, max_length=64, examples=["gen-8c1f0e2a9b3d"])]

_EVENT = 'event: drafting\ndata: {"generation":{"id":"gen-8c1f0e2a9b3d", ...}, ...}\n\n'


@router.post(
    "/generate",
    operation_id="generateProduct",
    summary="Have a data product drafted from a description",
    status_code=202,
    responses=answers(examples.QUEUED, 401, 403, 409, 413, 415, 503, status=202),
)
async def generate(
    asked: Annotated[GenerationRequest, Body(examples=[examples.REQUEST])],
    services: Running,
    writer: Writer,
    response: Response,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255)] = None,
) -> GenerationView:
    """Looks at what exists, drafts a complete plan and leaves it waiting for a decision.

    Nothing is made on the cluster before an approver decides; `auto_provision` asks the policy to
    decide, which without a rule for the caller changes nothing. The same Idempotency-Key gives the
    same generation again.
    """
    generation = await services.generations.start(asked, writer.ref, idempotency_key)
    response.headers["Location"] = f"/generations/{generation.id}"
    return generation_view(await services.generations.get(generation.id))


@router.get(
    "/generations",
    operation_id="listGenerations",
    summary="List generations",
    responses=answers({"items": [examples.LISTED], "next_cursor": None}, 400, 401, 503),
)
async def list_generations(
    services: Running, asker: Asker, limit: Limit = 50, cursor: Cursor = None
) -> Page[Generation]:
    """Newest first, without their plans."""
    page = await services.generations.list(limit=limit, cursor=cursor)
    return Page(items=page.items, next_cursor=page.next_cursor)


@router.get(
    "/generations/{generation_id}",
    operation_id="getGeneration",
    summary="How far a generation is, with its plan",
    responses=answers(examples.WAITING, 401, 404, 503),
)
async def get_generation(
    generation_id: GenerationId, services: Running, asker: Asker
) -> GenerationView:
    """What exists already in numbers, the whole plan once it is drafted, and what comes next."""
    return generation_view(await services.generations.get(generation_id))


@router.get(
    "/generations/{generation_id}/events",
    operation_id="watchGeneration",
    summary="Watch a generation as server-sent events",
    response_class=EventSourceResponse,
    responses=answers(_EVENT, 401, 404, 503, media_type=MEDIA_TYPE),
)
async def watch_generation(
    generation_id: GenerationId, request: Request, services: Running, asker: Asker
) -> EventSourceResponse:
    """An event whenever it got further, named after its status: queued, drafting, waiting, then
    active, rejected, expired or failed, which is the last."""
    await services.generations.get(generation_id)
    return event_stream(request, _events(services.generations, generation_id))


async def _events(
    generations: Generations, generation_id: str
) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    changes: AsyncIterator[Drafted] = generations.changes(generation_id)
    async for drafted in changes:
        view = generation_view(drafted)
        yield drafted.generation.status.value, view.model_dump(mode="json")
