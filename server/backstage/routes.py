"""/backstage: what a Backstage reads of this catalog, by its own conventions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from http import HTTPStatus
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from core.backstage.entity import EntityKind
from server.backstage import examples
from server.backstage.descriptor import EMPTY, MEDIA_TYPE, descriptor
from server.backstage.feed import Feed, Place, Placed
from server.backstage.freshness import IfNoneMatch, is_known
from server.backstage.parts import LARGEST_FILE, index_of, parts_for
from server.backstage.reading import AtFeed
from server.backstage.template import template
from server.catalog.sources import Cursor
from server.home import home_of
from server.openapi import Responses, answers
from server.problems import ProblemError
from server.products.negotiation import YAML
from tools.db.backstage import WHOLE, Part
from tools.db.cursor import read_cursor, write_cursor

router = APIRouter(prefix="/backstage", tags=["backstage"])

MOST_BYTES = 4 * 1024 * 1024
"""Of the entities of one page, in JSON: a page ends early, but always with one entity more."""

_ALL = frozenset(EntityKind)


def _kinds(
    kind: Annotated[
        list[EntityKind] | None,
        Query(
            description="Only these kinds; may be repeated. Leave out Group where Backstage has "
            "its teams from elsewhere."
        ),
    ] = None,
) -> frozenset[EntityKind]:
    return frozenset(kind) if kind else _ALL


Kinds = Annotated[frozenset[EntityKind], Depends(_kinds)]


def _answers(example: Any, *problems: int, media_type: str = "application/json") -> Responses:
    told = answers(example, *problems, media_type=media_type)
    return {**told, 304: {"description": "What the caller has is still right", "content": {}}}


@router.get(
    "/catalog-info.yaml",
    operation_id="getBackstageCatalog",
    summary="The catalog as a descriptor file of Backstage",
    response_class=Response,
    responses=_answers(examples.DESCRIPTOR, 503, media_type=MEDIA_TYPE),
)
async def catalog_info(
    request: Request, feed: AtFeed, kinds: Kinds, if_none_match: IfNoneMatch = None
) -> Response:
    """All entities in one file; a large catalog is a Location that names files of parts of it.

    Register it as a location of type `url`. An entity's name and part stay the same.
    """
    parts = parts_for(await feed.size())
    if parts == 1:
        return await _file(request, feed, kinds, WHOLE, if_none_match)
    index = index_of(feed.cluster, parts).document(_location(request))
    return Response(descriptor(index), media_type=MEDIA_TYPE)


@router.get(
    "/parts/{parts}/{part}.yaml",
    operation_id="getBackstageCatalogPart",
    summary="A part of the catalog as a descriptor file",
    response_class=Response,
    responses=_answers(examples.DESCRIPTOR, 404, 503, media_type=MEDIA_TYPE),
)
async def catalog_part(
    request: Request,
    feed: AtFeed,
    kinds: Kinds,
    parts: Annotated[int, Path(ge=1, le=4096, examples=[16])],
    part: Annotated[int, Path(ge=0, le=4095, examples=[0])],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The entities whose keys fall into this part of so many; catalog-info.yaml names them."""
    if part >= parts:
        detail = f"There are {parts} parts from 0; GET /backstage/catalog-info.yaml names them."
        raise ProblemError(HTTPStatus.NOT_FOUND, "part-not-found", detail)
    return await _file(request, feed, kinds, Part(part, parts), if_none_match)


@router.get(
    "/entities",
    operation_id="listBackstageEntities",
    summary="List Backstage entities",
    response_class=Response,
    responses=_answers({"items": [examples.ENTITY], "next_cursor": None}, 400, 503),
)
async def list_entities(
    request: Request,
    feed: AtFeed,
    kinds: Kinds,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
    cursor: Cursor = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """For an entity provider: groups first, then domains, systems, components, resources, APIs.

    A page ends before `limit` where definitions are large.
    """
    facts = await feed.facts(kinds, _place(cursor), limit + 1)
    tag = feed.tag(facts, str(limit))
    if is_known(tag, if_none_match):
        return _not_modified(tag)
    items, last = await _filled(feed, facts[:limit], _location(request))
    more = bool(facts) and facts[-1].place != last
    page = {"items": items, "next_cursor": write_cursor(last.shelf, last.key) if more else None}
    return Response(orjson.dumps(page), media_type="application/json", headers={"ETag": tag})


@router.get(
    "/template.yaml",
    operation_id="getBackstageTemplate",
    summary="A scaffolder template that has a data product drafted",
    response_class=Response,
    responses=answers(examples.TEMPLATE, media_type=YAML),
)
async def get_template(
    request: Request,
    owner: Annotated[
        str,
        Query(
            pattern=r"^(group|user):[a-z0-9-]{1,63}/[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$",
            description="whose template it is, an entity of the Backstage",
            examples=["group:default/platform"],
        ),
    ] = "group:default/unowned",
    proxy: Annotated[
        str,
        Query(
            pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$",
            description="the name of the proxy endpoint that leads to port 8003",
            examples=["headwater"],
        ),
    ] = "headwater",
) -> Response:
    """It sends what is asked for to POST /generate through Backstage's proxy, with the action
    http:backstage:request, and shows the plan and where it is decided on."""
    text = template(owner=owner, proxy=f"/proxy/{proxy}", catalog=home_of(request))
    return Response(text, media_type=YAML)


async def _file(
    request: Request, feed: Feed, kinds: frozenset[EntityKind], part: Part, known: str | None
) -> Response:
    """A descriptor file, written while it is sent; 304 where the caller has it."""
    facts = await feed.facts(kinds, Place(), LARGEST_FILE, part)
    tag = feed.tag(facts)
    if is_known(tag, known):
        return _not_modified(tag)
    written = _written(feed, facts, _location(request))
    return StreamingResponse(written, media_type=MEDIA_TYPE, headers={"ETag": tag})


async def _written(feed: Feed, facts: Sequence[Placed], location: str) -> AsyncIterator[str]:
    """A text for each of the feed's batches: writing YAML is work, done beside the loop."""
    if not facts:
        yield EMPTY
    async for batch in feed.batches(facts, location):
        yield await asyncio.to_thread("".join, map(descriptor, (made for _, made in batch)))


async def _filled(
    feed: Feed, facts: Sequence[Placed], location: str
) -> tuple[list[dict[str, Any]], Place]:
    """Entities of the first facts, as many as a page holds, and the place of the last of them."""
    items: list[dict[str, Any]] = []
    last, size = facts[-1].place if facts else Place(), 0
    async for batch in feed.batches(facts, location):
        for place, made in batch:
            size += len(orjson.dumps(made))
            if items and size > MOST_BYTES:
                return items, last
            items, last = [*items, made], place
    return items, facts[-1].place if facts else last


def _place(cursor: str | None) -> Place:
    shelf, key = read_cursor(cursor, int, str)
    return Place() if shelf is None else Place(int(shelf), str(key))


def _location(request: Request) -> str:
    return f"{home_of(request)}/backstage/catalog-info.yaml"


def _not_modified(tag: str) -> Response:
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
