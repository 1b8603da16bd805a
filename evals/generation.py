"""Data products drafted from descriptions that others wrote, for facts that can be checked.

The folder holds `cases.jsonl` (id, product_name, owner, description). Each case is drafted offline;
what is predicted is what would be approved: topic, key, times, schema, rules, sensitive fields.
"""

from __future__ import annotations

import time
from pathlib import Path
from statistics import fmean, quantiles
from typing import Any

import orjson

from core.drafting.draft import draft
from core.drafting.drafted import Draft
from core.generation import GenerationRequest
from core.quality.rule import QualityRule
from core.schema import avro


def run(data: Path, out: Path, noisy: bool = False) -> None:
    """Write `{case id: prediction}` and print how long drafting took; the set has no noise."""
    cases = [
        orjson.loads(line) for line in (data / "cases.jsonl").read_bytes().splitlines() if line
    ]
    draft(_request(cases[0]))  # reads the ontology
    drafted = {case["id"]: _timed(case) for case in cases}
    predictions = {name: predicted(result) for name, (result, _) in drafted.items()}
    out.write_bytes(orjson.dumps(predictions, option=orjson.OPT_INDENT_2))
    took = [ms for _, ms in drafted.values()]
    fields = fmean(
        sum(1 for _ in result.schema_plan.value.walk()) for result, _ in drafted.values()
    )
    print(f"generation, {len(cases)} descriptions drafted offline, {fields:.1f} fields on average")
    print(f"p50 {quantiles(took, n=2)[0]:.1f} ms, p95 {quantiles(took, n=20)[-1]:.1f} ms a draft")


def _request(case: dict[str, Any]) -> GenerationRequest:
    return GenerationRequest(
        product_name=case["product_name"], owner=case["owner"], description=case["description"]
    )


def _timed(case: dict[str, Any]) -> tuple[Draft, float]:
    started = time.perf_counter()
    result = draft(_request(case))
    return result, (time.perf_counter() - started) * 1_000


def predicted(result: Draft) -> dict[str, Any]:
    """A draft in the words of the set."""
    return {
        "topic": result.topic.name,
        "partitions": result.topic.partitions,
        "retention_ms": result.topic.retention_ms,
        "cleanup_policy": result.topic.cleanup.value,
        "key": result.schema_plan.key,
        "event_time": result.schema_plan.event_time,
        "latency_ms": result.latency_ms,
        "avro": avro.write(result.schema_plan.value),
        "rules": [_rule(rule) for rule in result.rules],
        "sensitive": list(result.schema_plan.sensitive),
    }


def _rule(rule: QualityRule) -> dict[str, Any]:
    return {
        "field": rule.field,
        "metric": rule.metric.value,
        "min": rule.minimum,
        "max": rule.maximum,
        "values": list(rule.values) or None,
        "pattern": rule.pattern,
        "max_delay_ms": rule.max_delay_ms,
    }
