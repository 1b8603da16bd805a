"""The page behind a signed link: the plan in short, and a form that decides."""

from __future__ import annotations

from html import escape

from core.plan_diff import PartDiff
from server.approvals.views import ApprovalView, LinkView
from server.page import Page, page


def link_page(shown: LinkView) -> Page:
    """Whatever comes from the plan is escaped; it is never part of a script or an address."""
    approval = shown.approval
    given = {
        "title": approval.plan.product.name,
        "id": approval.id,
        "status": approval.status.value,
        "requested_by": approval.requested_by,
        "expires": f"{shown.expires_at:%Y-%m-%d %H:%M} UTC",
        "decider": shown.decider or "",
        "description": approval.plan.product.description,
        "cost": _cost(approval),
    }
    return page(
        "server.approvals",
        **{name: escape(value) for name, value in given.items()},
        parts="".join(map(_part, _parts(approval))),
        risks="".join(f"<li>{escape(risk)}</li>" for risk in _risks(approval)) or "<li>none</li>",
        fixed="readonly" if shown.decider else "",
    )


def _cost(approval: ApprovalView) -> str:
    if approval.plan.grant is not None:
        return "none: nothing is made"
    if approval.cost is None:
        return "not known"
    cost = approval.cost
    return f"{cost.monthly:.2f} {cost.estimate.currency} a month ({cost.formula})"


def _parts(approval: ApprovalView) -> tuple[PartDiff, ...]:
    if approval.impact is None:
        return ()
    return approval.impact.diff.parts


def _risks(approval: ApprovalView) -> tuple[str, ...]:
    return approval.plan.risks if approval.impact is None else approval.impact.risks


def _part(part: PartDiff) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in part.lines)
    return f"<h2>{escape(part.name)}: {escape(part.title)}</h2><ul>{lines}</ul>"
