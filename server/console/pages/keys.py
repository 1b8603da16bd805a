"""API keys: made, rotated and revoked; a secret is on one page, once."""

from __future__ import annotations

from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field

from server.access.key_views import IssuedView, Rotation, Wish
from server.access.keys import (
    Id,
    create_key,
    list_keys,
    revoke_key,
    rotate_key,
)
from server.console.address import at
from server.console.entry import Entry
from server.console.form import Posted, filled, see_other
from server.console.query import PageQuery
from server.console.rendering import page
from server.principal import Role, Steward
from server.services import Running

router = APIRouter()

ENTRY = Entry("API keys", "/keys", "key", 110)

_ROWS = 40
_DAYS = (30, 90, 180, 366)


class KeysForm(PageQuery):
    """The page's address; those in force unless `ended` is given."""

    place: ClassVar[str] = "keys"
    ended: bool = False
    principal: str | None = Field(None, max_length=150)


@router.get("/keys")
async def keys(
    request: Request, services: Running, steward: Steward, form: Annotated[KeysForm, Query()]
) -> HTMLResponse:
    active = None if form.ended else True
    found = await list_keys(services, steward, form.principal, active, _ROWS, form.cursor)
    return page(
        request,
        "pages/keys.html",
        title="API keys",
        form=form,
        found=found,
        roles=[role for role in Role if steward.is_admin or role is not Role.ADMIN],
        days=_DAYS,
        is_admin=steward.is_admin,
        more=form.after(found.next_cursor),
    )


@router.post("/keys")
async def made(request: Request, services: Running, steward: Steward, form: Posted) -> HTMLResponse:
    wish = filled(
        Wish,
        name=form.text("name"),
        roles=form.all("role") or None,
        principal=form.maybe("principal"),
        expires_in_days=form.text("days"),
    )
    return _shown(request, await create_key(wish, services, steward, Response()))


@router.post("/keys/{key_id}/rotate")
async def rotated(
    request: Request, key_id: Id, services: Running, steward: Steward
) -> HTMLResponse:
    overlap = Rotation(overlap_hours=24)
    return _shown(request, await rotate_key(key_id, services, steward, Response(), overlap))


@router.post("/keys/{key_id}/revoke")
async def revoked(key_id: Id, services: Running, steward: Steward) -> RedirectResponse:
    key = await revoke_key(key_id, services, steward)
    return see_other(at("keys"), f"{key.name} is revoked.")


def _shown(request: Request, issued: IssuedView) -> HTMLResponse:
    """No page to come back to: the secret is in this answer alone."""
    answer = page(request, "pages/key.html", title="A new secret", issued=issued)
    answer.headers["Cache-Control"] = "no-store"
    return answer
