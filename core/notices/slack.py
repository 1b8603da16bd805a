"""Slack's blocks."""

from __future__ import annotations

from typing import Any

_TEXT, _BUTTON, _HEADER = 2_900, 75, 150
"""Within Slack's limits of 3,000, 75 and 150 characters:
https://docs.slack.dev/reference/block-kit/blocks/."""

Block = dict[str, Any]


def header(text: str) -> Block:
    title = text if len(text) <= _HEADER else f"{text[: _HEADER - 1]}…"
    return {"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}}


def section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:_TEXT]}}


def buttons(*links: tuple[str, str]) -> Block:
    """Each a text and an address."""
    return {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "text": {"type": "plain_text", "text": text[:_BUTTON]},
                "url": address,
            }
            for text, address in links
        ],
    }


def context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text[:_TEXT]}]}


def escaped(text: str) -> str:
    """Slack's three control characters; a name can then mention nobody and hide no link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
