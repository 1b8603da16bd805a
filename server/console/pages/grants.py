"""Access to products: who has it until when, asking for it, and taking it back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field

from core.grant import LONGEST
from core.grant_life import GrantStatus
from core.grant_request import AccessRequest
from server.approvals.desk import AtDesk
from server.console.address import at
from server.console.entry import Entry
from server.console.form import Posted, filled, see_other
from server.console.query import PageQuery
from server.console.rendering import page
from server.grants.routes import GrantId, ask, get_grant, list_grants, revoke
from server.grants.routes import withdraw as withdraw_request
from server.grants.views import Revocation, Withdrawal
from server.principal import Asker, Decider
from server.products.records import Id
from server.products.shelf import AtShelf
from server.products.views import product_view
from server.services import Running

router = APIRouter()

ENTRY = Entry("Access", "/grants", "users", 45)

_SUGGESTED = timedelta(days=90)


class GrantsForm(PageQuery):
    """The page's address; without a status, those that are active."""

    place: ClassVar[str] = "grants"
    product_id: str | None = Field(None, max_length=100)
    team: str | None = Field(None, max_length=200)
    status: str = Field(
        GrantStatus.ACTIVE, pattern="^(giving|active|ending|expired|revoked|undone|all)$"
    )


@router.get("/grants")
async def grants(
    request: Request, services: Running, asker: Asker, form: Annotated[GrantsForm, Query()]
) -> HTMLResponse:
    found = await list_grants(
        services,
        asker,
        product_id=form.product_id,
        team=form.team,
        status=None if form.status == "all" else GrantStatus(form.status),
        cursor=form.cursor,
    )
    return page(
        request,
        "pages/grants.html",
        title="Access",
        form=form,
        found=found,
        statuses=("active", "ending", "expired", "revoked", "all"),
        more=form.after(found.next_cursor),
    )


@router.get("/grants/{grant_id}")
async def grant(
    request: Request, grant_id: GrantId, services: Running, asker: Asker
) -> HTMLResponse:
    found = await get_grant(grant_id, services, asker)
    return page(request, "pages/grant.html", title=f"Access {grant_id}", found=found)


@router.post("/grants/{grant_id}/revoke")
async def revoked(
    grant_id: GrantId, services: Running, shelf: AtShelf, asker: Decider, form: Posted
) -> RedirectResponse:
    asked = filled(Revocation, reason=form.text("reason"))
    ended = await revoke(grant_id, asked, services, shelf, asker)
    return see_other(at("grants", grant_id), ended.words[:300])


@router.get("/products/{product_id}/access")
async def access(request: Request, product_id: Id, shelf: AtShelf, asker: Asker) -> HTMLResponse:
    today = datetime.now(UTC).date()
    return page(
        request,
        "pages/access.html",
        title="Request access",
        found=product_view(await shelf.products.get(product_id)),
        teams=asker.teams,
        suggested=today + _SUGGESTED,
        first=today + timedelta(days=1),
        last=today + LONGEST - timedelta(days=1),
    )


@router.post("/products/{product_id}/access")
async def asked_for(
    product_id: Id, shelf: AtShelf, services: Running, desk: AtDesk, asker: Decider, form: Posted
) -> RedirectResponse:
    asked = filled(
        AccessRequest,
        team=form.text("team"),
        purpose=form.text("purpose"),
        operations=form.all("operations"),
        group=form.maybe("group"),
        group_prefix=form.maybe("group_prefix") is not None,
        topics=form.all("topics"),
        until=_end_of(form.text("until")),
    )
    made = await ask(product_id, asked, shelf, services, desk, asker, Response())
    return see_other(at("approvals", made.id), f"Asked. {made.owner} decides.")


@router.post("/approvals/{request_id}/withdraw")
async def withdrawn(
    request_id: str, services: Running, desk: AtDesk, asker: Decider, form: Posted
) -> RedirectResponse:
    asked = filled(Withdrawal, comment=form.text("comment"))
    await withdraw_request(request_id, services, desk, asker, asked)
    return see_other(at("approvals", request_id), "Withdrawn.")


def _end_of(day: str) -> datetime | str:
    """The end of a day in UTC; what is none is left for the check of the form to refuse."""
    try:
        return datetime.combine(date.fromisoformat(day), time(23, 59, 59), UTC)
    except ValueError:
        return day
