"""A discovered topic on its way to a product: what is asked, then the plan that waits."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from core.names import words
from core.promotion import PromotionRequest
from server.approvals.desk import AtDesk
from server.catalog.promotion import promote
from server.catalog.sources import Name
from server.console.address import at
from server.console.form import Posted, filled, see_other
from server.console.rendering import page
from server.principal import Writer
from server.services import Running

router = APIRouter()


@router.get("/sources/{name}/promote")
async def promotion(request: Request, name: Name, services: Running) -> HTMLResponse:
    found = await services.sources.get(name, services.cluster)
    return page(
        request,
        "pages/promote.html",
        title=f"Make {name} a data product",
        summary=found.summary,
        suggested=" ".join(words(name)).capitalize(),
    )


@router.post("/sources/{name}/promote")
async def promoted(
    name: Name, services: Running, desk: AtDesk, writer: Writer, form: Posted
) -> RedirectResponse:
    asked = filled(
        PromotionRequest,
        owner=form.text("owner"),
        product_name=form.text("product_name"),
        description=form.maybe("description"),
        domain=form.maybe("domain"),
        tags=tuple(tag.strip() for tag in form.text("tags").split(",") if tag.strip()),
    )
    waiting = await promote(name, asked, services, desk, writer, Response())
    return see_other(at("approvals", waiting.id), "The plan waits for a decision.")
