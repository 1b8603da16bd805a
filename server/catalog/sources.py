"""/sources: what topics there are, what is in them and how they changed."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.schema import avro_writer, json_schema
from core.schema.document import to_document
from core.schema.model import Schema
from core.search import SearchFilters, refuse_unknown
from core.source import (
    SourceChange,
    SourceChangeKind,
    SourceKind,
    SourceSort,
    SourceStatus,
    SourceSummary,
)
from server.catalog import examples
from server.catalog.scored import scored
from server.catalog.views import SchemaFormat, SourceView, VersionView, source_view, version_view
from server.openapi import answers
from server.problems import ProblemError
from server.services import Running, Services
from server.usage.viewing import Views
from tools.db.cursor import write_cursor

router = APIRouter(tags=["sources"])

Item = TypeVar("Item")

MAX_NAME = 249
"""Characters of a Kafka topic's name."""

Name = Annotated[str, Path(min_length=1, max_length=MAX_NAME, examples=["supplier-events"])]
Cluster = Annotated[str | None, Query(max_length=200, description="default: this server's")]
Cursor = Annotated[str | None, Query(max_length=2000, description="next_cursor of the page before")]
Limit = Annotated[int, Query(ge=1, le=200)]


class Page(BaseModel, Generic[Item]):
    """One page of a list; `next_cursor` is null on the last one."""

    model_config = ConfigDict(frozen=True)
    items: tuple[Item, ...]
    next_cursor: str | None


class SourceListQuery(BaseModel):
    """Every filter that is given holds; an unknown one is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: SourceKind | None = None
    owner: str | None = Field(None, max_length=300, examples=["group:default/procurement"])
    domain: str | None = Field(None, max_length=300)
    format: str | None = Field(None, max_length=50, examples=["avro"])
    tag: str | None = Field(None, max_length=300)
    has_schema: bool | None = Field(None, description="whether a schema is registered")
    has_owner: bool | None = Field(None, description="whether an owner is known, stated or guessed")
    include_vanished: bool = Field(False, description="topics that are gone as well")
    cluster: str | None = Field(None, max_length=200, description="default: this server's")
    status: SourceStatus | None = Field(
        None, description="only these; default: present, or all with include_vanished"
    )
    sort: SourceSort = Field(SourceSort.NAME, description="a cursor is good for its own order only")
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=2000, description="next_cursor of the page before")

    @model_validator(mode="before")
    @classmethod
    def _known(cls, given: Any) -> Any:
        return refuse_unknown(cls, given)

    @property
    def filters(self) -> SearchFilters:
        return SearchFilters(**self.model_dump(include=set(SearchFilters.model_fields)))


@router.get(
    "/sources",
    operation_id="listSources",
    summary="List sources",
    responses=answers({"items": [examples.SUMMARY], "next_cursor": None}, 400, 503),
)
async def list_sources(
    services: Running, query: Annotated[SourceListQuery, Query()]
) -> Page[SourceSummary]:
    """By name, unless `sort` says otherwise; present ones, unless `status` or
    `include_vanished` does."""
    page = await services.sources.list(
        query.filters,
        cluster=query.cluster or services.cluster,
        status=query.status,
        sort=query.sort,
        limit=query.limit,
        cursor=query.cursor,
    )
    items = await scored(services.quality, page.items)
    return Page(items=items, next_cursor=page.next_cursor)


@router.get(
    "/sources/{name}",
    operation_id="getSource",
    summary="Describe one source",
    responses=answers(examples.SOURCE, 404, 503),
)
async def get_source(
    name: Name, services: Running, views: Views, cluster: Cluster = None
) -> SourceView:
    """Schema with its evidence, owner, consumers, configuration, what the last sample held, and how
    good its records are. GET .../quality has the whole score."""
    at = cluster or services.cluster
    source = await services.sources.get(name, at)
    recent = await services.sources.changes(name, at, limit=10)
    (summary,) = await scored(services.quality, [source.summary])
    views.source(at, source.summary.name)
    return source_view(replace(source, summary=summary), recent.items)


@router.get(
    "/sources/{name}/schema",
    operation_id="getSourceSchema",
    summary="A source's schema as Avro, JSON Schema or tree",
    responses=answers({"type": "object", "properties": {}}, 404, 503),
)
async def get_schema(
    name: Name,
    services: Running,
    data_format: Annotated[SchemaFormat, Query(alias="format")] = SchemaFormat.JSON_SCHEMA,
    version: Annotated[int | None, Query(ge=1, le=2**31 - 2)] = None,
    cluster: Cluster = None,
) -> dict[str, Any]:
    """The latest version unless `version` is given. JSON Schema is of draft 2020-12."""
    schema = await _schema(services, name, cluster or services.cluster, version)
    match data_format:
        case SchemaFormat.TREE:
            return to_document(schema)
        case SchemaFormat.AVRO:
            return avro_writer.write(schema)
        case SchemaFormat.JSON_SCHEMA:
            return json_schema.write(schema)


async def _schema(services: Services, name: str, cluster: str, version: int | None) -> Schema:
    """Raises a problem when nothing could be read yet or there is no such version."""
    if version is None:
        schema = (await services.sources.get(name, cluster)).schema
        if schema is not None:
            return schema
        raise ProblemError(
            HTTPStatus.NOT_FOUND,
            "schema-unknown",
            f"No schema is known of {name!r}: no message of it could be read yet. "
            f"GET /sources/{name} says what the last sample held; POST /scans reads it again.",
        )
    at = write_cursor(version + 1)
    page = await services.sources.versions(name, cluster, limit=1, cursor=at)
    if page.items and page.items[0].version == version:
        return page.items[0].schema
    raise ProblemError(
        HTTPStatus.NOT_FOUND,
        "version-not-found",
        f"{name!r} has no version {version}. GET /sources/{name}/versions lists them.",
    )


@router.get(
    "/sources/{name}/versions",
    operation_id="listSourceVersions",
    summary="List the versions of a source's schema",
    responses=answers({"items": [examples.VERSION], "next_cursor": None}, 400, 404, 503),
)
async def list_versions(
    name: Name, services: Running, cluster: Cluster = None, limit: Limit = 50, cursor: Cursor = None
) -> Page[VersionView]:
    """Newest first, counted from 1 by the catalog."""
    at = cluster or services.cluster
    page = await services.sources.versions(name, at, limit=limit, cursor=cursor)
    items = tuple(version_view(version) for version in page.items)
    return Page(items=items, next_cursor=page.next_cursor)


@router.get(
    "/sources/{name}/changes",
    operation_id="listSourceChanges",
    summary="List how one source changed",
    responses=answers({"items": [examples.CHANGE], "next_cursor": None}, 400, 404, 503),
)
async def list_source_changes(
    name: Name, services: Running, cluster: Cluster = None, limit: Limit = 50, cursor: Cursor = None
) -> Page[SourceChange]:
    """Newest first; `lines` is the readable difference of the fields."""
    at = cluster or services.cluster
    await services.sources.get(name, at)
    page = await services.sources.changes(name, at, limit=limit, cursor=cursor)
    return Page(items=page.items, next_cursor=page.next_cursor)


@router.get(
    "/changes",
    operation_id="listChanges",
    summary="List what scans found different",
    responses=answers({"items": [examples.CHANGE], "next_cursor": None}, 400, 503),
)
async def list_changes(
    services: Running,
    cluster: Cluster = None,
    kind: SourceChangeKind | None = None,
    scan_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[SourceChange]:
    """New, changed, vanished and returned sources of all scans or of one, newest first."""
    at = cluster or services.cluster
    page = await services.sources.changes(
        None, at, kind=kind, scan_id=scan_id, limit=limit, cursor=cursor
    )
    return Page(items=page.items, next_cursor=page.next_cursor)
