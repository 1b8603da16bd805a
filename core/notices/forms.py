"""A notice as its channels take it: plain text, Slack's blocks, a CloudEvent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.notices.notice import Answer, Notice

EVENT_TYPE = "io.headwater.notice.overlap.v1"
_SLACK_TEXT, _SLACK_BUTTON, _SLACK_HEADER = 2_900, 75, 150
"""Within Slack's limits of 3,000, 75 and 150 characters:
https://docs.slack.dev/reference/block-kit/blocks/."""

Links = Mapping[Answer, str]
"""The address of a page on which to give the answer."""


def subject_line(notice: Notice) -> str:
    """Of one line: names come from the cluster."""
    return " ".join(f"[Headwater] {notice.text.title}".split())[:200]


def plain_text(notice: Notice, links: Links) -> str:
    text = notice.text
    facts = "\n".join(f"- {fact}" for fact in text.facts)
    options = "\n".join(
        f"{number}. {told}\n   {links[answer]}"
        for number, (answer, told) in enumerate(text.options.items(), 1)
    )
    return (
        f"{text.title}\n\n{facts}\n\nWhat would you like to do?\n\n{options}\n\n"
        f"You get this because {text.why_them} (cluster {notice.cluster}).\n"
    )


def slack_message(notice: Notice, links: Links) -> dict[str, Any]:
    """As incoming webhooks take it."""
    text = notice.text
    facts = "\n".join(f"• {_escaped(fact)}" for fact in text.facts)
    options = "\n".join(
        f"*{answer.value.capitalize()}*: {_escaped(told)}" for answer, told in text.options.items()
    )
    because = f"You get this because {_escaped(text.why_them)} (cluster {_escaped(notice.cluster)})"
    title = text.title if len(text.title) <= _SLACK_HEADER else f"{text.title[:149]}…"
    return {
        "text": _escaped(subject_line(notice)),
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}},
            _section(facts),
            _section(options),
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "button",
                        "text": {"type": "plain_text", "text": answer.value.capitalize()},
                        "url": links[answer],
                    }
                    for answer in text.options
                ],
            },
            {"type": "context", "elements": [{"type": "mrkdwn", "text": because[:_SLACK_TEXT]}]},
        ],
    }


def cloud_event(notice: Notice, links: Links) -> dict[str, Any]:
    """Structured JSON of CloudEvents 1.0.2; the same `id` each time that it is delivered."""
    text = notice.text
    return {
        "specversion": "1.0",
        "id": f"notice-{notice.id}",
        "source": f"/headwater/{notice.cluster}",
        "type": EVENT_TYPE,
        "subject": text.source,
        "time": notice.created_at.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": {
            "notice_id": notice.id,
            "recommendation_id": notice.recommendation_id,
            "cluster": notice.cluster,
            "team": text.team,
            "why_them": text.why_them,
            "source": text.source,
            "instead": text.instead,
            "title": text.title,
            "facts": list(text.facts),
            "options": [
                {"answer": answer.value, "text": told, "link": links[answer]}
                for answer, told in text.options.items()
            ],
        },
    }


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:_SLACK_TEXT]}}


def _escaped(text: str) -> str:
    """Slack's three control characters; a name can then mention nobody and hide no link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
