"""What a real model once drafted, replayed: its tries, what it was told, and the text's numbers."""

from __future__ import annotations

from typing import Any, cast

from core.cost.estimate import CostEstimate
from core.drafting.drafted import Draft
from core.generation import GenerationRequest
from core.plan import Plan
from core.plan_check import problems
from core.plan_facts import PlanFacts
from core.quality.rule import Metric
from core.schema.model import Field, Kind, Schema
from core.source import Owner, SourceKind
from core.topic_naming import TopicNaming
from graph.generation.generator import TRIES, Generator
from graph.generation.skill import DraftingSkill
from graph.models.choice import OFFLINE, Models
from graph.models.offline.model import OfflineModel
from tests.integration.recorded.cassette import MODEL, recorded, recorded_model
from tests.integration.recorded.test_recorded_chat import summary
from tools.plan_review import PlanReviewer, Surroundings
from tools.sheet import field_lines
from tools.survey import Nearest, Survey

REQUEST = GenerationRequest(
    product_name="Card fraud scores",
    owner="fraud-team",
    description="A fraud score between 0 and 1 for each card payment, available within 100 ms. "
    "Keep it 7 years. The decision is one of allow, review or block.",
)
PAYMENTS = Schema(
    Field(
        "",
        frozenset({Kind.OBJECT}),
        children=(
            Field("payment_id", frozenset({Kind.STRING})),
            Field("card_token", frozenset({Kind.STRING})),
            Field("amount", frozenset({Kind.NUMBER})),
            Field("currency", frozenset({Kind.STRING})),
        ),
    )
)


class FixedSurvey:
    """The same surroundings at every run, so that the recorded requests come again."""

    async def survey(self, description: str) -> Survey:
        owner = Owner(ref="group:default/payments")
        near = Nearest(
            source=summary("payments.card-payments.v1", SourceKind.MANAGED, owner),
            score=1.0,
            by_words=True,
            fields=field_lines(PAYMENTS),
            whole=PAYMENTS,
        )
        return Survey(
            nearest=(near,),
            cluster="default",
            brokers=3,
            replication=3,
            naming=TopicNaming(),
            topics=frozenset({near.source.name}),
        )


class NothingTaken:
    """A cluster of three brokers on which all names are free."""

    async def require_acls(self) -> None:
        return

    def granted(self, plan: Plan) -> Plan:
        return plan

    async def surroundings(self, plan: Plan) -> Surroundings:
        return Surroundings(PlanFacts(brokers=3))

    async def cost(self, plan: Plan) -> CostEstimate | None:
        return None


async def test_a_real_model_hears_what_is_wrong_until_code_drafts_with_the_texts_numbers() -> None:
    """The recorded model is a small one, whose drafts name an event time that is no field."""
    models = Models(
        OfflineModel(skills={Draft.__name__: DraftingSkill()}), recorded_model(max_tokens=4_000)
    )
    generator = Generator(models, cast(Any, FixedSurvey()), cast(PlanReviewer, NothingTaken()))

    with recorded("draft_card_fraud_scores") as cassette:
        plan = await generator.draft(REQUEST, "user:default/joe")

    told = [str(request.body) for request in cassette.requests]
    assert len(told) == cassette.play_count == TRIES
    assert ["is no field" in body for body in told] == [False, True, True]
    (why,) = [note.because for note in plan.notes if note.about == "written_by"]
    assert plan.written_by == OFFLINE
    assert f"{MODEL} failed (none of its {TRIES} drafts passed the checks" in why
    assert problems(plan, PlanFacts(brokers=3)) == ()
    assert plan.topic.retention_ms == 7 * 365 * 86_400_000
    assert plan.latency_ms == 100
    limits = [(rule.minimum, rule.maximum) for rule in plan.rules if rule.metric is Metric.RANGE]
    assert (0, 1) in limits
    values = [rule.values for rule in plan.rules if rule.metric is Metric.ENUM]
    assert ("allow", "review", "block") in values
    assert plan.related[0].source == "payments.card-payments.v1"
