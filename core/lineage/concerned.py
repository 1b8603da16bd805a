"""Whom a change concerns, added up from what it reaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from core.lineage.impact import Effect
from core.lineage.picture import ImpactCounts, NodeType, SeenAffected, TeamConcerned

_GROUPS = (NodeType.CONSUMER_GROUP, NodeType.BRIDGE)


def teams_of(affected: Iterable[SeenAffected]) -> tuple[TeamConcerned, ...]:
    """By name: teams whose groups read it, and those that own what is made from it. What vanished
    concerns nobody any more."""
    groups: defaultdict[str, set[str]] = defaultdict(set)
    topics: defaultdict[str, set[str]] = defaultdict(set)
    for each in affected:
        node = each.node
        if each.vanished:
            continue
        if node.team is not None:
            groups[node.team].add(node.name)
        if node.owner is not None:
            topics[node.owner.ref.rpartition("/")[2]].add(node.name)
    return tuple(
        TeamConcerned(
            team=team, groups=tuple(sorted(groups[team])), topics=tuple(sorted(topics[team]))
        )
        for team in sorted(groups.keys() | topics.keys())
    )


def products_of(affected: Iterable[SeenAffected]) -> tuple[str, ...]:
    """Names of the data products of which a topic is reached."""
    found = (each.node for each in affected if not each.vanished)
    return tuple(sorted({node.product_name for node in found if node.product_name}))


def counts_of(affected: Sequence[SeenAffected]) -> ImpactCounts:
    standing = [each for each in affected if not each.vanished]
    sure = [each for each in standing if each.effect is Effect.AFFECTED]
    types = [each.node.type for each in sure]
    return ImpactCounts(
        consumer_groups=sum(each in _GROUPS for each in types),
        topics=types.count(NodeType.TOPIC),
        products=len(products_of(sure)),
        others=types.count(NodeType.DATASET) + types.count(NodeType.JOB),
        perhaps=len(standing) - len(sure),
        vanished=len(affected) - len(standing),
    )
