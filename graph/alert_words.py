"""Alerts in Markdown: the figures and places as the tools returned them."""

from __future__ import annotations

from collections.abc import Iterator

from core.alerts.wording import moment
from core.listing import joined
from core.quality.wording import percent
from core.spans import amount_of
from graph import facts
from graph.markdown import code, plain
from tools.incident_sheet import AlertLine, AlertSheet, BrokenThing, SchemaSeen
from tools.incidents import AlertListFindings

SHOWN = 10
_EVENTS = 5


def listed(found: AlertListFindings) -> list[str]:
    lines = [f"- {line(each)}" for each in found.items[:SHOWN]]
    left = len(found.items) - SHOWN
    if left > 0:
        lines.append(f"- {amount_of(left, 'more alert')}")
    return ["\n".join(lines)]


def line(alert: AlertLine) -> str:
    """What it is about, with its number to ask by."""
    told = f"alert {alert.id}, {alert.status.value}, {alert.severity.value}: {plain(alert.title)}"
    if alert.reopened:
        told += f"; reopened {amount_of(alert.reopened, 'time')}"
    if alert.resolved_at is not None:
        told += f"; resolved {moment(alert.resolved_at)}"
    if alert.muted_until is not None:
        told += f"; muted until {moment(alert.muted_until)}"
    return told


def sheet_lines(sheet: AlertSheet) -> Iterator[str]:
    """All that explains it."""
    yield f"- {plain(sheet.title)}"
    yield "- what broke:"
    for broken in sheet.broken:
        yield f"  - {_broken(broken)}"
    if sheet.broken_left_out:
        yield f"  - {amount_of(sheet.broken_left_out, 'more finding')}"
    yield from _records(sheet)
    yield from _came_with_it(sheet)
    yield f"- {facts.owned_by(sheet.owner)}; {facts.consumed_by(sheet.consuming_teams)}"
    if sheet.consumers:
        groups = [facts.group(consumer) for consumer in sheet.consumers[:SHOWN]]
        yield f"- read by {joined(groups)}"
    yield "- what happened to it:"
    for event in sheet.events[-_EVENTS:]:
        by = f" by {code(event.by)}" if event.by else ""
        yield f"  - {moment(event.at)}, {event.kind.value}{by}: {plain(event.said)}"
    yield "- what to do:"
    for step in sheet.steps:
        yield f"  - {plain(step)}"


def _broken(broken: BrokenThing) -> str:
    state = "" if broken.broken else "; it holds again"
    told = f"{plain(broken.said, 500)}{state}"
    if broken.positions:
        places = [f"partition {each.partition} offset {each.offset}" for each in broken.positions]
        told += f"; such as {joined(places)}"
    return told


def _records(sheet: AlertSheet) -> Iterator[str]:
    if not sheet.records:
        yield f"- no record was counted from {moment(sheet.since)} to {moment(sheet.until)}"
        return
    yield (
        f"- {sheet.bad:,} of {amount_of(sheet.records, 'record')} from {moment(sheet.since)} to "
        f"{moment(sheet.until)} are bad ({percent(sheet.bad / sheet.records)})"
    )


def _came_with_it(sheet: AlertSheet) -> Iterator[str]:
    """Which schemas the records named, and what scans found of the source's schema then."""
    if sheet.schemas:
        yield f"- schemas: {'; '.join(_schema(each) for each in sheet.schemas)}"
    else:
        yield "- schemas: its records name none, so the version that wrote them is not known"
    for change in sheet.changes:
        yield f"- scan: {plain(change, 500)}"


def _schema(seen: SchemaSeen) -> str:
    before = f"{seen.before:,} in the hour before" if seen.before else "none in the hour before"
    return f"id {code(seen.schema_id)} in {amount_of(seen.since, 'record')}, {before}"
