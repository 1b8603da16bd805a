"""/lineage and /sources/{name}/impact: where data comes from, and who breaks if it changes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from core.lineage.namespace import Namespaces
from core.lineage.node import Node
from core.lineage.openlineage import MOST_EVENTS, LineageEvent
from core.lineage.picture import Lineage, SourceImpact
from core.lineage.walk import Direction
from server.catalog.sources import MAX_NAME, Cursor, Limit, Name, Page
from server.lineage import examples
from server.openapi import answers
from server.principal import Writer
from server.problems import ProblemError
from server.services import Running, Services
from tools.db.lineage_runs import JobRun
from tools.provenance.intake import TakenIn

router = APIRouter(tags=["lineage"])

DEPTH = 4
DEEPEST = 20


class Ways(StrEnum):
    BOTH = "both"
    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"

    @property
    def directions(self) -> tuple[Direction, ...]:
        return tuple(Direction) if self is Ways.BOTH else (Direction(self.value),)


class RunView(BaseModel):
    """A run of a job; `state` is the `eventType` that was told last."""

    model_config = ConfigDict(frozen=True)
    run_id: UUID
    namespace: str
    job: str
    state: str
    started_at: datetime | None
    ended_at: datetime | None
    told_at: datetime


def _form(given: Any) -> str:
    return "batch" if isinstance(given, list) else "event"


Events = Annotated[
    Annotated[LineageEvent, Tag("event")]
    | Annotated[list[LineageEvent], Field(min_length=1, max_length=MOST_EVENTS), Tag("batch")],
    Discriminator(_form),
]


@router.get(
    "/lineage",
    operation_id="getLineage",
    summary="Where data comes from and where it goes",
    responses=answers(examples.LINEAGE, 404, 503),
)
async def get_lineage(
    services: Running,
    source: Annotated[
        str | None, Query(min_length=1, max_length=MAX_NAME, examples=["supplier-events"])
    ] = None,
    node: Annotated[
        str | None,
        Query(min_length=1, max_length=8_000, description="id of a node, in place of `source`"),
    ] = None,
    depth: Annotated[
        int, Query(ge=1, le=DEEPEST, description="steps; from a topic to its reader is one")
    ] = DEPTH,
    direction: Ways = Ways.BOTH,
    guesses: Annotated[bool, Query(description="with what is only guessed")] = True,
) -> Lineage:
    """Each edge says how it is known: measured (a group's offsets, a run that told of itself),
    declared (a plan's inputs, a bridge that has carried nothing yet), or guessed. A guess ends its
    path. A group that is gone stays, with when it was last seen and when it was found gone."""
    root = await _root(services, source, node)
    return await services.lineage.around(
        root, depth=depth, directions=direction.directions, guesses=guesses
    )


@router.get(
    "/sources/{name}/impact",
    operation_id="getSourceImpact",
    summary="Who breaks if a source changes",
    responses=answers(examples.IMPACT, 404, 503),
)
async def get_impact(
    name: Name,
    services: Running,
    field: Annotated[
        str | None, Query(min_length=1, max_length=1_000, description="path of a field")
    ] = None,
) -> SourceImpact:
    """Consumer groups with their teams, topics and products that are made from it, and jobs that
    told of themselves. With a `field`, what is known not to use it is left out, and what may use it
    is there as `perhaps`."""
    found = await services.sources.get(name, services.cluster)
    return await services.lineage.impact(found, field)


@router.post(
    "/lineage",
    operation_id="tellLineage",
    summary="Take OpenLineage events in",
    status_code=HTTPStatus.CREATED,
    responses=answers(examples.TAKEN, 401, 403, 413, 415, 503, status=201),
)
async def tell_lineage(
    services: Running,
    writer: Writer,
    events: Annotated[Events, Body(openapi_examples={"a run": {"value": examples.EVENT}})],
) -> TakenIn:
    """A run event or job event of OpenLineage 2-0-2, or an array of up to 1,000: all are taken, or
    none. Sent again they change nothing. A dataset `kafka://host:port` with an address of this
    cluster is its topic; all others are kept as nodes from outside. The facet columnLineage gives
    edges between fields."""
    given = events if isinstance(events, list) else [events]
    return await services.lineage_intake.take(given)


@router.get(
    "/lineage/runs",
    operation_id="listLineageRuns",
    summary="List runs that were told of",
    responses=answers({"items": [examples.RUN], "next_cursor": None}, 400, 503),
)
async def list_runs(
    services: Running,
    job: Annotated[str | None, Query(max_length=1_000)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[RunView]:
    """Newest first; scans, analyses, bridges and provisioning of this server are among them, in the
    namespace `headwater`."""
    names = services.lineage.namespaces
    page = await services.lineage.runs.list(job=job, limit=limit, cursor=cursor)
    return Page(items=tuple(_run(run, names) for run in page.items), next_cursor=page.next_cursor)


async def _root(services: Services, source: str | None, node: str | None) -> Node:
    if (source is None) == (node is None):
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "invalid-request",
            "Say what the lineage is of: `source`, a topic, or `node`, an id of another answer.",
        )
    if node is not None:
        return Node.of_id(node)
    found = await services.sources.get(str(source), services.cluster)
    return services.lineage.topic(found.summary.name)


def _run(run: JobRun, namespaces: Namespaces) -> RunView:
    return RunView(
        run_id=run.id,
        namespace=namespaces.outward(run.job),
        job=run.job.name,
        state=run.state,
        started_at=run.started_at,
        ended_at=run.ended_at,
        told_at=run.told_at,
    )
