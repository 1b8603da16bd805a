"""What the schema analyzer found, typed."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from core.comparison import Comparison
from core.consolidation import Consolidation


class ComparisonFindings(BaseModel):
    """Pairs of topics, the likest first. `about` is the one that was asked for, if one was."""

    model_config = ConfigDict(frozen=True)
    type: Literal["comparison"] = "comparison"
    about: str | None = None
    pairs: tuple[Comparison, ...]


class Proof(BaseModel):
    """Sampled messages of a source that come through its mapping."""

    model_config = ConfigDict(frozen=True)
    source: str
    messages: int
    passed: int


class ConsolidationFindings(BaseModel):
    """A consolidation in short. The whole is at GET /consolidations/{id}."""

    model_config = ConfigDict(frozen=True)
    type: Literal["consolidation"] = "consolidation"
    id: str
    sources: tuple[str, ...]
    topic: str
    fields: int
    proofs: tuple[Proof, ...]
    groups: tuple[str, ...]


def consolidation_findings(made: Consolidation) -> ConsolidationFindings:
    return ConsolidationFindings(
        id=made.id,
        sources=tuple(source.name for source in made.current),
        topic=made.unified.topic,
        fields=len(made.unified.fields),
        proofs=tuple(
            Proof(source=replay.source, messages=replay.messages, passed=replay.passed)
            for replay in made.replays
        ),
        groups=tuple(sorted({group for source in made.current for group in source.groups})),
    )
