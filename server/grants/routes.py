"""/access-requests and /grants: ask for access to a product, see who has it, take it back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Body, Header, Path, Query, Response

from core.approval import ApprovalStatus
from core.grant_life import Grant, GrantStatus
from core.grant_request import AccessRequest, team_in
from core.plan import PlanKind
from server.approvals.desk import AtDesk
from server.catalog.sources import Cursor, Limit, Page
from server.grants import examples
from server.grants.views import (
    AccessRequestDetail,
    AccessRequestView,
    GrantView,
    Revocation,
    Withdrawal,
    grant_view,
    request_detail,
    request_view,
)
from server.openapi import answers
from server.principal import Asker, Decider, Principal, forbidden
from server.products.records import Id
from server.products.shelf import AtShelf
from server.products.views import NO_NULL
from server.services import Running
from tools.db.products import ProductNotFoundError

router = APIRouter(tags=["access"])

RequestId = Annotated[str, Path(min_length=1, max_length=64, examples=["apr-5d0a7c41be92"])]
GrantId = Annotated[str, Path(min_length=1, max_length=64, examples=["gr-5d0a7c41be92"])]
Text = Annotated[str | None, Query(max_length=310, pattern=NO_NULL)]


@router.post(
    "/products/{product_id}/access-requests",
    operation_id="requestAccess",
    summary="Ask for access to a product",
    status_code=202,
    responses=answers(examples.DETAIL, 401, 403, 404, 409, 410, 413, 415, 503, status=202),
)
async def ask(
    product_id: Id,
    request: Annotated[AccessRequest, Body(examples=[examples.REQUEST])],
    shelf: AtShelf,
    services: Running,
    desk: AtDesk,
    asker: Decider,
    response: Response,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255)] = None,
) -> AccessRequestDetail:
    """It waits for the product's owner, or a steward, to decide as on any plan; granted, Kafka
    lets the team in until `until`. Who has access asks again to prolong it.

    The same Idempotency-Key gives the same request again.
    """
    _require_member(asker, team_in(request))
    stored = await shelf.products.stored(product_id)
    ports = await shelf.ports(stored)
    approval = await services.access_requests.ask(
        stored.product, ports, request, asker.ref, services.cluster, idempotency_key
    )
    response.headers["Location"] = f"/access-requests/{approval.id}"
    return request_detail(approval, await desk.view(approval))


@router.get(
    "/products/{product_id}/access-requests",
    operation_id="listAccessRequestsOfProduct",
    summary="List the requests for access to a product",
    responses=answers({"items": [examples.VIEW], "next_cursor": None}, 400, 401, 503),
)
async def list_of_product(
    product_id: Id,
    desk: AtDesk,
    asker: Asker,
    status: ApprovalStatus | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[AccessRequestView]:
    """Newest first."""
    return await _requests(desk, product_id, None, None, status, limit, cursor)


@router.get(
    "/access-requests",
    operation_id="listAccessRequests",
    summary="List requests for access",
    responses=answers({"items": [examples.VIEW], "next_cursor": None}, 400, 401, 503),
)
async def list_requests(
    desk: AtDesk,
    asker: Asker,
    product_id: Text = None,
    team: Annotated[Text, Query(examples=["group:default/payments"])] = None,
    requested_by: Text = None,
    status: ApprovalStatus | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[AccessRequestView]:
    """Newest first; every filter that is given holds."""
    return await _requests(desk, product_id, team, requested_by, status, limit, cursor)


async def _requests(
    desk: AtDesk,
    product_id: str | None,
    team: str | None,
    requested_by: str | None,
    status: ApprovalStatus | None,
    limit: int,
    cursor: str | None,
) -> Page[AccessRequestView]:
    page = await desk.approvals.list(
        status,
        kind=PlanKind.ACCESS,
        product_id=product_id,
        team=team,
        requested_by=requested_by,
        limit=limit,
        cursor=cursor,
    )
    return Page(items=tuple(map(request_view, page.items)), next_cursor=page.next_cursor)


@router.get(
    "/access-requests/{request_id}",
    operation_id="getAccessRequest",
    summary="One request for access",
    responses=answers(examples.DETAIL, 401, 404, 503),
)
async def get_request(
    request_id: RequestId, services: Running, desk: AtDesk, asker: Asker
) -> AccessRequestDetail:
    """With what Kafka would allow, and what to think of. It is decided on at
    `POST /approvals/{id}/decision`."""
    approval = await services.access_requests.get(request_id)
    return request_detail(approval, await desk.view(approval))


@router.post(
    "/access-requests/{request_id}/withdraw",
    operation_id="withdrawAccessRequest",
    summary="Take a request back",
    responses=answers(examples.DETAIL, 401, 403, 404, 409, 410, 413, 415, 503),
)
async def withdraw(
    request_id: RequestId,
    services: Running,
    desk: AtDesk,
    asker: Decider,
    asked: Withdrawal | None = None,
) -> AccessRequestDetail:
    """For who asked, while nobody has decided."""
    await services.access_requests.get(request_id)
    comment = (asked or Withdrawal()).comment
    approval = await desk.gate.withdraw(request_id, asker, comment)
    return request_detail(approval, await desk.view(approval))


@router.get(
    "/products/{product_id}/grants",
    operation_id="listGrantsOfProduct",
    summary="List who has, or had, access to a product",
    responses=answers({"items": [examples.GRANT], "next_cursor": None}, 400, 401, 503),
)
async def grants_of_product(
    product_id: Id,
    services: Running,
    asker: Asker,
    status: GrantStatus | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[GrantView]:
    """Newest first."""
    return await _grants(services, product_id, None, None, status, limit, cursor)


@router.get(
    "/grants",
    operation_id="listGrants",
    summary="List grants of access",
    responses=answers({"items": [examples.GRANT], "next_cursor": None}, 400, 401, 503),
)
async def list_grants(
    services: Running,
    asker: Asker,
    product_id: Text = None,
    team: Annotated[Text, Query(examples=["group:default/payments"])] = None,
    principal: Annotated[Text, Query(examples=["User:payments"])] = None,
    status: GrantStatus | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[GrantView]:
    """Newest first; every filter that is given holds."""
    return await _grants(services, product_id, team, principal, status, limit, cursor)


async def _grants(
    services: Running,
    product_id: str | None,
    team: str | None,
    principal: str | None,
    status: GrantStatus | None,
    limit: int,
    cursor: str | None,
) -> Page[GrantView]:
    page = await services.grants.list(
        product_id=product_id,
        team=team,
        principal=principal,
        status=status,
        limit=limit,
        cursor=cursor,
    )
    now = datetime.now(UTC)
    items = tuple(grant_view(grant, now) for grant in page.items)
    return Page(items=items, next_cursor=page.next_cursor)


@router.get(
    "/grants/{grant_id}",
    operation_id="getGrant",
    summary="One grant of access",
    responses=answers(examples.GRANT, 401, 404, 503),
)
async def get_grant(grant_id: GrantId, services: Running, asker: Asker) -> GrantView:
    """How it stands, and once it ended, what stayed and why."""
    return grant_view(await services.grants.get(grant_id), datetime.now(UTC))


@router.post(
    "/grants/{grant_id}/revoke",
    operation_id="revokeGrant",
    summary="Take access back before its end",
    responses=answers(examples.GRANT, 401, 403, 404, 409, 413, 415, 503),
)
async def revoke(
    grant_id: GrantId, asked: Revocation, services: Running, shelf: AtShelf, asker: Decider
) -> GrantView:
    """For the product's owner and stewards; the team itself may hand it back.

    While Kafka is away the grant is `ending`, and ends when Kafka is back.
    """
    await _require_revoker(shelf, asker, await services.grants.get(grant_id))
    ended = await services.grant_ends.revoke(grant_id, asker.ref, asked.reason.strip())
    return grant_view(ended, datetime.now(UTC))


def _require_member(asker: Principal, team: str) -> None:
    if not (asker.may_decide or asker.is_of(team)):
        raise forbidden(
            f"{asker.ref} is not of {team}. Ask for a team of your own, or have one of its members "
            "ask."
        )


async def _require_revoker(shelf: AtShelf, asker: Principal, grant: Grant) -> None:
    if asker.may_decide or asker.is_of(grant.plan.team):
        return
    try:
        owner = (await shelf.products.get(grant.product_id, deleted=True)).owner
    except ProductNotFoundError:
        owner = "nobody any more"
    if not asker.is_of(owner):
        raise forbidden(
            f"{asker.ref} is neither of {owner}, which owns the product, nor of "
            f"{grant.plan.team}. Ask one of them, or a steward."
        )
