"""One source in words: the side that was asked about, or all sides in short."""

from __future__ import annotations

from collections.abc import Iterator

from core.listing import joined
from core.spans import amount_of
from graph import facts
from graph.draft import Aspect
from graph.markdown import code, plain
from tools.sheet import FieldLine, SourceSheet

FEW, MANY = 12, 40
"""Fields that an overview and an answer about fields show."""


def sheet_lines(sheet: SourceSheet, aspect: Aspect) -> list[str]:
    """The lines of an answer on one source."""
    match aspect:
        case Aspect.FIELDS:
            return list(_fields(sheet, MANY))
        case Aspect.CONSUMERS:
            return list(_consumers(sheet))
        case Aspect.CONFIGURATION:
            return list(_configuration(sheet))
        case Aspect.COST:
            return list(_cost(sheet))
        case Aspect.OWNER | Aspect.SIZE | Aspect.FORMAT:
            return [f"- {facts.facts(sheet.summary)}"]
        case Aspect.OVERVIEW:
            return list(_overview(sheet))


def _overview(sheet: SourceSheet) -> Iterator[str]:
    yield f"{facts.headline(sheet.summary)}\n"
    yield f"- {facts.facts(sheet.summary)}"
    yield from _configuration(sheet)
    yield from _sample(sheet)
    yield from _fields(sheet, FEW)


def _fields(sheet: SourceSheet, limit: int) -> Iterator[str]:
    for field in sheet.fields[:limit]:
        yield f"- {_field(field)}"
    left = len(sheet.fields) - limit + sheet.fields_left_out
    if left > 0:
        yield f"- {amount_of(left, 'more field')}"


def _field(field: FieldLine) -> str:
    optional = ", optional" if field.optional else ""
    doc = f": {plain(field.doc, 120)}" if field.doc else ""
    return f"{code(field.path)} {plain(field.type)}{optional}{doc}"


def _consumers(sheet: SourceSheet) -> Iterator[str]:
    for consumer in sheet.consumers[:MANY]:
        yield f"- {facts.group(consumer)}"
    if len(sheet.consumers) > MANY:
        yield f"- {amount_of(len(sheet.consumers) - MANY, 'more group')}"


def _configuration(sheet: SourceSheet) -> Iterator[str]:
    copies = "unreplicated" if sheet.replication == 1 else f"{sheet.replication} replicas"
    line = f"- {amount_of(sheet.partitions, 'partition')}, {copies}"
    if retention := sheet.config.get("retention.ms"):
        line += f", kept {facts.duration(retention)}"
    if cleanup := sheet.config.get("cleanup.policy"):
        line += f", cleanup policy {plain(cleanup)}"
    yield line


def _cost(sheet: SourceSheet) -> Iterator[str]:
    """Line by line, with the formula and what was put into it."""
    if sheet.cost is None:
        return
    for item in sheet.cost.items:
        inputs = "; ".join(f"{name} {value}" for name, value in item.inputs.items())
        yield f"- {item.name} {item.amount:,.2f}: {plain(item.formula)} ({plain(inputs)})"
    for each in (*sheet.cost.unknown, *sheet.cost.assumed):
        yield f"- {plain(each)}"


def _sample(sheet: SourceSheet) -> Iterator[str]:
    """What the last sample showed besides the schema."""
    report = sheet.report
    if report.error:
        yield f"- the last scan could not read it: {plain(report.error)}"
    failed = sum(failure.messages for failure in report.failures)
    if failed:
        share = f"{failed:,} of {amount_of(report.messages, 'sampled message')}"
        yield f"- {share} could not be decoded"
    if len(report.event_kinds) > 1:
        kinds = joined([plain(kind.name) for kind in report.event_kinds[:6]])
        yield f"- {len(report.event_kinds)} kinds of events: {kinds}"
