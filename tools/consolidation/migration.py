"""The way to the unified topic, team by team, and the way back from each step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from core.consolidation import CurrentSource, MigrationStep
from core.listing import joined
from core.unify.mapping import Mapping

_RENAMED = 8


def migration(
    current: Sequence[CurrentSource], mappings: Sequence[Mapping], topic: str
) -> Iterator[MigrationStep]:
    """In the order in which they are safe: readers move before writers do."""
    names = [source.name for source in current]
    yield MigrationStep(
        who="platform",
        do=f"Create `{topic}` with its schema, by an approved plan.",
        rollback=f"Delete `{topic}`: nobody reads it yet.",
    )
    yield MigrationStep(
        who="platform",
        do=f"Run the bridge: it carries {_listed(names)} into `{topic}`, and what does not come "
        "through to the dead-letter topic.",
        rollback="Stop the bridge. The old topics were not touched.",
    )
    by_source = {mapping.source: mapping for mapping in mappings}
    for source in current:
        for team, groups in _teams(source).items():
            yield MigrationStep(
                who=team,
                do=f"Let {_listed(groups)} read `{topic}` instead of `{source.name}`: "
                f"{_renamed(by_source[source.name])}.",
                rollback=f"Let {_listed(groups)} read `{source.name}` again: it is still written.",
            )
    for source in current:
        yield MigrationStep(
            who=source.owner or f"whoever writes {source.name}",
            do=f"Write `{topic}` with its schema instead of `{source.name}`, once nobody reads "
            "that any more.",
            rollback=f"Write `{source.name}` again: the bridge still carries it over.",
        )
    yield MigrationStep(
        who="platform",
        do=f"Stop the bridge and retire {_listed(names)}.",
        rollback="Until their retention has passed, the old topics can be read again.",
    )


def _teams(source: CurrentSource) -> dict[str, list[str]]:
    """The consumer groups of each team; a group whose team is not known stands for itself."""
    found: dict[str, list[str]] = defaultdict(list)
    for group in source.groups:
        team = next((team for team in source.teams if group.startswith(team)), group)
        found[team].append(group)
    return found


def _renamed(mapping: Mapping) -> str:
    changed = [one.said for one in mapping.fields if one.path != one.to or one.steps]
    if not changed:
        return "every field keeps its name and form"
    more = f" and {len(changed) - _RENAMED} more" if len(changed) > _RENAMED else ""
    return f"{', '.join(changed[:_RENAMED])}{more}"


def _listed(names: Sequence[str]) -> str:
    return joined([f"`{name}`" for name in names])
