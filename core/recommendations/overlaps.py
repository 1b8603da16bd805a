"""The same thing twice: one of them would do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from core import comparison_words
from core.comparison import Comparison
from core.listing import joined
from core.recommendations.facts import FleetFacts, SourceFacts
from core.recommendations.figures import freed, moving, told
from core.recommendations.recommendation import Level, Proposal, Rating, RecommendationKind
from core.similarity.relation import Relation
from core.similarity.verdict import CONTAINED


def clusters(fleet: FleetFacts) -> list[tuple[str, ...]]:
    """Groups of topics that are the same, discovered ones and managed ones apart, by name."""
    known = fleet.by_name
    near: dict[str, set[str]] = defaultdict(set)
    for pair in fleet.pairs:
        if pair.relation is Relation.DUPLICATE and _of_one_kind(known, pair):
            near[pair.left].add(pair.right)
            near[pair.right].add(pair.left)
    found, seen = [], set[str]()
    for name in sorted(near):
        if name not in seen:
            group = _reached(name, near)
            seen |= group
            found.append(tuple(sorted(group)))
    return found


def consolidations(fleet: FleetFacts) -> Iterator[Proposal]:
    known = fleet.by_name
    for names in clusters(fleet):
        sources = [known[name] for name in names]
        pairs = [
            pair
            for pair in fleet.pairs
            if {pair.left, pair.right} <= set(names) and pair.relation is Relation.DUPLICATE
        ]
        # The one that most read stays where it is the least work.
        stays = max(sources, key=lambda one: (len(one.groups), one.messages, one.name))
        go = [source for source in sources if source is not stays]
        teams, groups = _readers(sources)
        yield Proposal(
            kind=RecommendationKind.CONSOLIDATE,
            sources=names,
            title=f"Consolidate {joined(names)}",
            evidence=(
                *(comparison_words.said(pair) for pair in pairs),
                f"They are read by {told(teams, 'team')}, {told(groups, 'consumer group')}.",
            ),
            benefits=freed(go, fleet.cluster, fleet.book),
            effort=moving(*_readers(go)),
            risk=_risk(pairs),
            gist=(*(f"{pair.similarity:.1f}" for pair in pairs),),
        )


def replacements(fleet: FleetFacts) -> Iterator[Proposal]:
    """Discovered topics that a managed product has most of: of several, the one that has most."""
    known = fleet.by_name
    by_topic: dict[str, list[Comparison]] = defaultdict(list)
    for pair in fleet.pairs:
        if pair.relation not in (Relation.DUPLICATE, Relation.OVERLAP):
            continue
        for one in (pair, pair.turned):
            left, right = known.get(one.left), known.get(one.right)
            if left is None or right is None or left.managed or not right.managed:
                continue
            if one.left_in_right >= CONTAINED:
                by_topic[one.left].append(one)
    for name in sorted(by_topic):
        best, *others = sorted(by_topic[name], key=_most_first)
        yield _replacement(fleet, best, [known[other.right] for other in others])


def _most_first(pair: Comparison) -> tuple[float, float, str]:
    return -pair.left_in_right, -pair.similarity, pair.right


def _replacement(fleet: FleetFacts, pair: Comparison, others: Sequence[SourceFacts]) -> Proposal:
    left, right = fleet.by_name[pair.left], fleet.by_name[pair.right]
    lacking = pair.alignment.left_only
    product = right.product_name or right.name
    has = len(pair.alignment.matches)
    lacks = f" It lacks {', '.join(f'`{path}`' for path in lacking[:8])}." if lacking else ""
    return Proposal(
        kind=RecommendationKind.USE_MANAGED,
        sources=(left.name,),
        instead=right.name,
        title=f"Use {product} instead of {left.name}",
        evidence=(
            f"{product} (`{right.name}`) has {has} of the {has + len(lacking)} fields of "
            f"{left.name}, {pair.left_in_right:.0%} weighed by how rare they are.{lacks}",
            comparison_words.said(pair),
            f"{product} is read by {told(right.teams, 'team')}; {left.name} by "
            f"{told(left.teams, 'team')}.",
            *(
                f"{other.product_name or other.name} (`{other.name}`) has much of it, too."
                for other in others
            ),
        ),
        benefits=freed((left,), fleet.cluster, fleet.book),
        effort=moving(left.teams, left.groups),
        risk=Rating(
            level=Level.LOW if not lacking else Level.MEDIUM,
            why=(
                f"readers of {', '.join(f'`{path}`' for path in lacking[:8])} would miss them"
                if lacking
                else "every field is there"
            ),
        ),
        gist=(f"{pair.left_in_right:.1f}", *sorted(lacking)),
    )


def _risk(pairs: Sequence[Comparison]) -> Rating:
    """By what the topics do not have in common."""
    alone = {
        path for pair in pairs for path in (*pair.alignment.left_only, *pair.alignment.right_only)
    }
    unsure = [m for pair in pairs for m in pair.alignment.matches if m.sureness < 0.8]
    level = Level.MEDIUM if alone or unsure else Level.LOW
    return Rating(
        level=level,
        why=f"{told(sorted(alone), 'field')} in only some of them, less than 80% sure: "
        f"{told([f'{match.left} = {match.right}' for match in unsure], 'match')}",
    )


def _readers(sources: Sequence[SourceFacts]) -> tuple[list[str], list[str]]:
    teams = sorted({team for source in sources for team in source.teams})
    groups = sorted({group for source in sources for group in source.groups})
    return teams, groups


def _of_one_kind(known: dict[str, SourceFacts], pair: Comparison) -> bool:
    left, right = known.get(pair.left), known.get(pair.right)
    return left is not None and right is not None and left.managed is right.managed


def _reached(start: str, near: dict[str, set[str]]) -> set[str]:
    found, ahead = {start}, [start]
    while ahead:
        for other in near[ahead.pop()] - found:
            found.add(other)
            ahead.append(other)
    return found
