"""Views and searches of this process: counted in memory, and kept in the database soon after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from core.usage.search_text import normalised

_MOST = 10_000
"""Different ones between two flushes; a flood of others is not counted."""


class Kind(StrEnum):
    SOURCE = "source"
    PRODUCT = "product"


class Via(StrEnum):
    API = "api"
    CONSOLE = "console"


class View(NamedTuple):
    """One look at a source or a product. `principal` is a kind of principal, never a person."""

    cluster: str
    day: date
    kind: Kind
    name: str
    via: Via
    principal: str


class Search(NamedTuple):
    """`query` is normalised."""

    cluster: str
    day: date
    query: str


class Counts(Protocol):
    """Where counts are kept."""

    async def add_views(self, views: Counter[View]) -> None: ...

    async def add_searches(self, found: Counter[Search], nothing: Counter[Search]) -> None: ...


def _today() -> date:
    return datetime.now(UTC).date()


class Tally:
    """A view costs a request no database; a process that is killed loses some seconds of them.

    `searches` False counts no texts of searches.
    """

    def __init__(
        self, counts: Counts, *, searches: bool = True, today: Callable[[], date] = _today
    ) -> None:
        self._counts = counts
        self._searches = searches
        self._today = today
        self._views: Counter[View] = Counter()
        self._found: Counter[Search] = Counter()
        self._nothing: Counter[Search] = Counter()

    def viewed(self, cluster: str, kind: Kind, name: str, via: Via, principal: str) -> None:
        _count(self._views, View(cluster, self._today(), kind, name, via, principal))

    def searched(self, cluster: str, text: str, *, found: bool) -> None:
        """Counts the first page of a search; what is left of its text decides what it is."""
        query = normalised(text) if self._searches else ""
        if query:
            asked = Search(cluster, self._today(), query)
            _count(self._found if found else self._nothing, asked)

    async def flush(self) -> None:
        """Bring what was counted to the database; it stays here while that is away."""
        views, self._views = self._views, Counter()
        found, self._found = self._found, Counter()
        nothing, self._nothing = self._nothing, Counter()
        try:
            if views:
                await self._counts.add_views(views)
                views = Counter()
            if found or nothing:
                await self._counts.add_searches(found, nothing)
                found, nothing = Counter(), Counter()
        finally:
            # Empty unless it failed before they were written.
            self._views.update(views)
            self._found.update(found)
            self._nothing.update(nothing)


def _count(counter: Counter, one: View | Search) -> None:  # type: ignore[type-arg]
    if one in counter or len(counter) < _MOST:
        counter[one] += 1
