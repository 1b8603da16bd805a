"""Several sources as one: worked out, proved by replay, and taken to approval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from core.consolidation import Consolidation
from core.consolidation_plan import ConsolidationRequest
from server.approvals.desk import AtDesk
from server.catalog.consolidations import (
    Id,
    SourcesToUnify,
    consolidate,
    get_consolidation,
    list_consolidations,
    propose,
)
from server.console.address import at
from server.console.form import Posted, filled, see_other
from server.console.query import PageQuery
from server.console.rendering import page
from server.principal import Writer
from server.services import Running

router = APIRouter()


class ConsolidationsForm(PageQuery):
    place: ClassVar[str] = "consolidations"
    in_progress: bool | None = None


@dataclass(frozen=True)
class MappedField:
    """A field of the unified schema with what each source gives for it, in the sources' order."""

    path: str
    kinds: str
    optional: bool
    differs: str
    sides: tuple[str | None, ...]


@router.get("/consolidations")
async def consolidations(
    request: Request, services: Running, form: Annotated[ConsolidationsForm, Query()]
) -> HTMLResponse:
    found = await list_consolidations(services, in_progress=form.in_progress, cursor=form.cursor)
    return page(
        request,
        "pages/consolidations.html",
        title="Consolidations",
        found=found,
        form=form,
        more=form.after(found.next_cursor),
    )


@router.post("/consolidations")
async def start(services: Running, writer: Writer, form: Posted) -> RedirectResponse:
    wanted = filled(SourcesToUnify, sources=form.all("source"), topic=form.maybe("topic"))
    made = await consolidate(wanted, services, writer, Response())
    return see_other(at("consolidations", made.id), "Worked out. Nothing was changed.")


@router.get("/consolidations/{consolidation_id}")
async def consolidation(request: Request, consolidation_id: Id, services: Running) -> HTMLResponse:
    made = await get_consolidation(consolidation_id, services)
    return page(
        request,
        "pages/consolidation.html",
        title=f"Consolidate {made.name}",
        made=made,
        fields=tuple(_mapped(made)),
        owner=next((each.owner for each in made.current if each.owner), None),
    )


@router.post("/consolidations/{consolidation_id}/approve-request")
async def submit(
    consolidation_id: Id, services: Running, desk: AtDesk, writer: Writer, form: Posted
) -> RedirectResponse:
    asked = filled(
        ConsolidationRequest,
        owner=form.text("owner"),
        product_name=form.text("product_name"),
        description=form.maybe("description"),
        domain=form.maybe("domain"),
    )
    waiting = await propose(
        consolidation_id, asked, services, desk, writer, Response(), form.maybe("key")
    )
    return see_other(at("approvals", waiting.id), "It waits for a decision now.")


def _mapped(made: Consolidation) -> list[MappedField]:
    said = {
        (mapping.source, field.to): field.said.partition(" = ")[2]
        for mapping in made.mappings
        for field in mapping.fields
    }
    return [
        MappedField(
            path=field.path,
            kinds=" | ".join(field.kinds),
            optional=field.optional,
            differs=field.differs,
            sides=tuple(
                said.get((source.name, field.path), field.sources.get(source.name))
                for source in made.current
            ),
        )
        for field in made.unified.fields
    ]
