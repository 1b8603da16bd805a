"""A schema as a table for people: one line a field, with what was measured of it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from core.inference.analogy import BY_ANALOGY
from core.inference.render import ENUM_BY_NAME, Inferred
from core.inference.topic import TopicProfile
from core.schema.model import Field, Kind, Schema
from server.cli.listing import legible

_SYMBOLS = 6


def field_table(schema: Schema) -> Table:
    """Fields below each other, members indented under their record."""
    table = Table(
        title=legible(schema.name) or None, title_justify="left", box=None, pad_edge=False
    )
    table.add_column("field")
    table.add_column("type")
    table.add_column("present", justify="right")
    table.add_column("distinct", justify="right")
    table.add_column("values")
    for depth, field in _below(schema.root, 0):
        name = Text("  " * depth + legible(field.name) + ("" if field.optional else " *"))
        table.add_row(name, _kinds(field), _presence(field), _distinct(field), _values(field))
    table.caption = "* always there"
    table.caption_justify = "left"
    return table


def remarks(profile: TopicProfile, inferred: Inferred) -> Iterator[str]:
    """What else was found, a line each: event kinds, strays, broken messages."""
    for kind in inferred.kinds:
        yield f"kind {legible(kind.discriminator)} = {legible(kind.name)}: {kind.share:.1%}"
    for stray in inferred.strays:
        fields = ", ".join(legible(name) for name in stray.fields[:_SYMBOLS]) or "no fields"
        yield f"stray, not in the schema: {stray.count} with {fields} ({stray.share:.1%})"
    for reason, count in profile.failures.items():
        yield f"not read: {count} ({reason.value.replace('_', ' ')})"
    yield f"{profile.decoded} of {profile.messages} messages read"


def _below(parent: Field, depth: int) -> Iterator[tuple[int, Field]]:
    for child in parent.children:
        yield depth, child
        yield from _below(child, depth + 1)


def _kinds(field: Field) -> Text:
    kinds = " | ".join(sorted(field.kinds - {Kind.NULL})) or "unknown"
    null = " | null" if field.nullable else ""
    return Text(f"{kinds}{null}", style="dim" if BY_ANALOGY in field.tags else "")


def _presence(field: Field) -> str:
    seen = field.evidence
    return "" if seen is None or not seen.parents else f"{seen.seen / seen.parents:.0%}"


def _distinct(field: Field) -> str:
    seen = field.evidence
    return "" if seen is None or seen.distinct is None else f"{seen.distinct:,.0f}"


def _values(field: Field) -> Text:
    """The most telling thing that may be said of the values: symbols, meaning, bounds or shapes."""
    said = [field.logical.value] if field.logical else []
    if field.enum is not None:
        shown = " ".join(legible(str(symbol)) for symbol in field.enum[:_SYMBOLS])
        more = len(field.enum) - _SYMBOLS
        open_end = " …" if more > 0 or ENUM_BY_NAME in field.tags else ""
        said.append(f"{shown}{open_end}")
    elif not field.logical and field.bounds.minimum is not None:
        said.append(f"{field.bounds.minimum:g} to {field.bounds.maximum:g}")
    elif not field.logical and field.evidence and field.evidence.shapes:
        said.append("like " + " ".join(legible(s) for s, _ in field.evidence.shapes[:2]))
    return Text(", ".join(said))
