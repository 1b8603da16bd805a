"""The order in which sources are compared: after each batch what is like it.

Sources alike have the same neighbours. In this order those are read once and compared with many,
however large the catalog; in the order of their ids a source is read again for nearly every pair.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Walk:
    """Hands out every source once."""

    def __init__(self, ids: Sequence[int]) -> None:
        self._ids = iter(ids)
        self._left = set(ids)
        self._near: list[int] = []
        """What was met, the latest last; some of it may have been handed out since."""

    def __contains__(self, one: int) -> bool:
        """Whether it is still to come."""
        return one in self._left

    def batch(self, size: int) -> list[int]:
        """The next ones, `size` at most; none at the end."""
        taken: list[int] = []
        while self._left and len(taken) < size:
            one = self._near.pop() if self._near else next(self._ids)
            if one in self._left:
                self._left.remove(one)
                taken.append(one)
        return taken

    def meet(self, neighbours: Iterable[int]) -> None:
        """Of the batch handed out last: they come next."""
        self._near += [one for one in neighbours if one in self._left]
