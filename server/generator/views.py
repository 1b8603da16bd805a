"""Generations as the API shows them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from core.generation import Generation
from core.plan import Plan
from tools.db.generations import Drafted


class GenerationView(BaseModel):
    """How far a generation is. `next` says what to do now, in words."""

    model_config = ConfigDict(frozen=True)
    generation: Generation
    plan: Plan | None = Field(description="the plan in force; null while nothing is drafted")
    approval: str | None = Field(description="path of its approval on this server")
    next: str


def generation_view(drafted: Drafted) -> GenerationView:
    generation = drafted.generation
    approval = generation.approval_id
    return GenerationView(
        generation=generation,
        plan=drafted.plan,
        approval=None if approval is None else f"/approvals/{approval}",
        next=_next(generation),
    )


def _next(generation: Generation) -> str:
    approval, status = generation.approval_id, generation.status.value
    match status:
        case "queued" | "drafting":
            return f"GET /generations/{generation.id} again, or watch its /events."
        case "waiting":
            return f"GET /approvals/{approval}; an approver decides by POST to its /decision."
        case "active":
            return (
                f"{generation.product_id} is there; GET /approvals/{approval} says what was made."
            )
        case _:
            return "Ask again with another description, or as the error says."
