"""A plan as an ODCS v3.1.0 contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.contract.document import (
    API_VERSION,
    COMPATIBILITY,
    COST,
    EVENT_TIME,
    FORMAT,
    INPUTS,
    MESSAGE_KEY,
    SUBJECT,
    OdcsDocument,
)
from core.contract.properties import topic_members
from core.contract.quality import quality_of
from core.cost.estimate import CostEstimate
from core.plan import CleanupPolicy, Plan
from core.product import Lifecycle
from core.quality.rule import Metric, QualityRule, Severity
from core.schema import avro_writer
from core.schema.model import ITEMS, child_path

CONFIDENTIAL = "confidential"
"""The classification of fields that a plan calls sensitive."""

STATUS: Mapping[Lifecycle, str] = {
    Lifecycle.DRAFT: "draft",
    Lifecycle.PENDING: "proposed",
    Lifecycle.ACTIVE: "active",
    Lifecycle.DEPRECATED: "deprecated",
    Lifecycle.RETIRED: "retired",
}
"""A product's lifecycle in the standards' words."""

_DAY_MS = 86_400_000
FOREVER = "unlimited"


def contract_of(
    plan: Plan,
    bootstrap_servers: str | None = None,
    *,
    version: str = "1.0.0",
    lifecycle: Lifecycle = Lifecycle.ACTIVE,
) -> OdcsDocument:
    """The contract of a plan's product; a server is named where its address is given."""
    document: dict[str, Any] = {
        "apiVersion": API_VERSION,
        "kind": "DataContract",
        "id": plan.product.id,
        "name": plan.product.name,
        "version": version,
        "status": STATUS[lifecycle],
        "domain": plan.product.domain,
        "dataProduct": plan.product.id,
        "description": {"purpose": plan.product.description},
        "tags": list(plan.product.tags),
        "servers": _servers(plan, bootstrap_servers),
        "schema": [_topic_object(plan)],
        "slaProperties": list(_sla(plan)),
        "team": _team(plan.product.owner),
        "customProperties": list(_custom(plan)),
    }
    return OdcsDocument({name: value for name, value in document.items() if value})


def _servers(plan: Plan, bootstrap_servers: str | None) -> list[dict[str, Any]]:
    if bootstrap_servers is None:
        return []
    return [
        {
            "server": plan.topic.cluster,
            "type": "kafka",
            "host": bootstrap_servers,
            "format": plan.schema_plan.value_format,
        }
    ]


def _team(owner: str) -> dict[str, Any]:
    team: dict[str, Any] = {"name": owner}
    if owner.startswith("user:"):
        team["members"] = [{"username": owner, "role": "owner"}]
    return team


def _topic_object(plan: Plan) -> dict[str, Any]:
    schema = plan.schema_plan
    avro = avro_writer.write(schema.value) if schema.format == "avro" else None
    members = topic_members(schema.value, avro)
    head: dict[str, Any] = {
        "name": plan.topic.name,
        "physicalName": plan.topic.name,
        "physicalType": "topic",
    }
    if schema.value.doc:
        head["description"] = schema.value.doc
    topic = head | members
    _mark(topic["properties"], "", plan)
    if stream := [quality_of(rule) for rule in plan.rules if rule.field is None]:
        topic["quality"] = stream
    topic["customProperties"] = [*_topic_custom(plan), *members.get("customProperties", ())]
    return topic


def _mark(properties: Sequence[dict[str, Any]], parent: str, plan: Plan) -> None:
    """Write what the plan says of each field beside its type: key, class, quality."""
    for each in properties:
        path = child_path(parent, str(each["name"]))
        _mark_one(each, path, plan)
        _mark(each.get("properties", ()), path, plan)
        if "items" in each:
            _mark_one(each["items"], child_path(path, ITEMS), plan)
            _mark(each["items"].get("properties", ()), child_path(path, ITEMS), plan)


def _mark_one(written: dict[str, Any], path: str, plan: Plan) -> None:
    rules = [rule for rule in plan.rules if rule.field == path]
    unique = any(map(_promises_unique, rules))
    if path == plan.schema_plan.key:
        written |= {"partitioned": True, "partitionKeyPosition": 1}
        if unique or plan.topic.cleanup is not CleanupPolicy.DELETE:
            written |= {"primaryKey": True, "primaryKeyPosition": 1}
    if unique:
        written["unique"] = True
    if path in plan.schema_plan.sensitive:
        written["classification"] = CONFIDENTIAL
    if rules:
        written["quality"] = [quality_of(rule) for rule in rules]


def _promises_unique(rule: QualityRule) -> bool:
    return rule.metric is Metric.UNIQUE and rule.severity is Severity.ERROR


def _topic_custom(plan: Plan) -> list[dict[str, Any]]:
    schema = plan.schema_plan
    told = {
        SUBJECT: schema.subject,
        COMPATIBILITY: schema.compatibility.value,
        FORMAT: schema.value_format,
        MESSAGE_KEY: schema.key,
        EVENT_TIME: schema.event_time,
        "cluster": plan.topic.cluster,
        "partitions": plan.topic.partitions,
        "replicationFactor": plan.topic.replication,
        "topicConfig": plan.topic.configs,
    }
    return [{"property": k, "value": v} for k, v in told.items() if v is not None]


def _sla(plan: Plan) -> Iterable[dict[str, Any]]:
    element = {"element": plan.topic.name}
    yield {"property": "retention", **_retention(plan.topic.retention_ms)} | element
    if plan.latency_ms is not None:
        latency = {"property": "latency", "value": plan.latency_ms, "unit": "ms"}
        yield latency | element
    if plan.throughput is not None:
        yield {"property": "frequency", "value": plan.throughput, "unit": "messages/s"} | element


def _retention(milliseconds: int) -> dict[str, Any]:
    if milliseconds < 0:
        return {"value": FOREVER}
    if milliseconds % _DAY_MS == 0:
        return {"value": milliseconds // _DAY_MS, "unit": "d"}
    return {"value": milliseconds, "unit": "ms"}


def _custom(plan: Plan) -> Iterable[dict[str, Any]]:
    if plan.inputs:
        yield {"property": INPUTS, "value": list(plan.inputs)}
    if plan.cost is not None:
        yield {
            "property": COST,
            "value": _cost(plan.cost),
            "description": "What the platform spends on it in a month, not a price to consumers.",
        }


def _cost(cost: CostEstimate) -> dict[str, Any]:
    told = cost.model_dump(mode="json")
    return {"total": str(cost.total), **told}
