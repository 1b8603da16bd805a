"""The page behind the link of an alert: what it says, and a form that acknowledges it."""

from __future__ import annotations

from html import escape

from core.alerts.wording import moment, sentence_of
from server.alerts.views import AlertView
from server.page import Page, page


def alert_page(shown: AlertView) -> Page:
    """Whatever comes from the cluster is escaped; it is never part of a script or an address."""
    return page(
        "server.alerts",
        title=escape(shown.title),
        cluster=escape(shown.cluster),
        facts="".join(f"<li>{escape(sentence_of(each))}</li>" for each in shown.findings),
        status=escape(_status(shown)),
    )


def _status(shown: AlertView) -> str:
    times = f", reopened {shown.reopened} times" if shown.reopened else ""
    told = [
        f"Alert {shown.id}, {shown.status.value}, severity {shown.severity.value}, "
        f"opened {moment(shown.opened_at)}{times}."
    ]
    if shown.acknowledged is not None:
        known = shown.acknowledged
        told.append(f"Acknowledged by {known.by} at {moment(known.at)}.")
    if shown.resolved is not None:
        told.append(shown.resolved.reason)
    return " ".join(told)
