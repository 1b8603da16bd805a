"""/sources/{name}/rules: which quality rules hold for a topic, and who says so."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path

from core.contract.entries import not_watched
from core.product import OutputPort
from core.quality.columns.wanted import paths_of
from core.quality.fit import misfit
from core.quality.implied import completed
from core.quality.rule import QualityRule
from core.quality.wording import rule_told
from core.request import current
from core.source import SourceDetail, SourceKind
from server.catalog import examples
from server.catalog.rule_views import Activity, Rules, RuleStatement, RuleView
from server.catalog.sources import Cluster, Name
from server.openapi import answers
from server.principal import Principal, Writer, forbidden, require_owner
from server.problems import ProblemError
from server.products.examples import NOT_WATCHED
from server.services import Running, Services
from tools.db.product_writing import Deed
from tools.db.rules import StoredRule

router = APIRouter(tags=["quality"])

RuleId = Annotated[
    str, Path(pattern=r"^[a-z0-9][a-z0-9_.-]{0,99}$", examples=["rating-range"], alias="rule_id")
]


@router.get(
    "/sources/{name}/rules",
    operation_id="listSourceRules",
    summary="The quality rules of a source",
    responses=answers({"items": [examples.RULE], "not_watched": [NOT_WATCHED]}, 404, 503),
)
async def list_rules(name: Name, services: Running, cluster: Cluster = None) -> Rules:
    """All that hold, with where they come from; and the entries of its contract that are text, SQL
    or for other engines."""
    at = cluster or services.cluster
    source = await services.sources.get(name, at)
    stored = await services.rules.of_topic(name, at)
    product = await services.products.of_topic(OutputPort(cluster=at, topic=name))
    contract = None if product is None else product.contract
    foreign = () if contract is None else not_watched(contract)
    return Rules(
        items=(*map(rule_view, stored), *_implied(source, stored)),
        not_watched=tuple(each for each in foreign if each.topic == name),
    )


@router.put(
    "/sources/{name}/rules/{rule_id}",
    operation_id="putSourceRule",
    summary="State a quality rule",
    responses=answers(examples.RULE, 401, 403, 404, 409, 413, 415, 503),
)
async def put_rule(
    name: Name,
    rule_id: RuleId,
    statement: RuleStatement,
    services: Running,
    writer: Writer,
    cluster: Cluster = None,
) -> RuleView:
    """It must fit the schema of the source, and is watched within seconds. The same again changes
    nothing; another text replaces the rule, also one that was inferred. A rule of a product's
    contract is changed in the contract."""
    source = await _writable(services, writer, name, cluster)
    rule = statement.named(rule_id)
    _refuse_misfit(rule, source)
    stored = await services.rules.state(_port(source), rule, _deed(writer, "put"))
    return rule_view(stored)


@router.delete(
    "/sources/{name}/rules/{rule_id}",
    operation_id="deleteSourceRule",
    summary="Take a stated rule back",
    status_code=204,
    responses=answers(None, 401, 403, 404, 409, 503, status=204),
)
async def delete_rule(
    name: Name, rule_id: RuleId, services: Running, writer: Writer, cluster: Cluster = None
) -> None:
    """One that was inferred from the stream would come back: switch it off instead."""
    source = await _writable(services, writer, name, cluster)
    await services.rules.remove(_port(source), rule_id, _deed(writer, "delete"))


@router.put(
    "/sources/{name}/rules/{rule_id}/active",
    operation_id="switchSourceRule",
    summary="Switch a rule on or off",
    responses=answers({**examples.RULE, "active": False}, 401, 403, 404, 409, 413, 415, 503),
)
async def switch_rule(
    name: Name,
    rule_id: RuleId,
    activity: Activity,
    services: Running,
    writer: Writer,
    cluster: Cluster = None,
) -> RuleView:
    """A rule that is off is not watched, and an inferred one stays off when it is learnt anew."""
    source = await _writable(services, writer, name, cluster)
    deed = _deed(writer, "switch")
    stored = await services.rules.set_active(_port(source), rule_id, deed, active=activity.active)
    return rule_view(stored)


def rule_view(stored: StoredRule) -> RuleView:
    return RuleView(
        id=stored.rule.id,
        says=rule_told(stored.rule),
        rule=stored.rule,
        origin=stored.origin,
        product_id=stored.product_id,
        active=stored.active,
        since=stored.since,
        stated_by=stored.stated_by,
        switched_by=stored.switched_by,
    )


def _implied(source: SourceDetail, stored: tuple[StoredRule, ...]) -> tuple[RuleView, ...]:
    active = tuple(each.rule for each in stored if each.active)
    managed = source.summary.kind is SourceKind.MANAGED
    return tuple(
        RuleView(id=rule.id, says=rule_told(rule), rule=rule, origin="implied")
        for rule in completed(active, source.schema, managed=managed)[len(active) :]
    )


async def _writable(
    services: Services, writer: Principal, name: str, cluster: str | None
) -> SourceDetail:
    """Raises a problem (403) where the source is another team's. An owner that was guessed has
    proved nothing."""
    source = await services.sources.get(name, cluster or services.cluster)
    owner = source.summary.owner
    if owner is not None and owner.guessed_from is None:
        require_owner(writer, owner.ref)
    elif not writer.may_decide:
        raise forbidden(
            f"Nobody has said who owns {name!r}, so its rules are a steward's to state."
        )
    return source


def _refuse_misfit(rule: QualityRule, source: SourceDetail) -> None:
    name = source.summary.name
    if source.schema is None and paths_of(rule):
        raise ProblemError(
            HTTPStatus.CONFLICT,
            "schema-unknown",
            f"No field is known of {name!r} yet: no message of it could be read. "
            f"POST /scans reads it again.",
        )
    fields = None if source.schema is None else dict(source.schema.walk())
    if wrong := misfit(rule, fields):
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "rule-does-not-fit",
            f"{wrong[:1].upper()}{wrong[1:]}. GET /sources/{name}/schema?format=tree has its "
            "fields.",
        )


def _port(source: SourceDetail) -> OutputPort:
    return OutputPort(cluster=source.summary.cluster, topic=source.summary.name)


def _deed(writer: Principal, what: str) -> Deed:
    return Deed(writer.ref, f"rule.{what}", current.get())
