"""/notices: what teams were told, how it reached them, and what they answered."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from core.generation import SAYS_SOMETHING
from core.notices.notice import Answer, Notice
from server.body import storable
from server.catalog.sources import Cluster, Cursor, Limit, Page
from server.notices import examples
from server.notices.link_page import notice_page
from server.notices.views import NoticeView, notice_view
from server.openapi import answers
from server.page import answer_by_link, keep_private, or_page
from server.principal import Writer, reference, require_owner
from server.services import Running, Services
from tools.db.deliveries import DeliveryRepository

router = APIRouter(tags=["notices"])

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
Token = Annotated[str, Path(min_length=1, max_length=200)]

_PROBLEMS = (401, 403, 404, 409, 413, 415, 503)
_COMMENT = Field(None, max_length=2_000, description="why; needed to explain")


_EXPLAINED: dict[str, Any] = {
    "if": {"properties": {"answer": {"const": Answer.EXPLAIN.value}}, "required": ["answer"]},
    "then": {
        "properties": {"comment": {"type": "string", "pattern": SAYS_SOMETHING}},
        "required": ["comment"],
    },
}
"""For the JSON Schema: who explains says something, as `Noticing` sees to."""


class Reply(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            **_EXPLAINED,
            "examples": [{"answer": "switch", "comment": "After the release."}],
        },
    )
    answer: Answer
    comment: str | None = _COMMENT


class SignedReply(Reply):
    """`answered_by` is the entity reference of who answers for the team."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            **_EXPLAINED,
            "examples": [{"answered_by": "user:default/jane", "answer": "switch"}],
        },
    )
    answered_by: str = Field(min_length=1, max_length=150)


@router.get(
    "/notices",
    operation_id="listNotices",
    summary="List what teams were told",
    responses=answers({"items": [examples.NOTICE], "next_cursor": None}, 400, 503),
)
async def list_notices(
    services: Running,
    team: Annotated[str | None, Query(max_length=150, description="to this team")] = None,
    source: Annotated[str | None, Query(max_length=249, description="about this topic")] = None,
    answered: Annotated[bool | None, Query(description="default: all")] = None,
    cluster: Cluster = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[NoticeView]:
    """Newest first, each with its deliveries. One notice of each fact."""
    page = await services.notices.list(
        cluster or services.cluster,
        team=team,
        source=source,
        answered=answered,
        limit=limit,
        cursor=cursor,
    )
    return Page(items=await _views(services, *page.items), next_cursor=page.next_cursor)


@router.get(
    "/notices/{notice_id}",
    operation_id="getNotice",
    summary="One notice",
    responses=answers(examples.NOTICE, 404, 503),
)
async def get_notice(notice_id: Id, services: Running) -> NoticeView:
    """With its deliveries, and what can be done about it."""
    (view,) = await _views(services, await services.notices.get(notice_id))
    return view


@router.post(
    "/notices/{notice_id}/answer",
    operation_id="answerNotice",
    summary="Answer a notice: switch, promote or explain",
    responses=answers(examples.ANSWERED, *_PROBLEMS),
)
async def answer(notice_id: Id, request: Reply, services: Running, writer: Writer) -> NoticeView:
    """To switch accepts the recommendation behind it; to promote or to explain dismisses it with
    the reason, and it does not come back while its facts are the same. Promoting itself is
    `POST /sources/{name}/promote`, which takes an owner and a name. A later answer takes the
    place of an earlier one."""
    require_owner(writer, (await services.notices.get(notice_id)).text.team)
    made = await services.noticing.answer(
        notice_id, request.answer, writer.ref, storable(request.comment)
    )
    (view,) = await _views(services, made)
    return view


@router.get(
    "/notices/link/{token}",
    operation_id="getNoticeByLink",
    summary="The notice that a signed link is for",
    response_model=NoticeView,
    responses=or_page(answers(examples.NOTICE, 403, 404, 410, 503)),
)
async def look(
    token: Token,
    services: Running,
    request: Request,
    answer: Annotated[Answer | None, Query(description="chosen on the page")] = None,
) -> Response:
    """Answers nothing, so that a preview of the link is harmless. Browsers get a page."""
    found = await services.notices.get(await services.notice_links.read(token))
    (view,) = await _views(services, found)
    return answer_by_link(request, view, lambda: notice_page(view, answer))


@router.post(
    "/notices/link/{token}",
    operation_id="answerNoticeByLink",
    summary="Answer by a signed link",
    responses=answers(examples.ANSWERED, 403, 404, 409, 410, 413, 415, 503),
)
async def reply_by_link(
    token: Token, request: SignedReply, services: Running, response: Response
) -> NoticeView:
    """The link was sent to the team: who has it answers for the team, under the name they give."""
    notice_id = await services.notice_links.read(token)
    made = await services.noticing.answer(
        notice_id, request.answer, reference(request.answered_by), storable(request.comment)
    )
    keep_private(response.headers)
    (view,) = await _views(services, made)
    return view


async def _views(services: Services, *found: Notice) -> tuple[NoticeView, ...]:
    repository = DeliveryRepository(services.pool)
    deliveries = await repository.of_notices([notice.id for notice in found])
    return tuple(notice_view(notice, deliveries) for notice in found)
