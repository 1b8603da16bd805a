"""What the agents found, typed: an answer's numbers come from here and from nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from langchain_core.messages import BaseMessage, ToolMessage
from pydantic import BaseModel, Field

from core.source import SourceSummary
from graph.analysis_findings import ComparisonFindings, ConsolidationFindings
from graph.plan_findings import ApprovalsFindings, PlanFindings
from tools.sources import ChangeFindings, ListFindings, SearchFindings, SourceFindings

FINDINGS = (SearchFindings, SourceFindings, ListFindings, ChangeFindings)

Findings = Annotated[
    SearchFindings | SourceFindings | ListFindings | ChangeFindings, Field(discriminator="type")
]


ANY_FINDINGS = (
    *FINDINGS,
    PlanFindings,
    ApprovalsFindings,
    ComparisonFindings,
    ConsolidationFindings,
)

AnyFindings = Annotated[
    SearchFindings
    | SourceFindings
    | ListFindings
    | ChangeFindings
    | PlanFindings
    | ApprovalsFindings
    | ComparisonFindings
    | ConsolidationFindings,
    Field(discriminator="type"),
]
"""What an answer's facts come from: of sources and pairs of them, or of plans and approvals."""


def findings_in(messages: list[BaseMessage]) -> list[Findings]:
    """The typed results of the tools that were called, in their order."""
    artifacts = (said.artifact for said in messages if isinstance(said, ToolMessage))
    return [artifact for artifact in artifacts if isinstance(artifact, FINDINGS)]


def summaries_in(findings: Findings) -> list[SourceSummary]:
    """The sources that findings are about, best first, managed ones before discovered ones."""
    match findings:
        case SearchFindings(result=result):
            return [hit.source for hit in (*result.managed, *result.discovered)]
        case SourceFindings(source=source, others=others):
            return [] if source is None else [each.summary for each in (source, *others)]
        case ListFindings(sources=sources):
            return list(sources)
        case ChangeFindings():
            return []


def records_in(findings: Findings) -> Iterator[tuple[str, BaseModel]]:
    """All that findings hold of each topic, by its name, in the order of `summaries_in`."""
    match findings:
        case SearchFindings(result=result):
            yield from ((hit.source.name, hit) for hit in (*result.managed, *result.discovered))
        case SourceFindings(source=source, others=others) if source is not None:
            yield from ((each.summary.name, each) for each in (source, *others))
        case ListFindings(sources=sources):
            yield from ((summary.name, summary) for summary in sources)
        case ChangeFindings(changes=changes):
            yield from ((change.name, change) for change in changes)


def names_in(findings: Findings) -> list[str]:
    """The topics that findings name, in the order in which an answer shows them."""
    return list(dict.fromkeys(name for name, _ in records_in(findings)))
