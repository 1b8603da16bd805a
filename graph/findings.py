"""What the agents found, typed: an answer's numbers come from here and from nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from langchain_core.messages import BaseMessage, ToolMessage
from pydantic import BaseModel, Field

from core.lineage.picture import NodeType
from core.source import SourceSummary
from graph.analysis_findings import ComparisonFindings, ConsolidationFindings
from graph.plan_findings import ApprovalsFindings, PlanFindings
from tools.incidents import AlertFindings, AlertListFindings
from tools.lineage import ImpactFindings, LineageFindings
from tools.quality import QualityFindings, QualityListFindings
from tools.sources import ChangeFindings, ListFindings, SearchFindings, SourceFindings

FINDINGS = (
    SearchFindings,
    SourceFindings,
    ListFindings,
    ChangeFindings,
    LineageFindings,
    ImpactFindings,
)

Findings = Annotated[
    SearchFindings
    | SourceFindings
    | ListFindings
    | ChangeFindings
    | LineageFindings
    | ImpactFindings,
    Field(discriminator="type"),
]

MONITOR_FINDINGS = (QualityFindings, QualityListFindings, AlertListFindings, AlertFindings)

MonitorFindings = Annotated[
    QualityFindings | QualityListFindings | AlertListFindings | AlertFindings,
    Field(discriminator="type"),
]

Looked = Findings | MonitorFindings
"""What the tools of any agent find."""


ANY_FINDINGS = (
    *FINDINGS,
    *MONITOR_FINDINGS,
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
    | LineageFindings
    | ImpactFindings
    | QualityFindings
    | QualityListFindings
    | AlertListFindings
    | AlertFindings
    | PlanFindings
    | ApprovalsFindings
    | ComparisonFindings
    | ConsolidationFindings,
    Field(discriminator="type"),
]
"""What an answer's facts come from: of sources and pairs of them, or of plans and approvals."""


def findings_in(messages: Sequence[BaseMessage]) -> list[Findings]:
    """The typed results of the tools that were called, in their order."""
    return [found for found in looked_up_in(messages) if isinstance(found, FINDINGS)]


def looked_up_in(messages: Sequence[BaseMessage]) -> list[Looked]:
    """Those of every agent's tools."""
    artifacts = (said.artifact for said in messages if isinstance(said, ToolMessage))
    return [each for each in artifacts if isinstance(each, (*FINDINGS, *MONITOR_FINDINGS))]


def summaries_in(findings: Findings) -> list[SourceSummary]:
    """The sources that findings are about, best first, managed ones before discovered ones."""
    match findings:
        case SearchFindings(result=result):
            return [hit.source for hit in (*result.managed, *result.discovered)]
        case SourceFindings(source=source, others=others):
            return [] if source is None else [each.summary for each in (source, *others)]
        case ListFindings(sources=sources):
            return list(sources)
        case ChangeFindings() | LineageFindings() | ImpactFindings():
            return []


def records_in(findings: Looked) -> Iterator[tuple[str, BaseModel]]:
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
        case LineageFindings(name=name, picture=picture) if picture is not None:
            yield name, picture
            yield from ((n.name, n) for n in picture.nodes if n.type is NodeType.TOPIC)
        case ImpactFindings(impacts=impacts):
            yield from ((each.source, each) for each in impacts)
        case QualityFindings(sheet=sheet, others=others) if sheet is not None:
            yield from ((each.source, each) for each in (sheet, *others))
        case QualityListFindings(items=items):
            yield from ((each.source, each) for each in items)
        case AlertListFindings(items=alerts):
            yield from ((each.source, each) for each in alerts)
        case AlertFindings(sheet=alert) if alert is not None:
            yield alert.source, alert


def names_in(findings: Looked) -> list[str]:
    """The topics that findings name, in the order in which an answer shows them."""
    return list(dict.fromkeys(name for name, _ in records_in(findings)))
