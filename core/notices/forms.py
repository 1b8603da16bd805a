"""A notice as its channels take it: plain text, Slack's blocks, a CloudEvent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.notices.message import Message, subject_line
from core.notices.notice import Answer, Notice
from core.notices.slack import buttons, context, escaped, header, section

EVENT_TYPE = "io.headwater.notice.overlap.v1"

Links = Mapping[Answer, str]
"""The address of a page on which to give the answer."""


def notice_message(notice: Notice, links: Links) -> Message:
    return Message(
        id=f"notice-{notice.id}",
        cluster=notice.cluster,
        subject=subject_line(notice.text.title),
        text=plain_text(notice, links),
        slack=slack_message(notice, links),
        event=cloud_event(notice, links),
    )


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
    facts = "\n".join(f"• {escaped(fact)}" for fact in text.facts)
    options = "\n".join(
        f"*{answer.value.capitalize()}*: {escaped(told)}" for answer, told in text.options.items()
    )
    because = f"You get this because {escaped(text.why_them)} (cluster {escaped(notice.cluster)})"
    return {
        "text": escaped(subject_line(text.title)),
        "blocks": [
            header(text.title),
            section(facts),
            section(options),
            buttons(*((answer.value.capitalize(), links[answer]) for answer in text.options)),
            context(because),
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
