"""A notice to a team, and what the team answers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, field_validator


class Answer(StrEnum):
    """The three ways on for a topic that a product has most of already."""

    SWITCH = "switch"
    PROMOTE = "promote"
    EXPLAIN = "explain"


class NoticeText(BaseModel):
    """What a notice says: facts alone. `team` is who owns the topic, and else the product, with
    the reason that it is they who hear of it."""

    model_config = ConfigDict(frozen=True)
    team: str
    why_them: str
    source: str
    instead: str
    title: str
    facts: tuple[str, ...]
    options: dict[Answer, str]

    @field_validator("options")
    @classmethod
    def _in_order(cls, given: dict[Answer, str]) -> dict[Answer, str]:
        """Databases keep the members of an object in an order of their own."""
        return {answer: given[answer] for answer in Answer if answer in given}


class Answered(BaseModel):
    """The last answer; a later one takes its place, and the audit log has them all."""

    model_config = ConfigDict(frozen=True)
    answer: Answer
    by: str
    at: datetime
    comment: str | None = None


class Notice(BaseModel):
    """`fact` is what it is about: there is one notice of it, however often it is found again."""

    model_config = ConfigDict(frozen=True)
    id: int
    cluster: str
    fact: str
    recommendation_id: int
    text: NoticeText
    created_at: datetime
    answered: Answered | None = None
