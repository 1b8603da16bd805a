"""The filters of a search as conditions on `sources s`; values are parameters, never text."""

from __future__ import annotations

from psycopg.sql import SQL, Composable

from core.search import SearchQuery

_CONDITIONS = {
    "cluster": SQL("s.cluster = %(cluster)s"),
    "kind": SQL("s.kind = %(kind)s"),
    "owner": SQL("s.owner = %(owner)s"),
    "domain": SQL("s.domain = %(domain)s"),
    "format": SQL("s.format = %(format)s"),
    "tag": SQL("s.tags @> array[%(tag)s]"),
    "has_schema": SQL("s.has_registered_schema = %(has_schema)s"),
    "has_owner": SQL("(s.owner is not null) = %(has_owner)s"),
}


def values_of(query: SearchQuery) -> dict[str, object]:
    """The filters that are given, by name."""
    given = {**query.filters.model_dump(mode="json"), "cluster": query.cluster}
    return {
        name: value.replace("\0", "") if isinstance(value, str) else value
        for name, value in given.items()
        if name in _CONDITIONS and value is not None
    }


def conditions_of(query: SearchQuery) -> Composable:
    """All conditions that must hold; vanished sources are left out unless asked for."""
    found = [_CONDITIONS[name] for name in values_of(query)]
    if not query.filters.include_vanished:
        found.append(SQL("s.status = 'present'"))
    return SQL(" and ").join(found) if found else SQL("true")
