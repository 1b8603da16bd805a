"""The node at which a plan waits for a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langgraph.types import interrupt

if TYPE_CHECKING:
    from graph.flow import FlowState


def approval(state: FlowState) -> dict[str, str]:
    """Nothing else may stand here: a node that is resumed starts again from its top."""
    return {"verdict": interrupt({"approval_id": state["approval_id"]})}
