"""/approvals/callback/{token}: look at what a signed link is for, and decide by it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from server.approvals import examples
from server.approvals.desk import AtDesk
from server.approvals.link_page import link_page
from server.approvals.said import ONLY_MODIFY, Said
from server.approvals.views import ApprovalView, LinkView
from server.openapi import answers
from server.page import answer_by_link, keep_private, or_page

router = APIRouter(tags=["approvals"])

Token = Annotated[str, Path(min_length=1, max_length=400)]


class LinkDecision(Said):
    """`decided_by` is the entity reference of who decides: the four-eyes rule holds for it."""

    model_config = ConfigDict(
        json_schema_extra={
            **ONLY_MODIFY,
            "examples": [{"decided_by": "user:default/bob", "decision": "approve", "comment": ""}],
        },
    )
    decided_by: str = Field(min_length=1, max_length=150)


@router.get(
    "/approvals/callback/{token}",
    operation_id="getApprovalCallback",
    summary="What a signed link would decide on",
    response_model=LinkView,
    responses=or_page(answers(examples.LINK, 403, 404, 410, 503)),
)
async def look(token: Token, desk: AtDesk, request: Request) -> Response:
    """Decides nothing, so that a preview of the link is harmless. Browsers get a page."""
    opened = await desk.callbacks.open(token)
    shown = LinkView(
        approval=await desk.view(opened.approval),
        expires_at=opened.callback.expires_at,
        decider=opened.callback.decider,
    )
    return answer_by_link(request, shown, lambda: link_page(shown))


@router.post(
    "/approvals/callback/{token}",
    operation_id="decideByCallback",
    summary="Decide by a signed link",
    responses=answers(examples.DECIDED, 403, 404, 409, 410, 413, 415, 503),
)
async def decide(
    token: Token, asked: LinkDecision, desk: AtDesk, response: Response
) -> ApprovalView:
    """Uses the link up. All rules of a decision hold; a refused one leaves the link good."""
    decided = await desk.callbacks.decide(
        token, asked.decision, asked.decided_by, asked.comment, asked.changes
    )
    keep_private(response.headers)
    return await desk.view(decided)
