"""Who talks, and what the graph may do for them: propose, and decide where the gate lets them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.approval import Approval, Verdict
from core.comparison import Comparison
from core.consolidation import Consolidation
from core.generation import Generation, GenerationRequest
from core.promotion import PromotionRequest
from tools.db.cursor import Page

ANYONE = "user:default/local"


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a decision said in a chat: the approval, or why there is none."""

    approval: Approval | None
    refused: str = ""


Decide = Callable[[str, Verdict, str], Awaitable[Decided]]
"""Approval's id, verdict and comment; goes through the gate like every decision."""


@dataclass(frozen=True, slots=True)
class Asker:
    """`decide` is there only for an authenticated approver; nobody else decides by talking."""

    ref: str = ANYONE
    may_propose: bool = True
    decide: Decide | None = None
    owners: tuple[str, ...] | None = None
    """Whose figures they are told, such as costs; None: everybody's."""


SOMEONE = Asker()
"""Where nobody is told apart: may propose, and decides nothing."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A generation with its approval; None while it is still drafted, or where that failed."""

    generation: Generation
    approval: Approval | None


@dataclass(frozen=True, slots=True)
class Promoted:
    """The plan for a topic that exists, or why there is none."""

    approval: Approval | None
    refused: str = ""


class Proposer(Protocol):
    """Makes plans that wait for a decision."""

    async def propose(self, request: GenerationRequest, requested_by: str) -> Proposed:
        """Starts a generation and waits, but not for ever, for its draft."""
        ...

    async def promote(self, topic: str, request: PromotionRequest, requested_by: str) -> Promoted:
        """Plans a product from a topic; the text of a refusal says what to do."""
        ...


@dataclass(frozen=True, slots=True)
class Compared:
    """Two topics side by side, or why they are not."""

    comparison: Comparison | None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Consolidated:
    """One schema for several topics, or why there is none."""

    consolidation: Consolidation | None
    refused: str = ""


class Analyst(Protocol):
    """Tells what is the same twice. A consolidation is worked out and kept; nothing is made."""

    async def compare(self, left: str, right: str) -> Compared: ...

    async def related(self, name: str) -> Sequence[Comparison]: ...

    async def duplicates(self) -> Sequence[Comparison]: ...

    async def consolidate(self, names: tuple[str, ...], requested_by: str) -> Consolidated: ...


class Inbox(Protocol):
    """Approvals to read."""

    async def waiting(self, limit: int) -> Page[Approval]: ...

    async def find(self, approval_id: str) -> Approval | None: ...
