"""What a step of the saga is: it does one thing, knows its own work again and can undo it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from core.approval import Approval
from core.plan import Plan

Result = Mapping[str, Any]


class ClashError(Exception):
    """Something stands in the plan's way that is not its own; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Work:
    """One attempt at a step.

    `noted` is what earlier attempts noted before they wrote, and `note` adds to it. A step notes
    what the world was like before it changes it: after a kill, that tells its own work from
    another's.
    """

    approval: Approval
    noted: Result
    note: Callable[[Result], Awaitable[None]]

    @property
    def plan(self) -> Plan:
        return self.approval.plan


class SagaStep(Protocol):
    """`do` may be run again at any point of an earlier run; `undo` as well."""

    @property
    def name(self) -> str: ...

    async def do(self, work: Work) -> Result:
        """Do it, or adopt what an earlier attempt did; returns what there is now.

        Raises ClashError, or what an adapter raises.
        """
        ...

    async def undo(self, plan: Plan, result: Result) -> str:
        """Take back what `result` says it made, or may have made; what was done, in words."""
        ...
