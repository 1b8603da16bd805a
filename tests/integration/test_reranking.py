"""A second judge of doubtful pairs: what it says moves a score, what it does not say leaves it."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import SecretStr
from starlette.responses import Response

from core.schema.model import Field, Kind, Schema
from core.similarity.comparable import Comparable
from evals.reranking import reranked
from graph.models.choice import hosted_model
from tests.integration.catalog.openai_server import MODEL, Asked, completion, openai_server


def side(name: str) -> Comparable:
    field = Field("id", frozenset({Kind.STRING}))
    return Comparable.of(name, Schema(Field("", frozenset({Kind.OBJECT}), children=(field,))))


async def test_only_doubtful_pairs_are_asked_and_only_answers_count() -> None:
    asked: list[str] = []

    async def behave(request: Asked) -> Response:
        text = request["messages"][-1]["content"]
        asked.append(text)
        return completion('{"same": true}' if "orders" in text else "I cannot say.")

    sources = [side("orders"), side("purchases"), side("cars")]
    pairs = np.array([(0, 1), (1, 2), (0, 2)], np.intp)
    said = np.array([0.4, 0.5, 0.95])
    async with openai_server(behave) as url:
        hosted = hosted_model(base_url=url, model=MODEL, api_key=SecretStr("x"), timeout=10)
        found = await reranked(sources, pairs, said, hosted)

    assert found.scores == pytest.approx([0.7, 0.5, 0.95])
    assert (found.asked, found.silent) == (2, 1)
    assert all(text.count("<data>") == 1 for text in asked)
