"""The quality of one topic in a terminal, in lines that fit 80 columns."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.alerts.finding import Position
from core.quality import trend
from core.quality.rule import Severity
from core.quality.score import RuleScore, Score, Slice
from core.quality.summary import FAIR, GOOD, QualitySummary, share_good
from core.quality.wording import against, asserts, percent, points, subject
from core.spans import amount_of
from server.cli.listing import legible

RULES = 8
"""Broken rules that are shown; `--json` has all."""

_PLACES = 3


def show_sheet(console: Console, score: Score) -> None:
    console.print(Text.assemble((score.source, "bold"), "  ", _headline(score)))
    for name, value in facts(score):
        console.print(Text.assemble((f"{name:<12}", "dim"), value))
    broken = [rule for rule in score.rules if rule.broken]
    if broken:
        console.print()
        console.print(_rules(broken[:RULES]))
    if len(broken) > RULES:
        console.print(Text(f"{amount_of(len(broken) - RULES, 'more rule')} broken.", "dim"))


def facts(score: Score) -> Iterator[tuple[str, Text]]:
    """What the score rests on, a line each."""
    if score.records:
        yield "records", Text(_records(score))
    if score.dimensions:
        told = [f"{name.value} {percent(share)}" for name, share in score.dimensions.items()]
        yield "dimensions", Text(", ".join(told))
    hours = trend.sliced(score.history, score.since, score.until)
    if any(hour.records for hour in hours):
        yield "trend", Text.assemble(trend.line(_share(hour) for hour in hours), _before(score))
    if score.unread:
        told = [f"{count:,} {reason.replace('_', ' ')}" for reason, count in score.unread.items()]
        yield "unreadable", Text(", ".join(told))
    if score.newest is not None:
        yield "newest", Text(f"{score.newest:%Y-%m-%d %H:%M:%S} UTC")
    if score.updated_at is not None:
        yield "counted", Text(_counted(score))


def colour(share: float | None) -> str:
    if share is None:
        return "dim"
    return "green" if share >= GOOD else "yellow" if share >= FAIR else "red"


def shown(share: float | None) -> Text:
    return Text("-" if share is None else percent(share), style=colour(share))


def in_a_line(found: QualitySummary) -> str:
    """`97.1%, 1.4 points lower than the day before, against inferred rules`."""
    if found.score is None:
        return "nothing was counted in the last 24 hours"
    told = [percent(found.score)]
    if found.previous is not None:
        moved = points(found.score, found.previous)
        told.append(f"{moved} {'as' if moved == 'the same' else 'than'} the day before")
    return ", ".join([*told, against(found.basis)])


def _headline(score: Score) -> Text:
    if score.score is None:
        return Text(f"no score: {_why_none(score)}", "yellow")
    return Text.assemble(
        (percent(score.score), f"bold {colour(score.score)}"), f"  {against(score.basis)}"
    )


def _why_none(score: Score) -> str:
    if not score.watched:
        return "it is not watched yet"
    return "no record was counted in this time"


def _records(score: Score) -> str:
    hours = (score.until - score.since).total_seconds() / 3_600
    told = f"{score.records - score.bad:,} of {score.records:,} are good, in {hours:g} hours"
    if score.sampled is not None and score.skipped:
        told += f"; {percent(score.sampled)} of all were looked at"
    return told


def _before(score: Score) -> Text:
    if score.score is None or score.previous is None:
        return Text("  by the hour", "dim")
    moved = points(score.score, score.previous)
    return Text(f"  {percent(score.previous)} before: {moved} now", "dim")


def _counted(score: Score) -> str:
    told = f"{score.updated_at:%Y-%m-%d %H:%M:%S} UTC"
    if score.lag is None:
        return told
    return f"{told}; {amount_of(score.lag, 'record')} {'waits' if score.lag == 1 else 'wait'}"


def _share(hour: Slice) -> float | None:
    return share_good(hour.records, hour.bad)


def _rules(broken: list[RuleScore]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("broken", justify="right", no_wrap=True)
    table.add_column("of", justify="right", no_wrap=True)
    table.add_column("rule", overflow="fold", ratio=1)
    table.add_column("such as", overflow="fold", max_width=26)
    for each in broken:
        style = "red" if each.rule.severity is Severity.ERROR else "yellow"
        table.add_row(
            Text(f"{each.broken:,}", style),
            f"{each.checked:,}" if each.checked else "",
            Text(_said(each)),
            Text("\n".join(map(_place, each.positions[:_PLACES])), "dim"),
        )
    return table


def _said(each: RuleScore) -> str:
    rule = each.rule
    marks = ["warning"] * (rule.severity is Severity.WARNING) + ["inferred"] * rule.inferred
    marked = f" ({', '.join(marks)})" if marks else ""
    return f"{legible(subject(rule) or 'the record')} {legible(asserts(rule))}{marked}"


def _place(position: Position) -> str:
    return f"{position.partition}@{position.offset} {legible(position.excerpt)}".rstrip()
