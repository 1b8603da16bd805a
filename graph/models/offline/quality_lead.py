"""The offline model's leads on quality: what the figures of the tools say, in a sentence or two."""

from __future__ import annotations

import re

from core.listing import joined
from core.quality.wording import against, percent, points
from core.spans import amount_of
from graph.findings import MonitorFindings
from graph.markdown import plain
from graph.quality_words import moment, stretch
from tools.incident_sheet import AlertSheet
from tools.incidents import AlertFindings, AlertListFindings
from tools.quality import QualityFindings, QualityListFindings
from tools.quality_sheet import BrokenRule, QualitySheet

_DEED = re.compile(r"\b(?:acknowledge|ack|resolve|close|mute|silence|dismiss)\b", re.IGNORECASE)
_HOW = (
    "Nothing is changed by what is said in a chat: `headwater alerts` lists alerts, and "
    "acknowledges, resolves or mutes one by its number."
)


def lead(findings: MonitorFindings, question: str) -> str:
    match findings:
        case QualityFindings(sheet=None):
            said = _absent(findings)
        case QualityFindings(sheet=sheet, others=()) if sheet is not None:
            said = _source(sheet)
        case QualityFindings():
            said = _product(findings)
        case QualityListFindings():
            said = _list(findings)
        case AlertListFindings():
            said = _alerts(findings)
        case AlertFindings():
            said = _alert(findings)
    return f"{said} {_HOW}" if _DEED.search(question) else said


def _absent(found: QualityFindings) -> str:
    near = f" Did you mean `{found.near[0]}`?" if found.near else ""
    return f"There is no topic or data product `{found.name}`.{near}"


def _source(sheet: QualitySheet) -> str:
    name = f"`{sheet.source}`"
    if not sheet.watched:
        rules = "" if sheet.rules else ", and has no rules"
        return f"{name} is not watched yet: nothing was ever counted of it{rules}."
    if sheet.score is None:
        newest = f"; its newest counted record is older than {moment(sheet.since)}"
        return f"No record of {name} was counted {stretch(sheet)}{newest}."
    moved = ""
    if sheet.previous is not None:
        change = points(sheet.score, sheet.previous)
        moved = f", {change} {'as' if change == 'the same' else 'than'} in the stretch before"
    return f"{name} is at {percent(sheet.score)} {against(sheet.basis)}{moved}.{_most(sheet)}"


def _most(sheet: QualitySheet) -> str:
    if not sheet.broken:
        return "" if sheet.bad else " Every record keeps its rules."
    rule = sheet.broken[0]
    checked = amount_of(rule.checked, "record")
    return f" Broken most: {_words(rule)}, by {rule.broken:,} of {checked}."


def _words(rule: BrokenRule) -> str:
    """As it is: whoever shows a lead makes it harmless."""
    return f"{f'`{rule.field}`' if rule.field else 'the record'} {rule.says}"


def _product(found: QualityFindings) -> str:
    sheets = [sheet for sheet in (found.sheet, *found.others) if sheet is not None]
    scored = [sheet for sheet in sheets if sheet.score is not None]
    said = f"{plain(found.name)} is offered through {len(sheets)} topics."
    if not scored:
        return f"{said} Nothing was counted of them."
    worst = min(scored, key=lambda sheet: sheet.score or 0.0)
    return f"{said} The worst is `{worst.source}` at {percent(worst.score or 0.0)}."


def _list(found: QualityListFindings) -> str:
    unknown = [f"`{name}`" for name in found.unknown]
    missing = f" Not watched: {', '.join(unknown)}." if unknown else ""
    if not found.watched:
        return missing.strip() or "No topic is watched yet."
    if not found.scored:
        return f"{amount_of(found.watched, 'topic')} watched, and nothing was counted yet.{missing}"
    worst = found.items[0]
    assert worst.score is not None  # noqa: S101 (those with a score come first)
    of = f"Of {amount_of(found.scored, 'topic')} with a score"
    if found.asked is not None and found.scored == 1:
        return f"`{worst.source}` is at {percent(worst.score)}.{missing}"
    return f"{of} the worst is `{worst.source}` at {percent(worst.score)}.{missing}"


def _alerts(found: AlertListFindings) -> str:
    of = f" of {joined([f'`{name}`' for name in found.names])}" if found.names else ""
    team = f" of the team {found.team}" if found.team else ""
    if not found.items:
        when = f" since {moment(found.since)}" if found.since else ""
        return f"No alert{of}{team} {'stood' if found.since else 'stands'}{when}."
    standing = sum(each.resolved_at is None for each in found.items)
    more = " or more" if found.more else ""
    stand = "stands" if standing == 1 else "stand"
    said = f"{amount_of(standing, 'alert')}{more}{of}{team} {stand}"
    if found.since is None:
        return f"{said}."
    ended = len(found.items) - standing
    return f"{said}, and {ended:,} stood since {moment(found.since)} and {_is(ended)} resolved."


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _alert(found: AlertFindings) -> str:
    if found.sheet is None:
        return f"There is no alert {found.id}."
    return alert_lead(found.sheet)


def alert_lead(sheet: AlertSheet) -> str:
    """What broke, since when, what came with it and whom it concerns."""
    said = f"Alert {sheet.id} on `{sheet.source}` is {sheet.status.value}. It is about what broke "
    said += f"at {moment(sheet.since)}"
    if sheet.records:
        said += f": since then {sheet.bad:,} of {amount_of(sheet.records, 'record')} are bad"
    if sheet.new_schemas:
        ids = joined(list(sheet.new_schemas))
        said += f"; schema id {ids} came with it and was not there in the hour before"
    teams = sheet.consuming_teams
    concerned = f" {amount_of(len(teams), 'team')} {_consume(teams)} it." if teams else ""
    return f"{said}.{concerned}"


def _consume(teams: tuple[str, ...]) -> str:
    return "consumes" if len(teams) == 1 else "consume"
