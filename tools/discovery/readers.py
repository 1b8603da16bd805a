"""Who reads what: consumer groups with committed offsets, their teams and their lag."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from core.ownership import OwnerRules, team_of_group
from tools.db.finding import Offsets, Reader
from tools.kafka.admin import GroupOffset


def readers_of(
    committed: Iterable[GroupOffset], offsets: Mapping[str, Offsets], rules: OwnerRules
) -> tuple[Reader, ...]:
    """One reader per group and topic of the catalog; lag over the partitions it has committed."""
    grouped: dict[tuple[str, str], list[GroupOffset]] = defaultdict(list)
    for place in committed:
        if place.topic in offsets and place.committed >= 0:
            grouped[place.group, place.topic].append(place)
    return tuple(
        Reader(
            group=group,
            topic=topic,
            team=team_of_group(group, rules),
            lag=_lag(places, offsets[topic]),
            state=places[0].state,
            committed={place.partition: place.committed for place in places},
        )
        for (group, topic), places in sorted(grouped.items())
    )


def _lag(places: Iterable[GroupOffset], offsets: Offsets) -> int | None:
    """Messages yet to be read; what was deleted unread is not waited for. None if unknown."""
    lags = [
        max(0, offsets[place.partition][1] - max(place.committed, offsets[place.partition][0]))
        for place in places
        if place.partition in offsets
    ]
    return sum(lags) if lags else None
