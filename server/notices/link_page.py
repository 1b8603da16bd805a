"""The page behind the links of a notice: what it says, and a form that answers."""

from __future__ import annotations

import re
from html import escape

from core.notices.notice import Answer
from server.notices.views import NoticeView
from server.page import Page, page

_NAME = re.compile(r"`([^`]+)`")


def notice_page(shown: NoticeView, chosen: Answer | None) -> Page:
    """Whatever comes from the cluster is escaped; it is never part of a script or an address."""
    text = shown.text
    return page(
        "server.notices",
        title=escape(text.title),
        why=escape(text.why_them),
        cluster=escape(shown.cluster),
        facts="".join(f"<li>{_marked(fact)}</li>" for fact in text.facts),
        answered=escape(_answered(shown)),
        options="".join(
            _option(answer, told, chosen is answer) for answer, told in text.options.items()
        ),
    )


def _marked(text: str) -> str:
    """Names between backticks as code."""
    return _NAME.sub(r"<code>\1</code>", escape(text))


def _answered(shown: NoticeView) -> str:
    if shown.answered is None:
        return ""
    last = shown.answered
    return f"Answered by {last.by} at {last.at:%Y-%m-%d %H:%M} UTC: {last.answer.value}."


def _option(answer: Answer, told: str, chosen: bool) -> str:
    mark = " checked" if chosen else ""
    return (
        f'<label class="option"><input type="radio" name="answer" value="{answer.value}" required'
        f"{mark}> <span><b>{answer.value.capitalize()}.</b> {escape(told)}</span></label>"
    )
