"""Measured facts of a source in words: nothing here that a scan or a product did not say."""

from __future__ import annotations

from collections.abc import Sequence

from core.source import Consumer, Owner, SourceSummary
from core.spans import amount_of, span_of
from graph.markdown import code, plain

MAX_TEAMS = 6


def headline(source: SourceSummary) -> str:
    """Name and description in one line."""
    name = code(source.name)
    if source.product_name:
        name = f"**{plain(source.product_name)}** ({name})"
    gone = " (vanished)" if source.status == "vanished" else ""
    return f"{name}{gone}: {plain(source.description.text)}" if source.description else name + gone


def facts(source: SourceSummary) -> str:
    """Owner, format, fields, consumers and messages in one line."""
    return "; ".join(
        [
            owner(source),
            data_format(source),
            amount_of(source.fields, "field"),
            consumers(source),
            messages(source),
        ]
    )


def owner(source: SourceSummary) -> str:
    return owned_by(source.owner)


def owned_by(owner: Owner | None) -> str:
    if owner is None:
        return "owner unknown"
    if owner.guessed_from is None:
        return f"owner {code(owner.ref)}"
    return f"owner probably {code(owner.ref)} (guessed from {plain(owner.guessed_from)})"


def data_format(source: SourceSummary) -> str:
    if source.format == "empty":
        return "no messages to tell a format from"
    registered = "with" if source.has_registered_schema else "without"
    return f"{plain(source.format)} {registered} a registered schema"


def consumers(source: SourceSummary) -> str:
    return consumed_by(source.consuming_teams)


def consumed_by(teams: Sequence[str]) -> str:
    """The consuming teams, counted and, where few, named."""
    if not teams:
        return "no consuming team known"
    named = f" ({', '.join(plain(team) for team in teams)})" if len(teams) <= MAX_TEAMS else ""
    return f"consumed by {amount_of(len(teams), 'team')}{named}"


def messages(source: SourceSummary) -> str:
    """By the watermarks of the last scan, which compaction makes an upper bound."""
    if source.scanned_at is None:
        return "not scanned yet"
    most = amount_of(source.messages, "message")
    return f"up to {most}" if source.messages else "no messages"


def group(consumer: Consumer) -> str:
    team = f", team {plain(consumer.team)}" if consumer.team else ""
    lag = "" if consumer.lag is None else f", {amount_of(consumer.lag, 'message')} behind"
    return f"{code(consumer.group)}{team}{lag}"


def duration(milliseconds: str) -> str:
    """A topic's retention in the largest unit that divides it: `7 days`, `36 hours`."""
    if not milliseconds.lstrip("-").isdigit() or int(milliseconds) < 0:
        return "without limit" if milliseconds == "-1" else plain(milliseconds)
    return span_of(int(milliseconds))
