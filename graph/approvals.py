"""Talk about approvals: what waits, one plan in full, and a decision by who may decide.

No model has a part in it. A decision is an order that names its approval, said by an authenticated
approver; it goes through the gate like any other. All else is answered with how to decide.
"""

from __future__ import annotations

from typing import Any, Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from core.approval import Approval, ApprovalStatus
from core.spans import amount_of
from graph.aside import aside_in
from graph.asker import Inbox
from graph.context import AgentContext
from graph.conversation import answer_message, question_in
from graph.decision_said import DecisionSaid, approval_ids, decision_in
from graph.findings import AnyFindings
from graph.markdown import code, plain
from graph.models.choice import Author
from graph.models.offline.safety import is_unsafe
from graph.plan_findings import ApprovalLine, ApprovalsFindings, approval_line, plan_findings
from graph.plan_words import existing, how_to_decide, plan_markdown
from graph.state import RequestState

NAME = "approvals"

SHOWN = 10

Next = Command[Literal["supervisor"]]

_HOW = (
    "Nothing is decided by what is said in a chat, unless an approver who has proved who they are "
    "says “approve” or “reject” with the approval's id. Everybody else decides with "
    "`headwater approvals approve <id>` or `POST /approvals/<id>/decision`."
)


_ALONE = "It was not decided: in a chat, a decision counts only as a message of its own."


async def approvals(state: RequestState, runtime: Runtime[AgentContext]) -> Next:
    context, text = runtime.context, question_in(state["messages"])
    if context.inbox is None:
        return _said("This server keeps no approvals.")
    said = decision_in(text)
    if said is not None and not is_unsafe(text):
        return await _decided(said, context)
    named = approval_ids(text)
    if named:
        return await _shown(context.inbox, named[0], said_beside=_decides_beside(text))
    return await _listed(context.inbox)


async def _decided(said: DecisionSaid, context: AgentContext) -> Next:
    if context.asker.decide is None or said.approval_id is None:
        return await _told_how(said, context)
    decided = await context.asker.decide(said.approval_id, said.verdict, said.comment)
    if decided.approval is None:
        return _said(f"It was not decided: {plain(decided.refused, 600)}")
    approval = decided.approval
    text = f"{code(approval.id)} is {_standing(approval)}, by {code(context.asker.ref)}."
    return _said(text, plan_findings(approval))


async def _told_how(said: DecisionSaid, context: AgentContext) -> Next:
    assert context.inbox is not None  # noqa: S101 (asked before)
    if said.approval_id is None:
        listed = await _listed(context.inbox)
        return _said(f"Which one? Name its id. {_HOW}\n\n{_text_of(listed)}")
    found = await context.inbox.find(said.approval_id)
    if found is None:
        return _said(f"There is no approval {code(said.approval_id)}. {_HOW}")
    return _said(f"{_HOW}\n\n{how_to_decide(found)}", plan_findings(found))


def _decides_beside(text: str) -> bool:
    """Whether an order to decide stands beside something else; it counts for nothing there."""
    aside = aside_in(text)
    return aside is not None and decision_in(aside.left) is not None


async def _shown(inbox: Inbox, approval_id: str, *, said_beside: bool) -> Next:
    found = await inbox.find(approval_id)
    if found is None:
        return _said(f"There is no approval {code(approval_id)}.")
    waits = found.status is ApprovalStatus.PENDING
    parts = [
        f"{code(found.id)} is {_standing(found)}, asked for by {code(found.requested_by)}.",
        existing(found.plan),
        plan_markdown(found.plan),
        "\n".join(_steps(found)),
        how_to_decide(found) if waits else "",
        _ALONE if waits and said_beside else "",
    ]
    return _said("\n\n".join(part for part in parts if part), plan_findings(found))


async def _listed(inbox: Inbox) -> Next:
    page = await inbox.waiting(SHOWN)
    lines = tuple(approval_line(approval) for approval in page.items)
    found = ApprovalsFindings(waiting=lines, more=page.next_cursor is not None)
    if not lines:
        return _said("Nothing waits for a decision.", found)
    more = " or more" if found.more else ""
    count = amount_of(len(lines), "plan")
    head = f"{count}{more} {'waits' if len(lines) == 1 else 'wait'} for a decision:"
    listed = [
        f"- {code(line.id)}: {_wanted(line)}, asked for by {code(line.requested_by)}, until "
        f"{line.expires_at:%Y-%m-%d %H:%M} UTC"
        for line in lines
    ]
    return _said("\n".join([head, "", *listed]), found)


def _wanted(line: ApprovalLine) -> str:
    if line.access is not None:
        return f"access to {plain(line.product_name)} of {code(line.owner)} ({plain(line.access)})"
    return f"{plain(line.product_name)} for {code(line.owner)}, topic {code(line.topic)}"


def _steps(approval: Approval) -> list[str]:
    return [
        f"- {plain(step.name)}: {step.status.value}"
        + (f" ({plain(step.detail, 200)})" if step.detail else "")
        for step in approval.steps
    ]


def _standing(approval: Approval) -> str:
    """`approved, being carried out` rather than the bare status."""
    if approval.status in (ApprovalStatus.APPROVED, ApprovalStatus.PROVISIONING):
        return "approved and is being carried out"
    return approval.status.value


def _text_of(command: Next) -> str:
    update: Any = command.update
    return str(update["messages"][0].text)


def _said(text: str, findings: AnyFindings | None = None) -> Next:
    update: dict[str, Any] = {"messages": [answer_message(text, NAME, Author())], "wanted": None}
    if findings is not None:
        update["findings"] = findings
    return Command(goto="supervisor", update=update)
