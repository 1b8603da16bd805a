"""The page behind a signed link: the plan in short, and a form that decides."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Template

from core.plan_diff import PartDiff
from server.approvals.views import ApprovalView, LinkView


@dataclass(frozen=True, slots=True)
class LinkPage:
    """`policy` is its Content-Security-Policy: nothing runs or loads but its own script."""

    html: str
    policy: str


def link_page(shown: LinkView) -> LinkPage:
    """Whatever comes from the plan is escaped; it is never part of a script or an address."""
    nonce = secrets.token_urlsafe(16)
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
    html = _template().substitute(
        {name: escape(value) for name, value in given.items()},
        nonce=nonce,
        parts="".join(map(_part, _parts(approval))),
        risks="".join(f"<li>{escape(risk)}</li>" for risk in _risks(approval)) or "<li>none</li>",
        fixed="readonly" if shown.decider else "",
    )
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
        "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
    return LinkPage(html, policy)


def _template() -> Template:
    text = (files("server.approvals") / "link_page.html").read_text(encoding="utf-8")
    return Template(text)


def _cost(approval: ApprovalView) -> str:
    if approval.cost is None:
        return "not known"
    cost = approval.cost
    return f"{cost.monthly:.2f} {cost.estimate.currency} a month ({cost.formula})"


def _parts(approval: ApprovalView) -> tuple[PartDiff, ...]:
    if approval.impact is None:
        return ()
    diff = approval.impact.diff
    return (diff.topic, diff.subject, diff.product)


def _risks(approval: ApprovalView) -> tuple[str, ...]:
    return approval.plan.risks if approval.impact is None else approval.impact.risks


def _part(part: PartDiff) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in part.lines)
    return f"<h2>{escape(part.name)}: {escape(part.title)}</h2><ul>{lines}</ul>"
