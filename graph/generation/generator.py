"""The generator: looks at what exists, drafts by the model that serves, checks, and mends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from langchain_core.language_models import BaseChatModel

from core.coverage import coverage
from core.drafting.drafted import Draft
from core.generation import GenerationRequest
from core.plan import Note, Plan, PlanKind, Related
from core.plan_check import problems
from core.plan_facts import PlanFacts
from core.spans import amount_of
from graph.generation.asking import Asking
from graph.generation.free_names import freed, is_free
from graph.generation.skill import drafted
from graph.models.choice import Author, Models, UnusableReplyError
from graph.models.offline.model import OFFLINE
from tools.plan_review import PlanReviewer, Surroundings
from tools.survey import Nearest, Survey, Surveyor

TRIES = 3
"""How often a hosted model may draft: what the check says goes back to it."""

_RENAMES = 5
_COVERED = 0.3
"""A source that has so much of what is wanted is related to it."""

_FIELD = "schema_plan.value."
"""Where the notes on single fields begin."""

_NEAR = 0.7
"""And so is one that is found by its words and scores so near to the best."""

Tell = Callable[[str], Awaitable[None]]

log = logging.getLogger(__name__)


class DraftFailedError(Exception):
    """No draft passed the checks; the text says what stands in the way."""

    def __init__(self, found: tuple[str, ...]) -> None:
        super().__init__(
            f"No plan could be drafted that passes the checks: {'; '.join(found[:5])}. Describe it "
            "otherwise: what one message is, which fields it has, how long it is kept."
        )


async def untold(stage: str) -> None:
    """For those who do not watch."""


class Generator:
    """Reads what it needs; what it returns is a plan that nobody has decided on."""

    def __init__(self, models: Models, surveyor: Surveyor, reviewer: PlanReviewer) -> None:
        self._models = models
        self._surveyor = surveyor
        self._reviewer = reviewer

    async def draft(
        self, request: GenerationRequest, requested_by: str, tell: Tell = untold
    ) -> Plan:
        """A checked and priced plan.

        Raises DraftFailedError, AclsDisabledError and KafkaDeniedError.
        """
        await self._reviewer.require_acls()
        await tell("looks at what exists")
        survey = await self._surveyor.survey(f"{request.product_name}. {request.description}")
        await tell(f"found {amount_of(len(survey.nearest), 'near source')}; drafts")

        async def work(model: BaseChatModel) -> tuple[Plan, Surroundings]:
            if model is self._models.offline:
                return await self._by_code(model, request, survey)
            return await self._by_model(model, request, survey, tell)

        written = await self._models.write(work, tries=1)
        plan, around = written.value
        await tell("compares the draft with what exists, and prices it")
        return await self._finished(plan, around, survey, written.author)

    async def _by_code(
        self, model: BaseChatModel, request: GenerationRequest, survey: Survey
    ) -> tuple[Plan, Surroundings]:
        draft = await Asking(model, request, survey).draft()
        plan, around = await self._under_free_names(_plan(draft, OFFLINE))
        found = await asyncio.to_thread(problems, plan, around.facts)
        if found:
            raise DraftFailedError(found)
        return plan, around

    async def _by_model(
        self, model: BaseChatModel, request: GenerationRequest, survey: Survey, tell: Tell
    ) -> tuple[Plan, Surroundings]:
        """Raises UnusableReplyError once the budget is used up."""
        base = await asyncio.to_thread(drafted, request, survey)
        asking = Asking(model, request, survey, base)
        said: tuple[str, ...] = ()
        for attempt in range(1, TRIES + 1):
            draft, said = await asking.attempt(said)
            if draft is None:
                continue
            plan, around = await self._under_free_names(_plan(draft, OFFLINE))
            said = await asyncio.to_thread(problems, plan, around.facts)
            if not said:
                return plan, around
            await tell(f"draft {attempt} of {TRIES} did not pass: {said[0]}")
            log.info("draft %s of %s did not pass: %s", attempt, TRIES, "; ".join(said))
        raise UnusableReplyError(f"none of its {TRIES} drafts passed the checks ({said[0]})")

    async def _under_free_names(self, draft: Plan) -> tuple[Plan, Surroundings]:
        wanted = self._reviewer.granted(draft)
        plan, around = wanted, await self._reviewer.surroundings(wanted)
        facts = around.facts
        for _ in range(_RENAMES):
            if is_free(plan, facts):
                break
            plan = freed(wanted, facts)
            around = await self._reviewer.surroundings(plan)
            facts = _joined(facts, around.facts)
        return plan, replace(around, facts=facts)

    async def _finished(
        self, plan: Plan, around: Surroundings, survey: Survey, author: Author
    ) -> Plan:
        related = await asyncio.to_thread(related_to, plan, survey)
        written = plan.model_copy(
            update={
                "related": related,
                "written_by": author.model,
                "notes": (*_said_so(author), *plan.notes),
                "risks": (*plan.risks, *_risks(plan, around)),
            }
        )
        return written.model_copy(update={"cost": await self._reviewer.cost(written)})


def related_to(plan: Plan, survey: Survey) -> tuple[Related, ...]:
    """What exists already, measured against the plan's fields; what has most of them first.

    Fields that the draft added by itself do not count: it took them from these sources, or from
    what such things usually have.
    """
    wanted, added = plan.schema_plan.value, _added(plan.notes)
    measured = [
        (near, coverage(wanted, near.whole).without(added))
        for near in survey.nearest
        if near.whole is not None
    ]
    kept = [
        Related(
            source=near.source.name,
            kind=near.source.kind.value,
            owner=_owner(near),
            product=near.source.product_id,
            score=near.score,
            covered=found.share,
            has=found.has,
            missing=found.missing,
        )
        for near, found in measured
        if found.share >= _COVERED or (near.by_words and near.score >= _NEAR)
    ]
    return tuple(sorted(kept, key=lambda each: (-each.covered, -each.score)))


def _added(notes: Sequence[Note]) -> frozenset[str]:
    """Paths of the fields that the description does not name."""
    return frozenset(
        note.about.removeprefix(_FIELD)
        for note in notes
        if not note.given and note.about.startswith(_FIELD)
    )


def _plan(draft: Draft, written_by: str) -> Plan:
    return Plan(
        kind=PlanKind.CREATE,
        product=draft.product,
        topic=draft.topic,
        schema_plan=draft.schema_plan,
        rules=draft.rules,
        latency_ms=draft.latency_ms,
        throughput=draft.throughput,
        inputs=draft.inputs,
        notes=draft.notes,
        risks=draft.risks,
        written_by=written_by,
    )


def _owner(near: Nearest) -> str | None:
    return None if near.source.owner is None else near.source.owner.ref


def _joined(known: PlanFacts, more: PlanFacts) -> PlanFacts:
    return PlanFacts(
        topics=known.topics | more.topics,
        subjects=known.subjects | more.subjects,
        products=known.products | more.products,
        ports={**known.ports, **more.ports},
        brokers=more.brokers,
        no_acls=more.no_acls,
    )


def _said_so(author: Author) -> tuple[Note, ...]:
    """Who stood in for whom, and why."""
    if author.fallback is None:
        return ()
    because = f"{author.fallback.model} failed ({author.fallback.reason}), so code drafted it"
    return (Note(about="written_by", because=because),)


def _risks(plan: Plan, around: Surroundings) -> tuple[str, ...]:
    waiting = tuple(
        f"{approval_id} wants the same product or topic and waits for a decision: only one of "
        "them can be carried out"
        for approval_id in around.waiting
    )
    unknown = tuple(
        f"it is to be made from {name}, which does not exist on the cluster"
        for name in plan.inputs
        if around.facts.topics and name not in around.facts.topics
    )
    return (*around.silent, *waiting, *unknown)
