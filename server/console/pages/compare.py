"""Two topics side by side: which field is which, why, and what each has alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from core.comparison import FieldMatch
from core.recommendations.recommendation import RecommendationStatus
from core.schema.model import Field, Schema
from core.source import SourceDetail
from server.catalog.comparison import compare_sources
from server.catalog.recommendations import list_recommendations
from server.catalog.sources import Name
from server.console.address import at
from server.console.form import see_other
from server.console.rendering import page
from server.services import Running, Services

router = APIRouter()


@dataclass(frozen=True)
class Line:
    """A field of each side, or of one alone; the kinds as words."""

    left: str | None
    right: str | None
    left_kinds: str
    right_kinds: str
    match: FieldMatch | None = None


@router.get("/compare")
async def chosen(
    left: Annotated[str, Query(min_length=1, max_length=249)],
    right: Annotated[str, Query(min_length=1, max_length=249)],
) -> RedirectResponse:
    """From a form: to the page's own address."""
    return see_other(at("compare", left.strip(), right.strip()))


@router.get("/compare/{name}/{other}")
async def compare(request: Request, name: Name, other: Name, services: Running) -> HTMLResponse:
    found = await compare_sources(name, other, services)
    left = await services.sources.get(name, services.cluster)
    right = await services.sources.get(other, services.cluster)
    alignment = found.alignment
    lefts, rights = _fields(left.schema), _fields(right.schema)
    matched = [
        Line(each.left, each.right, _kinds(lefts, each.left), _kinds(rights, each.right), each)
        for each in alignment.matches
    ]
    return page(
        request,
        "pages/compare.html",
        title=f"{name} and {other}",
        found=found,
        left=left.summary,
        right=right.summary,
        matched=matched,
        left_only=[Line(path, None, _kinds(lefts, path), "") for path in alignment.left_only],
        right_only=[Line(None, path, "", _kinds(rights, path)) for path in alignment.right_only],
        advice=await _advice(services, left, right),
    )


async def _advice(services: Services, left: SourceDetail, right: SourceDetail) -> list[object]:
    """What is recommended about both at once."""
    names = {left.summary.name, right.summary.name}
    about = await list_recommendations(
        services, status=RecommendationStatus.OPEN, source=left.summary.name, limit=20
    )
    return [
        each
        for each in about.items
        if names <= {*each.proposal.sources, each.proposal.instead or ""}
    ]


def _fields(schema: Schema | None) -> dict[str, Field]:
    return {} if schema is None else dict(schema.walk())


def _kinds(fields: dict[str, Field], path: str) -> str:
    field = fields.get(path)
    if field is None:
        return ""
    kinds = " | ".join(sorted(kind.value for kind in field.kinds))
    return f"{kinds} ({field.logical.value})" if field.logical else kinds
