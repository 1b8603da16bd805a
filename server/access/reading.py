"""What is answered without a token even where reading needs one."""

from __future__ import annotations

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from server.principal import principal_of, reader_of

OPEN_OPERATIONS = frozenset(
    {
        # Probes and figures are for machines that have no token.
        "getHealth", "getReadiness", "getMetrics",
        # Of a signed link the address is the permission.
        "getAlertByLink", "acknowledgeAlertByLink", "getNoticeByLink", "answerNoticeByLink",
        "getApprovalCallback", "decideByCallback",
    }
)  # fmt: skip


async def known(request: Request) -> None:
    """On every operation: a token that is sent must be good, and where reading takes a token there
    must be one. Raises a problem (401)."""
    if not is_open(request.scope["route"]):
        reader_of(request, await principal_of(request))


def is_open(route: BaseRoute) -> bool:
    return isinstance(route, APIRoute) and route.operation_id in OPEN_OPERATIONS
