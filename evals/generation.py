"""Data products drafted from descriptions that others wrote, for facts that can be checked.

The folder holds `cases.jsonl` (id, product_name, owner, description). Each case goes through the
generator as `POST /generate` does: it looks at what exists (an empty catalog), drafts, checks and
prices. What is predicted is the plan that would be approved. With a hosted model configured
(HEADWATER_LLM_*) that drafts. The configured servers are only read; the database is a fresh one.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, quantiles
from typing import Any

import orjson

from core.generation import GenerationRequest
from core.plan import Plan
from core.quality.rule import QualityRule
from core.schema import avro
from server.scratch_servers import scratch_servers
from server.services import Services, open_services
from server.settings import Settings

ASKER = "user:default/evaluation"

Cases = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Drafted:
    """A case's plan and the time in ms that it took."""

    plan: Plan
    took_ms: float


def run(data: Path, out: Path, noisy: bool = False) -> None:
    """Write `{case id: prediction}` and print who drafted and how long; the set has no noise."""
    lines = (data / "cases.jsonl").read_bytes().splitlines()
    cases = [orjson.loads(line) for line in lines if line.strip()]
    drafted = asyncio.run(drafted_by_generator(Settings(), cases))
    predictions = {name: predicted(found.plan) for name, found in drafted.items()}
    out.write_bytes(orjson.dumps(predictions, option=orjson.OPT_INDENT_2))
    for line in _figures(drafted):
        print(line)


async def drafted_by_generator(settings: Settings, cases: Cases) -> dict[str, Drafted]:
    """Each case's plan by the running generator; the first is drafted twice, to warm up."""
    async with scratch_servers(settings) as serving, open_services(serving) as services:
        for case in cases[:1]:
            await _drafted(services, case)
        return {case["id"]: await _drafted(services, case) for case in cases}


async def _drafted(services: Services, case: Mapping[str, Any]) -> Drafted:
    request = GenerationRequest(
        product_name=case["product_name"], owner=case["owner"], description=case["description"]
    )
    started = time.perf_counter()
    plan = await services.generator.draft(request, ASKER)
    return Drafted(plan, (time.perf_counter() - started) * 1_000)


def _figures(drafted: Mapping[str, Drafted]) -> Iterator[str]:
    plans = [found.plan for found in drafted.values()]
    took = [found.took_ms for found in drafted.values()]
    authors = Counter(plan.written_by for plan in plans)
    by = ", ".join(f"{author} {number}" for author, number in authors.most_common())
    yield f"generation, {len(plans)} descriptions drafted by {by}"
    fields = fmean(sum(1 for _ in plan.schema_plan.value.walk()) for plan in plans)
    rules = fmean(len(plan.rules) for plan in plans)
    sensitive = fmean(len(plan.schema_plan.sensitive) for plan in plans)
    yield f"{fields:.1f} fields, {rules:.1f} rules, {sensitive:.1f} sensitive fields on average"
    yield f"p50 {quantiles(took, n=2)[0]:.1f} ms, p95 {quantiles(took, n=20)[-1]:.1f} ms a draft"


def predicted(plan: Plan) -> dict[str, Any]:
    """A plan in the words of the set."""
    return {
        "topic": plan.topic.name,
        "partitions": plan.topic.partitions,
        "retention_ms": plan.topic.retention_ms,
        "cleanup_policy": plan.topic.cleanup.value,
        "key": plan.schema_plan.key,
        "event_time": plan.schema_plan.event_time,
        "latency_ms": plan.latency_ms,
        "avro": avro.write(plan.schema_plan.value),
        "rules": [_rule(rule) for rule in plan.rules],
        "sensitive": list(plan.schema_plan.sensitive),
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
