"""What is asked for when a team asks for access to a product, and the plan that comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from core.access import Operation, principal_of
from core.contract.port import PortView
from core.generation import SAYS_SOMETHING
from core.grant import GROUP, Granted, GrantPlan
from core.grant_life import Grant
from core.ownership import OwnerRules, team_of_group
from core.plan import (
    Compatibility,
    Note,
    Plan,
    PlanKind,
    ProductPlan,
    SchemaPlan,
    TopicPlan,
)
from core.product import DataProduct
from core.promotion import OWNER_PATTERN, cleanup_of, owner_of, promised
from core.promotion_fields import sensitive_of
from core.schema.model import Field as Place
from core.schema.model import Kind, Schema

_NOTHING_KNOWN = Schema(Place("", frozenset({Kind.OBJECT})))
_FORMATS = ("avro", "json-schema", "protobuf")


class AccessRequest(BaseModel):
    """`team` is a team's name or reference, which stands for its principal in Kafka.

    Who reads does so in the consumer group `group`, or in all whose names begin with it; none
    means all that begin with the team's name and a dot. No topics means all of the product.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    team: str = Field(
        min_length=1, max_length=100, examples=["fraud-team"], json_schema_extra=OWNER_PATTERN
    )
    purpose: str = Field(min_length=1, max_length=1_000, pattern=SAYS_SOMETHING)
    operations: tuple[Granted, ...] = Field(default=(Operation.READ,), min_length=1, max_length=2)
    group: str | None = Field(default=None, pattern=GROUP)
    group_prefix: bool = False
    topics: tuple[str, ...] = Field(default=(), max_length=100)
    until: AwareDatetime


class AccessRefusedError(ValueError):
    """Access cannot be given so; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class StandingPort:
    """A port as it is now: `configs` are the topic's, the rest is of its subject."""

    view: PortView
    partitions: int
    replication: int
    configs: Mapping[str, str]
    compatibility: str
    version: int | None


def team_in(request: AccessRequest) -> str:
    """The reference of the team. Raises AccessRefusedError for a person, InvalidOwnerError."""
    team = owner_of(request.team).lower()
    if not team.startswith("group:"):
        raise AccessRefusedError(
            f"Access is given to teams, and {team} is a person: Kafka's principal is that of a "
            "team. Name a team, such as group:default/fraud-team."
        )
    return team


def grant_of(
    request: AccessRequest, product: DataProduct, cluster: str, template: str
) -> GrantPlan:
    """Raises AccessRefusedError, InvalidOwnerError."""
    team = team_in(request)
    group, prefix = _groups(request, team)
    try:
        return GrantPlan(
            team=team,
            principal=principal_of(team, template),
            topics=_topics(request, product, cluster),
            operations=tuple(
                o for o in (Operation.READ, Operation.WRITE) if o in request.operations
            ),
            group=group,
            group_prefix=prefix,
            purpose=request.purpose.strip(),
            until=request.until,
        )
    except ValueError as error:
        if isinstance(error, AccessRefusedError):
            raise
        raise AccessRefusedError(f"It cannot be asked for so: {_first(error)}") from error


def _groups(request: AccessRequest, team: str) -> tuple[str | None, bool]:
    if request.group is None and Operation.READ in request.operations:
        return f"{team.rpartition('/')[2]}.", True
    return request.group, request.group_prefix


def _topics(request: AccessRequest, product: DataProduct, cluster: str) -> tuple[str, ...]:
    here = tuple(port.topic for port in product.ports if port.cluster == cluster)
    if not here:
        raise AccessRefusedError(
            f"The product {product.id} has no topic on the cluster {cluster}, so there is nothing "
            "to give access to."
        )
    wanted = tuple(dict.fromkeys(request.topics)) or here
    if strangers := [topic for topic in wanted if topic not in here]:
        raise AccessRefusedError(
            f"{strangers[0][:249]!r} is no output port of {product.id}; it has {', '.join(here)}."
        )
    return wanted


def _first(error: ValueError) -> str:
    """What the first check said, without where in the model it stands."""
    told = getattr(error, "errors", None)
    return str(told()[0]["msg"]).removeprefix("Value error, ") if told else str(error)


def access_plan(
    product: DataProduct,
    grant: GrantPlan,
    port: StandingPort,
    cluster: str,
    before: Grant | None = None,
    rules: OwnerRules | None = None,
) -> Plan:
    """The plan that gives it, with the product as it stands: who decides sees what they open.

    `before` is what the team has already, which this one prolongs.
    """
    return Plan(
        kind=PlanKind.ACCESS,
        product=ProductPlan(
            id=product.id,
            name=product.name,
            description=product.description,
            owner=product.owner,
            domain=product.domain,
            tags=product.tags,
        ),
        topic=_topic(port, cluster),
        schema_plan=_schema_plan(port),
        grant=grant,
        notes=tuple(_notes(grant, before)),
        risks=tuple(_risks(grant, rules or OwnerRules())),
        written_by="catalog",
    )


def _topic(port: StandingPort, cluster: str) -> TopicPlan:
    return TopicPlan(
        cluster=cluster,
        name=port.view.topic,
        partitions=port.partitions,
        replication=port.replication,
        retention_ms=int(port.configs.get("retention.ms", "-1")),
        cleanup=cleanup_of(port.configs.get("cleanup.policy", "")),
    )


def _schema_plan(port: StandingPort) -> SchemaPlan:
    view = port.view
    known = view.schema or _NOTHING_KNOWN
    schema = Schema(promised(known.root), name=known.name, namespace=known.namespace)
    registered = view.format in _FORMATS and (view.format != "protobuf" or port.version)
    return SchemaPlan(
        subject=view.subject or f"{view.topic}-value",
        compatibility=Compatibility(port.compatibility),
        value=schema,
        format=view.format if registered else "json-schema",
        version=port.version,
        framed=view.registered,
        key=view.key,
        event_time=view.event_time,
        sensitive=sensitive_of(schema),
    )


def _notes(grant: GrantPlan, before: Grant | None) -> Iterator[Note]:
    yield Note(about="grant.purpose", because=f'"{grant.purpose[:300]}" was given', given=True)
    if grant.group_prefix and grant.group == f"{grant.team.rpartition('/')[2]}.":
        yield Note(about="grant.group", because="all groups that are named after the team")
    if before is not None:
        because = f"{grant.team} has access until {before.plan.ends} by {before.id}"
        yield Note(about="grant.until", because=f"{because}; this one prolongs it")


def _risks(grant: GrantPlan, rules: OwnerRules) -> Iterator[str]:
    team = None if grant.group is None else team_of_group(grant.group, rules)
    if team is not None and team != grant.team.rpartition("/")[2]:
        yield f"The consumer group {grant.group} is named as one of {team}, and not {grant.team}'s."
