"""What happened to topics, products, plans and alerts, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from core.spans import amount_of


class ActivityKind(StrEnum):
    """What it is about, and what happened to it."""

    SOURCE_FOUND = "source.found"
    SOURCE_CHANGED = "source.changed"
    SOURCE_GONE = "source.gone"
    SOURCE_RETURNED = "source.returned"
    SOURCE_PROMOTED = "source.promoted"
    """A plan that made a product of a topic was carried out."""
    SCAN_FINISHED = "scan.finished"
    SCAN_FAILED = "scan.failed"
    PRODUCT_CREATED = "product.created"
    PRODUCT_CHANGED = "product.changed"
    PRODUCT_DELETED = "product.deleted"
    APPROVAL_REQUESTED = "approval.requested"
    APPROVAL_REVISED = "approval.revised"
    """Whoever asked for the plan changed it while it waited."""
    APPROVAL_DECIDED = "approval.decided"
    APPROVAL_EXPIRED = "approval.expired"
    PLAN_DONE = "plan.done"
    """A plan that was no promotion was carried out."""
    PLAN_FAILED = "plan.failed"
    RECOMMENDATION_OPENED = "recommendation.opened"
    RECOMMENDATION_ACCEPTED = "recommendation.accepted"
    RECOMMENDATION_DISMISSED = "recommendation.dismissed"
    ALERT_OPENED = "alert.opened"
    ALERT_GREW = "alert.grew"
    ALERT_ESCALATED = "alert.escalated"
    ALERT_ACKNOWLEDGED = "alert.acknowledged"
    ALERT_RESOLVED = "alert.resolved"
    ALERT_REOPENED = "alert.reopened"
    ALERT_MUTED = "alert.muted"
    ALERT_UNMUTED = "alert.unmuted"

    @property
    def about(self) -> str:
        """The thing: source, scan, product, approval, plan, recommendation or alert."""
        return self.value.partition(".")[0]

    @property
    def deed(self) -> str:
        return self.value.partition(".")[2]


class Activity(BaseModel):
    """One thing that happened. `subject` is the name, id or number of what it is about; `by` is
    null for what happened by itself or where nobody was noted; `cluster` is null for what is of
    none."""

    model_config = ConfigDict(frozen=True)
    id: int
    at: datetime
    kind: ActivityKind
    subject: str
    title: str
    by: str | None
    cluster: str | None


def title_of(kind: ActivityKind, subject: str, title: str | None, facts: Mapping[str, Any]) -> str:
    """A line for a person; `title` is what the thing is called, `facts` are the figures noted."""
    match kind.about:
        case "source":
            return _source(kind, subject, title, facts)
        case "scan":
            return _scan(kind, subject, facts)
        case "product":
            return _product(kind, subject, facts)
        case "approval":
            return _approval(kind, f"The plan of {title}" if title else f"Plan {subject}", facts)
        case "plan":
            done = "was carried out" if kind is ActivityKind.PLAN_DONE else "failed"
            return f"The plan of {title or facts.get('topic') or subject} {done}"
        case "recommendation":
            told = title or f"Recommendation {subject}"
            opened = kind is ActivityKind.RECOMMENDATION_OPENED
            return told if opened else f"{told} was {kind.deed}"
        case _:
            return f"{title or facts.get('source') or f'Alert {subject}'}: {kind.deed}"


def _source(kind: ActivityKind, subject: str, title: str | None, facts: Mapping[str, Any]) -> str:
    match kind:
        case ActivityKind.SOURCE_PROMOTED:
            return f"{subject} became the data product {title}" if title else f"{subject} promoted"
        case ActivityKind.SOURCE_CHANGED:
            version = facts.get("version")
            told = f", now version {version}" if version else ""
            return f"The schema of {subject} changed in {_amount(facts, 'lines', 'place')}{told}"
        case ActivityKind.SOURCE_FOUND:
            return f"{subject} was found"
        case ActivityKind.SOURCE_GONE:
            return f"{subject} is gone"
        case _:
            return f"{subject} is back"


def _scan(kind: ActivityKind, subject: str, facts: Mapping[str, Any]) -> str:
    if kind is ActivityKind.SCAN_FAILED:
        return f"Scan {subject} failed"
    found = [
        f"{facts[what]:,} {what}"
        for what in ("new", "changed", "vanished", "returned", "failed")
        if facts.get(what)
    ]
    told = ", ".join(found) or "nothing new"
    return f"Scan {subject} looked at {_amount(facts, 'total', 'topic')}: {told}"


def _amount(facts: Mapping[str, Any], name: str, what: str) -> str:
    return amount_of(int(facts.get(name) or 0), what)


_PRODUCT_DEEDS = {
    "product.submit": "was submitted",
    "product.activate": "became active",
    "product.deprecate": "was deprecated",
    "product.retire": "was retired",
    "product.restore": "was restored",
    "product.contract": "has another contract",
    "product.withdraw": "was withdrawn",
}


def _product(kind: ActivityKind, subject: str, facts: Mapping[str, Any]) -> str:
    if kind is not ActivityKind.PRODUCT_CHANGED:
        return f"The data product {subject} was {kind.deed}"
    told = _PRODUCT_DEEDS.get(str(facts.get("action")), "was changed")
    return f"The data product {subject} {told}"


_VERDICTS = {"approve": "approved", "reject": "rejected", "modify": "approved with changes"}


def _approval(kind: ActivityKind, plan: str, facts: Mapping[str, Any]) -> str:
    match kind:
        case ActivityKind.APPROVAL_REQUESTED:
            return f"{plan} was handed in for approval"
        case ActivityKind.APPROVAL_REVISED:
            return f"{plan} was changed while it waited"
        case ActivityKind.APPROVAL_EXPIRED:
            return f"{plan} expired undecided"
        case _:
            return f"{plan} was {_VERDICTS.get(str(facts.get('verdict')), 'decided')}"
