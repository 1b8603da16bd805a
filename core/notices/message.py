"""One message, in the forms of all kinds of channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    """`id` is the same each time that it is delivered. `slack` is what incoming webhooks take,
    `event` a CloudEvent in structured JSON."""

    id: str
    cluster: str
    subject: str
    text: str
    slack: Mapping[str, Any]
    event: Mapping[str, Any]


def subject_line(title: str) -> str:
    """Of one line: names come from the cluster."""
    return " ".join(f"[Headwater] {title}".split())[:200]
