"""Scores in Markdown: a lead, then the figures as the tools returned them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from core.listing import joined
from core.quality.rule import Severity
from core.quality.summary import QualitySummary
from core.quality.wording import against, percent, points
from core.spans import amount_of
from graph import alert_words, facts
from graph.draft import QualityAnswer
from graph.findings import MonitorFindings
from graph.markdown import code, plain, prose
from tools.incidents import AlertFindings, AlertListFindings
from tools.quality import QualityFindings, QualityListFindings
from tools.quality_sheet import BrokenRule, QualitySheet, TrendSlice

SHOWN = 5
"""Broken rules of an answer; the findings hold more."""

_DAY = timedelta(hours=24)


def compose(draft: QualityAnswer, findings: MonitorFindings) -> str:
    """The whole answer."""
    return "\n\n".join(part for part in (prose(draft.lead), *_body(findings)) if part)


def _body(findings: MonitorFindings) -> list[str]:
    match findings:
        case QualityFindings(sheet=sheet, others=others):
            return _sheets(sheet, others)
        case QualityListFindings(items=items):
            lines = [f"{place}. {ranked(each)}" for place, each in enumerate(items, 1)]
            return ["\n".join(lines)]
        case AlertListFindings():
            return alert_words.listed(findings)
        case AlertFindings(sheet=alert):
            return [] if alert is None else ["\n".join(alert_words.sheet_lines(alert))]


def _sheets(sheet: QualitySheet | None, others: tuple[QualitySheet, ...]) -> list[str]:
    """Each topic of a product under its name; a single topic is named by the lead."""
    if sheet is None:
        return []
    if not others:
        return ["\n".join(sheet_lines(sheet))]
    return [f"{code(each.source)}\n\n" + "\n".join(sheet_lines(each)) for each in (sheet, *others)]


def sheet_lines(sheet: QualitySheet) -> Iterator[str]:
    if sheet.score is not None:
        yield f"- score {_score(sheet)}"
        yield from _before(sheet)
    if sheet.dimensions:
        told = [f"{name.value} {percent(share)}" for name, share in sheet.dimensions.items()]
        yield f"- by dimension: {', '.join(told)}"
    yield from _broken(sheet)
    if sheet.unread:
        reasons = [f"{count:,} {plain(why)}" for why, count in sheet.unread.items()]
        yield f"- could not be read: {joined(reasons)}"
    yield from _worst(sheet)
    yield from _fresh(sheet)
    for alert in sheet.alerts[:SHOWN]:
        yield f"- {alert_words.line(alert)}"
    yield f"- {facts.owned_by(sheet.owner)}; {facts.consumed_by(sheet.consuming_teams)}"


def ranked(found: QualitySummary) -> str:
    """A line of a list."""
    if found.score is None:
        return f"{code(found.source)}: no record was counted in the last 24 hours"
    line = (
        f"{code(found.source)} {percent(found.score)}: {found.bad:,} of "
        f"{amount_of(found.records, 'record')} bad, {against(found.basis)}"
    )
    if found.previous is not None:
        line += f"; {percent(found.previous)} the day before"
    if found.sampled is not None and found.sampled < 1:
        line += f"; a sample of {percent(found.sampled)}"
    return line


def stretch(sheet: QualitySheet) -> str:
    """`in the last 24 hours`, or from when on."""
    if abs(sheet.until - sheet.since - _DAY) < timedelta(minutes=1):
        return "in the last 24 hours"
    return f"since {moment(sheet.since)}"


def moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def rule_words(rule: BrokenRule) -> str:
    """What a rule holds of its field, without what became of it."""
    return f"{code(rule.field) if rule.field else 'the record'} {plain(rule.says)}"


def _score(sheet: QualitySheet) -> str:
    assert sheet.score is not None  # noqa: S101 (asked before)
    line = (
        f"{percent(sheet.score)}: {sheet.records - sheet.bad:,} of "
        f"{amount_of(sheet.records, 'record')} {stretch(sheet)} break no error rule, "
        f"{against(sheet.basis)} ({amount_of(sheet.rules, 'rule')})"
    )
    if sheet.sampled is not None and sheet.skipped:
        line += f"; {percent(sheet.sampled)} of all records were looked at"
    return line


def _before(sheet: QualitySheet) -> Iterator[str]:
    if sheet.score is not None and sheet.previous is not None:
        yield (
            f"- {percent(sheet.previous)} in the stretch before: "
            f"{points(sheet.score, sheet.previous)} now"
        )


def _broken(sheet: QualitySheet) -> Iterator[str]:
    if not sheet.broken:
        return
    yield "- rules broken most:"
    for rule in sheet.broken[:SHOWN]:
        yield f"  - {_told(rule)}"
    left = len(sheet.broken) - SHOWN + sheet.broken_left_out
    if left > 0:
        yield f"  - {amount_of(left, 'more rule')}"


def _told(rule: BrokenRule) -> str:
    marks = ["a warning"] * (rule.severity is Severity.WARNING) + ["inferred"] * rule.inferred
    marked = f" ({', '.join(marks)})" if marks else ""
    line = f"{rule_words(rule)}{marked}: broken by {rule.broken:,}"
    if rule.checked:
        of = amount_of(rule.checked, "record")
        line += f" of {of} ({percent(rule.broken / rule.checked)})"
    if rule.positions:
        place = rule.positions[0]
        line += f", such as partition {place.partition}, offset {place.offset}"
    return line


def _worst(sheet: QualitySheet) -> Iterator[str]:
    """When it was at its lowest, where that tells more than the score itself."""
    if len(sheet.trend) < 2 or not sheet.bad:
        return
    worst = max(sheet.trend, key=lambda each: each.bad / each.records)
    yield f"- lowest {_in_slice(worst)}: {percent(1 - worst.bad / worst.records)}"


def _in_slice(each: TrendSlice) -> str:
    unit = "hour" if each.minutes <= 60 else "day"
    return f"in the {unit} from {moment(each.start)} ({amount_of(each.records, 'record')})"


def _fresh(sheet: QualitySheet) -> Iterator[str]:
    if sheet.updated_at is None:
        return
    told = [] if sheet.newest is None else [f"newest record of {moment(sheet.newest)}"]
    told.append(f"last counted at {moment(sheet.updated_at)}")
    if sheet.lag is not None:
        told.append(f"{amount_of(sheet.lag, 'record')} behind")
    yield f"- {', '.join(told)}"
