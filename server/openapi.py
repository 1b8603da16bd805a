"""How the API describes itself: examples of answers, and the problems of an operation."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from server.access.reading import is_open
from server.problems import MEDIA_TYPE, Problem
from server.products.standard_schema import contract_schema

Responses = dict[int | str, dict[str, Any]]

_DETAILS = {
    HTTPStatus.BAD_REQUEST: ("invalid-cursor", "The cursor is not one that this list returned."),
    HTTPStatus.UNAUTHORIZED: ("unauthorized", "The bearer token is not one of a principal."),
    HTTPStatus.FORBIDDEN: ("forbidden", "user:default/jane may not decide."),
    HTTPStatus.NOT_FOUND: ("source-not-found", "There is no source 'x' on cluster 'default'."),
    HTTPStatus.CONFLICT: ("conflict", "Another request got there first."),
    HTTPStatus.GONE: ("approval-expired", "The approval expired undecided."),
    HTTPStatus.PRECONDITION_FAILED: ("product-changed", "The product was changed meanwhile."),
    HTTPStatus.PRECONDITION_REQUIRED: ("if-match-required", "Say which revision you change."),
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

_REFERENCE = "#/components/schemas/{model}"

_CONTRACT = "OdcsContract"

_BEARER = "bearer"
_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key (`hw_...`), the token of a configured principal, or a JWT of a "
    "configured issuer. Where none is configured, an open server takes the header "
    "X-Headwater-Principal at its word.",
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


def describe(app: FastAPI, routers: Iterable[APIRouter]) -> dict[str, Any]:
    """The OpenAPI document, with the nulls that FastAPI drops from examples put back."""
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    document["components"]["schemas"] |= _problem_schemas()
    document["components"]["securitySchemes"] = {_BEARER: _SCHEME}
    if _CONTRACT in str(document["paths"]):
        document["components"]["schemas"][_CONTRACT] = contract_schema(
            _REFERENCE.format(model=_CONTRACT)
        )
    for route in (route for router in routers for route in router.routes):
        if isinstance(route, APIRoute):
            for method in route.methods or ():
                told = document["paths"][route.path_format][method.lower()]["responses"]
                _put_examples(told, route.responses)
                if not is_open(route):
                    _may_be_refused(document["paths"][route.path_format][method.lower()])
                _require_if_match(document["paths"][route.path_format][method.lower()])
    return document


def _may_be_refused(operation: dict[str, Any]) -> None:
    """Who asks is found out first, on every operation: by a token, which may be none of ours, or
    which cannot be checked now."""
    told = operation["responses"]
    for status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.SERVICE_UNAVAILABLE):
        told.setdefault(str(int(status)), _problem(status))
    operation["responses"] = dict(sorted(told.items()))
    operation["security"] = [{}, {_BEARER: []}]


def _require_if_match(operation: dict[str, Any]) -> None:
    """Where its lack is answered with 428 it is required, though not by FastAPI's own check."""
    if str(int(HTTPStatus.PRECONDITION_REQUIRED)) in operation["responses"]:
        for parameter in operation["parameters"]:
            parameter["required"] = parameter["required"] or parameter["name"] == "If-Match"


def _problem_schemas() -> dict[str, Any]:
    written = Problem.model_json_schema(ref_template=_REFERENCE, mode="serialization")
    return {**written.pop("$defs"), "Problem": written}


def _put_examples(told: dict[str, Any], answers: Responses) -> None:
    for status, answer in answers.items():
        for media_type, content in answer["content"].items():
            told[str(status)]["content"][media_type]["example"] = content["example"]


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
        "content": {
            MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(model="Problem")}, "example": example}
        },
    }
