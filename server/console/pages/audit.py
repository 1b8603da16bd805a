"""Who did what, and what it was before: for stewards and admins."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import Field

from server.access.audit import list_audit
from server.console.entry import Entry
from server.console.query import PageQuery
from server.console.rendering import page
from server.principal import Steward
from server.services import Running
from tools.db.audit import AuditFilter

router = APIRouter()

ENTRY = Entry("Audit", "/audit", "audit", 100)

_ROWS = 50


class AuditForm(PageQuery):
    """The page's address; days are of UTC, and `until` is the last one."""

    place: ClassVar[str] = "audit"
    actor: str | None = Field(None, max_length=300)
    action: str | None = Field(None, max_length=100)
    target: str | None = Field(None, max_length=600)
    request_id: str | None = Field(None, max_length=128)
    since: date | None = None
    until: date | None = None

    @property
    def wanted(self) -> AuditFilter:
        last = self.until
        after = None if last is None or last == date.max else last + timedelta(days=1)
        return AuditFilter(
            self.actor, self.action, self.target, self.request_id, _begin(self.since), _begin(after)
        )

    @property
    def exported(self) -> dict[str, str]:
        """The same filters as the API takes them."""
        told = self.wanted
        days = {"since": told.since, "until": told.until}
        times = {name: day.isoformat() for name, day in days.items() if day is not None}
        return {**self.model_dump(exclude_none=True, exclude={"cursor", *days}), **times}


@router.get("/audit")
async def audit(
    request: Request, services: Running, steward: Steward, form: Annotated[AuditForm, Query()]
) -> HTMLResponse:
    found = await list_audit(services, steward, form.wanted, _ROWS, form.cursor)
    return page(
        request,
        "pages/audit.html",
        title="Audit",
        form=form,
        found=found,
        more=form.after(found.next_cursor),
    )


def _begin(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)
