"""Alerts in sentences: topic, fields, what, since when, owner. Figures are the findings' own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.alerts.alert import Alert, AlertFinding
from core.alerts.data import FindingData
from core.listing import joined
from core.quality.rule import Metric
from core.spans import amount_of

_NAMED = 3

_BROKE = {
    Metric.REQUIRED: "is missing where it is required",
    Metric.MISSING: "has values that stand for none",
    Metric.TYPE: "has values of another type",
    Metric.RANGE: "is out of its range",
    Metric.ENUM: "has values that are not among those allowed",
    Metric.PATTERN: "does not match its pattern",
    Metric.FORMAT: "is not in its format",
    Metric.SPELLING: "has near misses of usual values",
    Metric.DEPENDENCY: "has values that another field of the record contradicts",
    Metric.COMPARE: "breaks a rule over several fields",
    Metric.CONFORMITY: "has records that cannot be read or have another shape than its schema",
    Metric.UNIQUE: "repeats values that must be unique",
    Metric.TIMELINESS: "comes later, or earlier, than it may",
    Metric.ORDER: "goes back in time within a key",
    Metric.FRESHNESS: "has had no new record for too long",
    Metric.ROWS: "has another number of records than it must",
    Metric.VOLUME: "has another volume than is usual at this time",
    Metric.SCHEMA_DRIFT: "has another schema than it had",
    Metric.DISTRIBUTION: "has other values than it had",
    Metric.NULL_RATE: "is null at another rate than it was",
    Metric.DEAD_LETTERS: "receives dead letters",
    Metric.LAG: "is read with too much lag",
}


def title_of(alert: Alert) -> str:
    """One line, of facts alone."""
    owner = f"owned by {alert.team}" if alert.team else "owned by nobody that is known"
    if alert.team and alert.owner_guessed:
        owner = f"probably owned by {alert.team}"
    return f"{alert.source}: {_what(alert.findings)}, since {moment(alert.since)} ({owner})"


def sentence_of(finding: AlertFinding | FindingData) -> str:
    """With its figures, where whoever found it told them."""
    rule = f"rule {finding.rule_id}" + (", inferred from the stream" if finding.inferred else "")
    told = finding.told.strip() or f"{_subject(finding)} {_BROKE[finding.metric]}."
    return f"{told} ({rule}, since {moment(finding.since)})"


def opened_said(alert: Alert) -> str:
    return f"Opened: {_what(alert.findings)}."


def grew_said(joining: Sequence[AlertFinding]) -> str:
    return f"Of the same cause: {_what(joining)}."


def escalated_said(alert: Alert) -> str:
    return f"It is of severity {alert.severity.value} now."


def reopened_said(alert: Alert, broken: Sequence[AlertFinding], hold: timedelta) -> str:
    times = "Broken again" if alert.reopened == 1 else f"Broken again, {alert.reopened} times now"
    return f"{times}: {_what(broken)}. It is resolved once all hold for {span(hold)}."


def still_broken_said(by: str, broken: Sequence[AlertFinding]) -> str:
    return f"{by} resolved it, and it is still broken: {_what(broken)}."


def held_said(alert: Alert, hold: timedelta) -> str:
    what = "all of its findings hold" if len(alert.findings) > 1 else "it holds"
    return f"Resolved by itself: {what} again, for {span(hold)} at least."


def withdrawn_said() -> str:
    return "Resolved by itself: the rules that it was about are in force no longer."


def muted_said(until: datetime, reason: str | None) -> str:
    return f"Muted until {moment(until)}" + (f": {reason}" if reason else ".")


def mute_ended_said(active: bool, missed: int) -> str:
    if not active or not missed:
        return "The mute ended by itself."
    return (
        f"The mute ended by itself, and it is still broken; {amount_of(missed, 'change')} of it "
        "went untold meanwhile."
    )


def moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def span(time: timedelta) -> str:
    seconds = round(time.total_seconds())
    if seconds and seconds % 3_600 == 0:
        return amount_of(seconds // 3_600, "hour")
    if seconds and seconds % 60 == 0:
        return amount_of(seconds // 60, "minute")
    return amount_of(seconds, "second")


def _what(findings: Sequence[AlertFinding]) -> str:
    """Fields come first: they say more than the record that they are of."""
    findings = sorted(findings, key=lambda each: each.field is None)
    told = {(_subject(each), each.metric): each for each in findings}
    if len(told) == 1:
        (finding,) = told.values()
        return f"{_subject(finding)} {_BROKE[finding.metric]}"
    metrics = {each.metric for each in findings}
    subjects = list(dict.fromkeys(_subject(each) for each in findings))
    named = [*subjects[:_NAMED]]
    if len(subjects) > _NAMED:
        named.append(f"{len(subjects) - _NAMED} more")
    if len(metrics) == 1:
        return f"{joined(named)}: each {_BROKE[findings[0].metric]}"
    first = findings[0]
    others = amount_of(len(told) - 1, "other finding")
    return f"{_subject(first)} {_BROKE[first.metric]}, and {others} ({joined(named)})"


def _subject(finding: AlertFinding | FindingData) -> str:
    return "the topic" if finding.field is None else f"`{finding.field}`"
