"""A whole draft from a description: pure, deterministic, the same for the same words."""

from __future__ import annotations

import re

from core.drafting.composed import Composed
from core.drafting.composing import compose
from core.drafting.drafted import Draft, DraftContext
from core.drafting.explaining import Explaining, latency_of
from core.drafting.reading import read
from core.drafting.rendering import rules_of, schema_of, secrets_of
from core.drafting.sizing import throughput_of
from core.drafting.stream_rules import stream_rules
from core.drafting.subject import Subject, slug, subject_of
from core.drafting.topic import TopicDrafting
from core.generation import GenerationRequest
from core.names import words
from core.plan import ProductPlan, SchemaPlan
from core.schema.model import Schema

_REFERENCE = re.compile(r"(group|user):[a-z0-9_-]+/[A-Za-z0-9._-]{1,63}")
_DOC = 500
"""Characters of the description that the schema quotes."""


def draft(request: GenerationRequest, context: DraftContext | None = None) -> Draft:
    """The plan's parts that the description decides. Never fails on any text."""
    context = context or DraftContext()
    reading = read(request.description)
    subject = subject_of(request.product_name, request.description, reading)
    composed = compose(reading, subject, context)
    throughput = throughput_of(reading)
    keyed = composed.key is not None
    topic = TopicDrafting(request, context, reading.promises, throughput, subject, keyed).done()
    secrets = secrets_of(composed)
    explaining = Explaining(reading, composed, subject, topic.plan, secrets)
    rules = (*rules_of(composed), *stream_rules(reading.promises, composed))
    return Draft(
        product=_product(request, subject, tuple(name for name, _ in explaining.tags())),
        topic=topic.plan,
        schema_plan=SchemaPlan(
            subject=f"{topic.plan.name}-value",
            compatibility=topic.compatibility,
            value=_schema(request, composed, subject),
            key=composed.key.name if composed.key else None,
            event_time=composed.event_time.name if composed.event_time else None,
            sensitive=tuple(secret.path for secret in secrets),
        ),
        rules=tuple({rule.id: rule for rule in rules}.values()),
        latency_ms=latency_of(reading.promises),
        throughput=throughput and round(throughput.average, 6),
        inputs=_inputs(request, context),
        notes=(*topic.notes, *explaining.notes()),
        risks=tuple(explaining.risks()),
    )


def _product(request: GenerationRequest, subject: Subject, tags: tuple[str, ...]) -> ProductPlan:
    name = " ".join(request.product_name.split())
    return ProductPlan(
        id=(slug(name) or "product")[:100].strip("-"),
        name=name,
        description=request.description.strip() or name,
        owner=_owner(request.owner),
        domain=slug(subject.domain),
        tags=tags,
    )


def _owner(owner: str) -> str:
    if _REFERENCE.fullmatch(owner.strip()):
        return owner.strip()
    return f"group:default/{slug(owner)[:63].strip('-') or 'unknown'}"


def _schema(request: GenerationRequest, composed: Composed, subject: Subject) -> Schema:
    title = "".join(word.capitalize() for word in words(request.product_name))
    legal = re.sub(r"[^A-Za-z0-9]", "", title) or "Product"
    name = legal if not legal[0].isdigit() else f"P{legal}"
    doc = " ".join(request.description.split())[:_DOC]
    return schema_of(composed, name, subject.domain, doc)


def _inputs(request: GenerationRequest, context: DraftContext) -> tuple[str, ...]:
    """Sources that the description calls by their names."""
    text = request.description.lower()
    names = [known.name for known in context.closest]
    return tuple(
        name for name in names if re.search(rf"(?<![\w.-]){re.escape(name.lower())}(?![\w-])", text)
    )
