"""The offline model's leads on lineage: they count what the tools returned."""

from __future__ import annotations

from core.lineage.edge import Certainty
from core.lineage.impact import Effect
from core.lineage.picture import NodeType, SeenNode, SourceImpact
from core.lineage.walk import Direction
from core.listing import joined
from core.spans import amount_of
from tools.lineage import ImpactFindings, LineageFindings

_NAMED = 4


def lineage_lead(found: LineageFindings) -> str:
    picture = found.picture
    if picture is None:
        return f"There is no topic or data product `{found.name}`."
    up = [node for node in picture.nodes if node.distance < 0]
    down = [node for node in picture.nodes if node.distance > 0]
    told = []
    if found.direction is not Direction.DOWNSTREAM:
        told.append(_upstream(found.name, up))
    if found.direction is not Direction.UPSTREAM:
        told.append(_downstream(found.name, down))
    return " ".join(told)


def _upstream(name: str, nodes: list[SeenNode]) -> str:
    if not nodes:
        return (
            f"Nothing is known of where `{name}` comes from: no job told of writing it, no plan "
            "names its inputs and no other topic looks like its source."
        )
    return f"Upstream of `{name}` there {_are(nodes)}."


def _downstream(name: str, nodes: list[SeenNode]) -> str:
    if not nodes:
        return f"Nothing is known to read `{name}` or to be made from it."
    return f"Downstream of `{name}` there {_are(nodes)}."


def _are(nodes: list[SeenNode]) -> str:
    topics = sum(node.type in (NodeType.TOPIC, NodeType.DATASET) for node in nodes)
    groups = sum(node.type is NodeType.CONSUMER_GROUP for node in nodes)
    jobs = len(nodes) - topics - groups
    counts = ((topics, "dataset"), (groups, "consumer group"), (jobs, "job"))
    parts = [amount_of(number, noun) for number, noun in counts if number]
    return f"{_is(len(nodes))} {joined(parts)}"


def impact_lead(found: ImpactFindings) -> str:
    if found.field_unknown:
        near = f" Fields like it: {joined([f'`{name}`' for name in found.near])}."
        return f"`{found.name}` has no field `{found.field}`.{near if found.near else ''}"
    if not found.impacts:
        return f"There is no topic or data product `{found.name}`."
    return " ".join(_impact(each) for each in found.impacts)


def _impact(found: SourceImpact) -> str:
    what = f"`{found.source}`" if found.field is None else f"`{found.field}` of `{found.source}`"
    standing = [each for each in found.affected if not each.vanished]
    if not standing:
        gone = amount_of(len(found.affected), "reader")
        once = f" {gone} of before {_is(len(found.affected))} gone." if found.affected else ""
        return f"Nobody is known to depend on {what}.{once}"
    counts = found.counts
    parts = [
        amount_of(number, noun)
        for number, noun in (
            (counts.consumer_groups, "consumer group"),
            (counts.topics, "topic"),
            (counts.others, "other job or dataset"),
        )
        if number
    ]
    told = []
    if parts:
        told.append(f"If {what} changes, it reaches {joined(parts)}{_teams(found)}.")
    if counts.perhaps:
        told.append(_perhaps(found, what, bool(parts)))
    return " ".join(told)


def _perhaps(found: SourceImpact, what: str, more: bool) -> str:
    number = found.counts.perhaps
    guessed = all(
        each.certainty is Certainty.GUESS
        for each in found.affected
        if each.effect is Effect.PERHAPS and not each.vanished
    )
    why = "which is a guess" if guessed else "since it is not known which fields they use"
    if more:
        return f"{number:,} more may be, {why}."
    return f"If {what} changes, {number} may be affected{_teams(found)}, {why}."


def _teams(found: SourceImpact) -> str:
    names = [f"`{each.team}`" for each in found.teams]
    if not names:
        return ""
    if len(names) > _NAMED:
        return f", of {amount_of(len(names), 'team')}"
    return f", of {joined(names)}"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"
