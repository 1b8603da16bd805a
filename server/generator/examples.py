"""Examples for the OpenAPI document, made of real models; they stand for no real product."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from core.generation import Generation, GenerationRequest, GenerationStatus
from graph.plan_words import summary_of
from server.approvals.examples import example_plan
from server.generator.views import generation_view
from tools.db.generations import Drafted

_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

REQUEST: dict[str, Any] = {
    "product_name": "Example scores",
    "owner": "fraud-team",
    "description": "A score between 0 and 1 for each card payment, within 100 ms, kept 7 years.",
    "auto_provision": False,
}


def _generation(status: GenerationStatus, stage: str, **more: Any) -> Generation:
    return Generation(
        id="gen-8c1f0e2a9b3d",
        request=GenerationRequest(**REQUEST),
        requested_by="user:default/joe",
        status=status,
        stage=stage,
        created_at=_AT,
        updated_at=_AT,
        **more,
    )


_QUEUED = _generation(GenerationStatus.QUEUED, "waits for its turn")
_WAITING = _generation(
    GenerationStatus.WAITING,
    "waits for a decision on apr-3f9a1c2b7d4e",
    approval_id="apr-3f9a1c2b7d4e",
    product_id="example-scores",
    summary=summary_of(example_plan()),
)

QUEUED = generation_view(Drafted(_QUEUED, None)).model_dump(mode="json")
WAITING = generation_view(Drafted(_WAITING, example_plan())).model_dump(mode="json")
LISTED = _WAITING.model_dump(mode="json")
