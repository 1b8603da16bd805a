"""From a request to a product: draft -> approval -> provisioning, kept in Postgres between them.

The approval's row is the truth; the checkpoint only says where the flow stands. Whatever it says,
`resume` brings the flow to its end.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, Protocol, TypedDict

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, StateSnapshot

from core.approval import Approval, ApprovalStatus, Verdict
from core.generation import GenerationRequest
from core.plan import Plan
from graph.approval import approval
from graph.provisioning.saga import Saga
from tools.db.approvals import ApprovalRepository

log = logging.getLogger(__name__)

_MOST_LEGS = 4
"""Draft, approval and provisioning, and one more: so often a flow can stop on its way."""


class Drafter(Protocol):
    """Turns a request into a complete plan."""

    async def draft(self, request: GenerationRequest, requested_by: str) -> Plan: ...


class NothingToDraftError(Exception):
    """The flow was to start over, but what was asked for is not known any more."""

    def __init__(self, thread_id: str) -> None:
        super().__init__(f"{thread_id} has no approval and nothing to draft. Ask for it again.")


class FlowState(TypedDict, total=False):
    """Only names: what they stand for is in the tables, and may be decided on meanwhile."""

    thread_id: str
    approval_id: str
    verdict: str
    status: str


Draft = Callable[[], Awaitable[Plan]]


@dataclass(frozen=True)
class FlowContext:
    """`draft` makes the plan of this thread, where it is started and not resumed."""

    approvals: ApprovalRepository
    saga: Saga
    lifetime: timedelta
    requested_by: str = ""
    draft: Draft | None = None


FlowGraph = CompiledStateGraph[FlowState, FlowContext, FlowState, FlowState]


async def draft(state: FlowState, runtime: Runtime[FlowContext]) -> FlowState:
    """The approval of this thread: the one that there is, else one with a fresh plan."""
    context, thread_id = runtime.context, state["thread_id"]
    found = await context.approvals.of_thread(thread_id)
    if found is None:
        if context.draft is None:
            raise NothingToDraftError(thread_id)
        found = await context.approvals.create(
            await context.draft(),
            thread_id=thread_id,
            requested_by=context.requested_by,
            lifetime=context.lifetime,
        )
    return {"approval_id": found.id}


async def provisioning(state: FlowState, runtime: Runtime[FlowContext]) -> FlowState:
    """The saga reads the decision from its row again: what the state says decides nothing."""
    ended = await runtime.context.saga.run(state["approval_id"])
    return {"status": ended.status.value}


def after(state: FlowState) -> Literal["provisioning", "__end__"]:
    return "provisioning" if state["verdict"] in (Verdict.APPROVE, Verdict.MODIFY) else "__end__"


def build_flow(checkpointer: BaseCheckpointSaver[str]) -> FlowGraph:
    graph = StateGraph(FlowState, context_schema=FlowContext)
    graph.add_node("draft", draft)
    graph.add_node("approval", approval)
    graph.add_node("provisioning", provisioning)
    graph.add_edge(START, "draft")
    graph.add_edge("draft", "approval")
    graph.add_conditional_edges("approval", after, ["provisioning", END])
    graph.add_edge("provisioning", END)
    return graph.compile(checkpointer=checkpointer)


class Flow:
    """Starts flows and brings decided ones to their end. `lifetime` is how long a plan waits."""

    def __init__(
        self,
        checkpointer: BaseCheckpointSaver[str],
        approvals: ApprovalRepository,
        saga: Saga,
        drafter: Drafter,
        *,
        lifetime: timedelta,
    ) -> None:
        self._graph = build_flow(checkpointer)
        self._approvals = approvals
        self._saga = saga
        self._drafter = drafter
        self._lifetime = lifetime

    async def start(
        self, thread_id: str, request: GenerationRequest, requested_by: str
    ) -> Approval:
        """The approval that the thread waits for: drafted now, or the one it waits for already.

        Raises what the drafter raises; the thread can then be started again.
        """

        async def drafted() -> Plan:
            return await self._drafter.draft(request, requested_by)

        return await self._propose(thread_id, drafted, requested_by)

    async def start_by(self, thread_id: str, draft: Draft, requested_by: str) -> Approval:
        """The same by a draft of the caller's, who may want to watch how it comes about."""
        return await self._propose(thread_id, draft, requested_by)

    async def waiting(self, thread_id: str) -> Approval | None:
        """The approval that a thread has made, decided on or not."""
        return await self._approvals.of_thread(thread_id)

    async def start_with(self, thread_id: str, plan: Plan, requested_by: str) -> Approval:
        """The same with a plan that is ready, such as a promotion's."""

        async def ready() -> Plan:
            return plan

        return await self._propose(thread_id, ready, requested_by)

    async def _propose(self, thread_id: str, draft: Draft, requested_by: str) -> Approval:
        found = await self._approvals.of_thread(thread_id)
        if found is not None:
            return found
        context = self._context(requested_by, draft)
        await self._graph.ainvoke({"thread_id": thread_id}, _config(thread_id), context=context)
        made = await self._approvals.of_thread(thread_id)
        if made is None:
            raise NothingToDraftError(thread_id)
        return made

    async def resume(self, approval_id: str) -> Approval:
        """Bring the flow of a decided or expired approval to its end, wherever it stands.

        Raises ProvisioningDelayedError (call again later) and StepOvertakenError.
        """
        known = await self._approvals.get(approval_id)
        if known.status is ApprovalStatus.PENDING:
            log.warning("%s is not decided: its flow stays where it is", approval_id)
            return known
        for _ in range(_MOST_LEGS):
            snapshot = await self.state(known.thread_id)
            if _has_ended(snapshot):
                break
            await self._graph.ainvoke(
                _onward(snapshot, known), _config(known.thread_id), context=self._context()
            )
        left = await self._approvals.get(approval_id)
        if left.status in (ApprovalStatus.APPROVED, ApprovalStatus.PROVISIONING):
            return await self._saga.run(approval_id)
        return left

    async def state(self, thread_id: str) -> StateSnapshot:
        """Where a flow stands; it says nothing of what was decided."""
        return await self._graph.aget_state(_config(thread_id))

    def _context(self, requested_by: str = "", draft: Draft | None = None) -> FlowContext:
        return FlowContext(self._approvals, self._saga, self._lifetime, requested_by, draft)


def _config(thread_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread_id}}


def _has_ended(snapshot: StateSnapshot) -> bool:
    return snapshot.created_at is not None and not snapshot.next


def _onward(snapshot: StateSnapshot, known: Approval) -> Any:
    """The input that moves the flow on: from its start, from the interrupt, or from a node that
    was begun."""
    if snapshot.created_at is None:
        return {"thread_id": known.thread_id}
    if snapshot.interrupts:
        verdict = known.decision.verdict.value if known.decision else known.status.value
        return Command(resume={each.id: verdict for each in snapshot.interrupts})
    return None
