"""What an owner is told when a team asks for access to a product, in the forms of channels."""

from __future__ import annotations

from typing import Any

from core.approval import Approval
from core.grant import GrantPlan
from core.listing import joined
from core.notices.message import Message, subject_line
from core.notices.slack import buttons, context, escaped, header, section

EVENT_TYPE = "io.headwater.access.requested.v1"


def access_message(approval: Approval, grant: GrantPlan, link: str) -> Message:
    """`link` leads to the approval; nothing is decided by opening it."""
    title = f"{grant.team} asks for access to {approval.plan.product.name}"
    return Message(
        id=f"access-{approval.id}",
        cluster=approval.plan.topic.cluster,
        subject=subject_line(title),
        text=_plain_text(approval, grant, title, link),
        slack=_slack(approval, grant, title, link),
        event=_event(approval, grant, link),
    )


def _facts(approval: Approval, grant: GrantPlan) -> list[str]:
    groups = f" in the consumer group {grant.groups}" if grant.groups else ""
    told = [
        f"{grant.principal} would {joined(grant.operations)} {joined(grant.topics)}{groups}.",
        f"For: {grant.purpose}",
        f"Until {grant.ends}; then it is taken back.",
        f"Asked for by {approval.requested_by}; it waits for a decision until "
        f"{approval.expires_at:%Y-%m-%d %H:%M} UTC.",
    ]
    sensitive = approval.plan.schema_plan.sensitive
    if sensitive:
        told.append(f"Confidential or personal fields: {joined(sensitive[:20])}.")
    return told


def _because(approval: Approval) -> str:
    product, cluster = approval.plan.product, approval.plan.topic.cluster
    return f"You get this because {product.owner} owns {product.id} (cluster {cluster})"


def _plain_text(approval: Approval, grant: GrantPlan, title: str, link: str) -> str:
    facts = "\n".join(f"- {fact}" for fact in _facts(approval, grant))
    return (
        f"{title}\n\n{facts}\n\nLook at it:\n{link}\n\nDecide:\nheadwater approvals approve "
        f"{approval.id}\n\n{_because(approval)}.\n"
    )


def _slack(approval: Approval, grant: GrantPlan, title: str, link: str) -> dict[str, Any]:
    return {
        "text": escaped(subject_line(title)),
        "blocks": [
            header(title),
            section("\n".join(f"• {escaped(fact)}" for fact in _facts(approval, grant))),
            buttons(("Look at it", link)),
            context(escaped(_because(approval))),
        ],
    }


def _event(approval: Approval, grant: GrantPlan, link: str) -> dict[str, Any]:
    """Structured JSON of CloudEvents 1.0.2; the same `id` each time that it is delivered."""
    plan = approval.plan
    return {
        "specversion": "1.0",
        "id": f"access-{approval.id}",
        "source": f"/headwater/{plan.topic.cluster}",
        "type": EVENT_TYPE,
        "subject": plan.product.id,
        "time": approval.created_at.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": {
            "approval_id": approval.id,
            "product_id": plan.product.id,
            "owner": plan.product.owner,
            "requested_by": approval.requested_by,
            "expires_at": approval.expires_at.isoformat().replace("+00:00", "Z"),
            "asked": grant.model_dump(mode="json"),
            "link": link,
        },
    }
