"""The offline model's way to a draft: from the request and the survey, by code alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from core.drafting.draft import draft
from core.drafting.drafted import Draft, DraftContext, KnownSchema
from core.generation import GenerationRequest
from graph.generation.brief import read_brief
from graph.models.offline.model import Call, Turn
from tools.survey import Survey


class DraftingSkill:
    """Drafts where the talk holds a request and a survey of what exists."""

    async def next(self, turn: Turn) -> Sequence[Call]:
        surveys = [said.artifact for said in turn.results if isinstance(said.artifact, Survey)]
        made = await asyncio.to_thread(
            drafted, read_brief(turn.question), surveys[-1] if surveys else None
        )
        return [Call(Draft.__name__, made.model_dump(mode="json"))]


def drafted(request: GenerationRequest, survey: Survey | None) -> Draft:
    """By code alone: the same request over the same catalog gives the same draft."""
    return draft(request, context_of(survey))


def context_of(survey: Survey | None) -> DraftContext:
    if survey is None:
        return DraftContext()
    closest = tuple(
        KnownSchema(near.source.name, near.score, near.whole)
        for near in survey.nearest
        if near.whole is not None
    )
    return DraftContext(
        cluster=survey.cluster,
        brokers=survey.brokers or 1,
        replication=survey.replication,
        naming=survey.naming,
        closest=closest,
    )
