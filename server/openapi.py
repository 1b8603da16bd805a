"""How the API describes itself: examples of answers, and the problems of an operation."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from server.problems import MEDIA_TYPE, Problem

Responses = dict[int | str, dict[str, Any]]

_DETAILS = {
    HTTPStatus.BAD_REQUEST: ("invalid-cursor", "The cursor is not one that this list returned."),
    HTTPStatus.NOT_FOUND: ("source-not-found", "There is no source 'x' on cluster 'default'."),
    HTTPStatus.CONFLICT: ("conflict", "Another request got there first."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("body-too-large", "The body is larger than 256 KiB."),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (
        "unsupported-media-type",
        "The body is 'text/xml'. Send JSON with Content-Type: application/json.",
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        "invalid-request",
        "The request does not have the form that this operation takes: query.limit: Input should "
        "be less than or equal to 100.",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("internal-error", "Something in Headwater broke."),
    HTTPStatus.SERVICE_UNAVAILABLE: ("database-unreachable", "Postgres did not answer."),
    HTTPStatus.GATEWAY_TIMEOUT: ("answer-took-too-long", "No answer within 150 s. Try again."),
}

ALWAYS = (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.INTERNAL_SERVER_ERROR)


def answers(
    example: Any, *problems: int, status: int = 200, media_type: str = "application/json"
) -> Responses:
    """The documented answer of an operation and its problems; 422 and 500 are always among them."""
    told: Responses = {
        status: {"description": "Done", "content": {media_type: {"example": example}}}
    }
    for problem in sorted({*problems, *ALWAYS}):
        told[int(problem)] = _problem(HTTPStatus(problem))
    return told


def _problem(status: HTTPStatus) -> dict[str, Any]:
    slug, detail = _DETAILS[status]
    example = {
        "type": f"urn:headwater:problem:{slug}",
        "title": slug.replace("-", " ").capitalize(),
        "status": int(status),
        "detail": detail,
        "instance": "/sources",
        "request_id": "5c1f0d8b",
    }
    return {
        "description": status.phrase,
        "model": Problem,
        "content": {MEDIA_TYPE: {"example": example}},
    }
