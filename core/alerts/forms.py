"""An event of an alert as channels take it: plain text, Slack's blocks, a CloudEvent."""

from __future__ import annotations

from typing import Any

from core.alerts.data import AlertData, cloud_event
from core.alerts.event import EventKind
from core.alerts.wording import moment, sentence_of
from core.notices.message import Message, subject_line
from core.notices.slack import Block, buttons, context, escaped, header, section
from core.spans import amount_of

_SHOWN = 10

_HEADS = {
    EventKind.OPENED: "Broken",
    EventKind.REOPENED: "Broken again",
    EventKind.ESCALATED: "More serious",
    EventKind.RESOLVED: "Recovered",
    EventKind.UNMUTED: "Still broken",
}


def alert_message(data: AlertData, uid: str, link: str | None) -> Message:
    """`link` leads to a page on which to acknowledge it."""
    open_link = None if data.event is EventKind.RESOLVED else link
    return Message(
        id=f"alert-{uid}",
        cluster=data.cluster,
        subject=subject_line(_head(data)),
        text=_plain_text(data, open_link),
        slack=_slack_message(data, open_link),
        event=cloud_event(data, uid),
    )


def _plain_text(data: AlertData, link: str | None) -> str:
    facts = "\n".join(f"- {fact}" for fact in _facts(data))
    way = f"Acknowledge it, so that others know:\n{link}\n\n" if link else ""
    return f"{_head(data)}\n\n{data.said}\n\n{facts}\n\n{way}{_because(data)}.\n"


def _slack_message(data: AlertData, link: str | None) -> dict[str, Any]:
    blocks: list[Block] = [
        header(_head(data)),
        section(escaped(data.said)),
        section("\n".join(f"• {escaped(fact)}" for fact in _facts(data))),
    ]
    if link:
        blocks.append(buttons(("Acknowledge", link)))
    return {
        "text": escaped(subject_line(_head(data))),
        "blocks": [*blocks, context(escaped(_because(data)))],
    }


def _head(data: AlertData) -> str:
    head = _HEADS.get(data.event, data.event.value.capitalize())
    if data.event is EventKind.RESOLVED and data.by is not None:
        head = "Resolved"
    return f"{head}: {data.title}"


def _facts(data: AlertData) -> list[str]:
    told = [sentence_of(finding) for finding in data.findings[:_SHOWN]]
    more = len(data.findings) + data.findings_left_out - len(told)
    if more:
        told.append(f"{amount_of(more, 'more finding')}.")
    times = f", opened {moment(data.opened_at)}"
    if data.reopened:
        times += f", reopened {data.reopened} times"
    if data.by is not None:
        times += f"; {data.event.value} by {data.by}"
    told.append(f"Alert {data.alert_id}, severity {data.severity.value}{times}.")
    return told


def _because(data: AlertData) -> str:
    if data.team is None:
        why = f"nobody is known to own {data.source}"
    else:
        why = f"{data.team} {'seems to own' if data.owner_guessed else 'owns'} {data.source}"
    return f"You get this because {why} (cluster {data.cluster})"
