"""A product out of a sentence: the form, the draft as it comes, and the way to its decision."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from core.generation import GenerationRequest
from server.catalog.views import schema_view
from server.console.address import at
from server.console.draft import draft_of
from server.console.entry import Entry
from server.console.form import Posted, filled, see_other
from server.console.rendering import page
from server.generator.routes import GenerationId, generate, get_generation, list_generations
from server.principal import Asker, Writer
from server.services import Running

router = APIRouter()

ENTRY = Entry("Create", "/create", "plus", 30)

_RECENT = 8

Prefilled = Annotated[str, Query(max_length=4_000)]


@router.get("/create")
async def create(
    request: Request,
    services: Running,
    asker: Asker,
    name: Prefilled = "",
    owner: Prefilled = "",
    description: Prefilled = "",
) -> HTMLResponse:
    words = await services.facets.vocabulary(services.cluster)
    recent = await list_generations(services, asker, limit=_RECENT)
    return page(
        request,
        "pages/create.html",
        title="Create a product",
        given={"product_name": name, "owner": owner, "description": description},
        owners=tuple(words.owners)[:100],
        recent=recent.items,
    )


@router.post("/create")
async def created(services: Running, writer: Writer, form: Posted) -> RedirectResponse:
    asked = filled(
        GenerationRequest,
        product_name=form.text("product_name"),
        owner=form.text("owner"),
        description=form.text("description"),
        auto_provision=form.text("auto_provision") == "true",
    )
    made = await generate(asked, services, writer, Response(), form.maybe("key"))
    return see_other(at("create", made.generation.id))


@router.get("/create/{generation_id}")
async def draft(
    request: Request, generation_id: GenerationId, services: Running, asker: Asker
) -> HTMLResponse:
    found = await get_generation(generation_id, services, asker)
    return page(
        request,
        "pages/draft.html",
        title=found.generation.request.product_name,
        generation=found.generation,
        plan=found.plan,
        tree=None if found.plan is None else schema_view(found.plan.schema_plan.value),
        draft=None if found.plan is None else draft_of(found.plan),
        mine=asker.ref.lower() == found.generation.requested_by.lower(),
    )
