"""What every decision says, whichever way it comes."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from core.approval import Verdict

ONLY_MODIFY: dict[str, Any] = {
    "if": {"properties": {"decision": {"const": Verdict.MODIFY.value}}, "required": ["decision"]},
    "then": {
        "properties": {"changes": {"type": "object", "minProperties": 1}},
        "required": ["changes"],
    },
    "else": {"properties": {"changes": {"anyOf": [{"maxProperties": 0}, {"type": "null"}]}}},
}
"""For the JSON Schema: `modify` takes changes and the others none, as the gate sees to."""


class Said(BaseModel):
    """`changes` are for `modify`, which approves the changed plan: a value by its path in the plan.

    They are needed there, and refused elsewhere.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra=ONLY_MODIFY)
    decision: Verdict
    comment: str = Field("", max_length=2_000)
    changes: dict[str, Any] | None = Field(None, examples=[{"topic.partitions": 12}])
