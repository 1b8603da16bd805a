"""What waits for a person: the inbox, each plan with what it changes, and the decision."""

from __future__ import annotations

from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field

from core.approval import Approval, ApprovalStatus, Verdict
from server.approvals.desk import AtDesk, Desk
from server.approvals.inbox import (
    ApprovalId,
    DecisionRequest,
    RevisionRequest,
    decide,
    list_approvals,
    revise,
)
from server.catalog.views import schema_view
from server.console.address import at, own
from server.console.draft import changes_of, draft_of
from server.console.entry import Entry
from server.console.form import Posted, filled, see_other
from server.console.query import PageQuery
from server.console.rendering import page
from server.gate import Via
from server.principal import Asker, Decider, Principal, Writer
from server.refusals import DecisionForbiddenError

router = APIRouter()

ENTRY = Entry("Approvals", "/approvals", "approvals", 40)

_RUNNING = {ApprovalStatus.APPROVED, ApprovalStatus.PROVISIONING}

_SAID = {
    Verdict.APPROVE: "Approved. It is being carried out.",
    Verdict.REJECT: "Rejected. Nothing was changed.",
    Verdict.MODIFY: "Approved with your changes. It is being carried out.",
}


class ApprovalsForm(PageQuery):
    """The page's address; without a status, what waits."""

    place: ClassVar[str] = "approvals"
    status: str = Field(
        ApprovalStatus.PENDING,
        pattern="^(pending|approved|provisioning|active|failed|rejected|expired|all)$",
    )


@router.get("/approvals")
async def approvals(
    request: Request, desk: AtDesk, asker: Asker, form: Annotated[ApprovalsForm, Query()]
) -> HTMLResponse:
    status = None if form.status == "all" else ApprovalStatus(form.status)
    found = await list_approvals(desk, asker, status=status, cursor=form.cursor)
    return page(
        request,
        "pages/approvals.html",
        title="Approvals",
        form=form,
        found=found,
        statuses=("pending", "active", "rejected", "expired", "failed", "all"),
        more=form.after(found.next_cursor),
    )


@router.get("/approvals/{approval_id}")
async def approval(
    request: Request, approval_id: ApprovalId, desk: AtDesk, asker: Asker
) -> HTMLResponse:
    shown = await desk.approvals.get(approval_id)
    found = await desk.view(shown)
    return page(
        request,
        "pages/approval.html",
        title=f"Approve {found.plan.product.name}",
        found=found,
        plan=found.plan,
        tree=schema_view(found.plan.schema_plan.value),
        draft=draft_of(found.plan),
        running=found.status in _RUNNING,
        refusal=_refusal(desk, shown, asker),
    )


@router.post("/approvals/{approval_id}/decision")
async def decided(
    approval_id: ApprovalId, desk: AtDesk, decider: Decider, form: Posted
) -> RedirectResponse:
    verdict = form.text("decision")
    changes = None
    if verdict == Verdict.MODIFY:
        shown = await desk.approvals.get(approval_id)
        changes = changes_of(form, shown.plan)
    asked = filled(
        DecisionRequest,
        decision=verdict,
        comment=form.text("comment"),
        changes=changes,
        plan_hash=form.maybe("plan_hash"),
    )
    await decide(approval_id, asked, desk, decider)
    return see_other(at("approvals", approval_id), _SAID[asked.decision])


@router.post("/approvals/{approval_id}/revise")
async def revised(
    approval_id: ApprovalId, desk: AtDesk, writer: Writer, form: Posted
) -> RedirectResponse:
    shown = await desk.approvals.get(approval_id)
    asked = filled(
        RevisionRequest,
        changes=changes_of(form, shown.plan),
        plan_hash=form.maybe("plan_hash"),
    )
    await revise(approval_id, asked, desk, writer)
    said = "Saved. Whoever decides sees the changed plan."
    return see_other(own(form.maybe("back") or at("approvals", approval_id)), said)


def _refusal(desk: Desk, shown: Approval, asker: Principal) -> str | None:
    """Why this one could not approve it, so that the page says so beforehand."""
    if shown.status is not ApprovalStatus.PENDING:
        return None
    try:
        desk.gate.permit(shown, asker, Verdict.APPROVE, Via.API)
    except DecisionForbiddenError as error:
        return str(error)
    return None
