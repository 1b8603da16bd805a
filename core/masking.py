"""What is not shown of sensitive fields to those who don't own them.

That a field exists, its kinds, its meaning and that it is sensitive are no secret; what its values
look like is: symbols, limits, shapes and how many differ.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from core.alerts.alert import Alert, AlertFinding
from core.alerts.finding import Position
from core.consolidation import Unification
from core.promotion_fields import sensitive_of
from core.quality.columns.wanted import paths_of
from core.quality.rule import QualityRule
from core.quality.score import RuleScore, Score
from core.schema import avro_writer, json_schema
from core.schema.model import Bounds, Evidence, Field, Schema, child_path

SENSITIVE = "sensitive"
"""The tag of every field that is masked, whatever made it one."""

TAGS = frozenset(
    {
        SENSITIVE, "pii", "personal", "personal-data", "confidential", "restricted", "secret",
        "private", "phi", "pci", "spi", "email", "phone",
    }
)  # fmt: skip
"""Tags of registered schemas that call a field sensitive, in any case."""

_SYMBOLS = re.compile(r"^(?P<path>.+): symbols changed: ", re.DOTALL)
_SHORT = "symbols changed (not shown: the field is sensitive)"


def sensitive_paths(schema: Schema, declared: Collection[str] = ()) -> frozenset[str]:
    """Fields that are sensitive by their tags, their meaning or their names, or were `declared` so
    by a contract; with all that lies below them."""
    known = {*sensitive_of(schema), *declared}
    return frozenset(_below("", schema.root, known, inside=False))


def _below(path: str, parent: Field, known: Collection[str], *, inside: bool) -> Iterator[str]:
    for child in parent.children:
        here = child_path(path, child.name)
        hidden = inside or here in known or any(tag.lower() in TAGS for tag in child.tags)
        if hidden:
            yield here
        yield from _below(here, child, known, inside=hidden)


def masked_schema(schema: Schema, hidden: Collection[str]) -> Schema:
    return replace(schema, root=_masked("", schema.root, hidden)) if hidden else schema


def _masked(path: str, field: Field, hidden: Collection[str]) -> Field:
    children = tuple(
        _masked(child_path(path, child.name), child, hidden) for child in field.children
    )
    if not path or path not in hidden:
        return replace(field, children=children)
    seen = field.evidence
    return replace(
        field,
        children=children,
        enum=None,
        bounds=Bounds(),
        tags=field.tags | {SENSITIVE},
        evidence=None if seen is None else Evidence(seen.parents, seen.seen, seen.null),
    )


def masked_rule(rule: QualityRule, hidden: Collection[str]) -> QualityRule:
    """That there is one, and of which kind; not what it allows."""
    if not hidden or not set(paths_of(rule)) & set(hidden):
        return rule
    gone = ("minimum", "maximum", "pattern", "expression", "format")
    blank = {**dict.fromkeys(gone), "values": (), "hidden": True}
    return rule.model_copy(update={**blank, "reason": "not shown: the field is sensitive"})


def masked_score(score: Score, hidden: Collection[str]) -> Score:
    rules = tuple(_masked_score(each, hidden) for each in score.rules)
    return score.model_copy(update={"rules": rules})


def _masked_score(found: RuleScore, hidden: Collection[str]) -> RuleScore:
    rule = masked_rule(found.rule, hidden)
    if rule is found.rule:
        return found
    return found.model_copy(update={"rule": rule, "positions": _bare(found.positions)})


def masked_alert(alert: Alert, hidden: Collection[str]) -> Alert:
    """Which rule of which field broke, how often and where; not by what values."""
    findings = tuple(_masked_finding(each, hidden) for each in alert.findings)
    return alert.model_copy(update={"findings": findings})


def _masked_finding(found: AlertFinding, hidden: Collection[str]) -> AlertFinding:
    if found.field not in hidden:
        return found
    return found.model_copy(update={"told": "", "positions": _bare(found.positions)})


def _bare(positions: Iterable[Position]) -> tuple[Position, ...]:
    return tuple(each.model_copy(update={"excerpt": ""}) for each in positions)


def masked_unification(unified: Unification, hidden: Collection[str]) -> Unification:
    """`hidden` are paths of the unified schema."""
    if not hidden:
        return unified
    schema = masked_schema(unified.tree, hidden)
    return unified.model_copy(
        update={
            "tree": schema,
            "avro": avro_writer.write(schema),
            "json_schema": json_schema.write(schema),
        }
    )


def tells_symbols(lines: Iterable[str]) -> bool:
    """Whether lines of a change name symbols at all."""
    return any(_SYMBOLS.match(line) for line in lines)


def masked_lines(
    lines: Iterable[str], schema: Schema | None, declared: Collection[str] = ()
) -> tuple[str, ...]:
    """Lines of a change, without the symbols of sensitive fields and of those that are gone: nobody
    can tell any more what those were."""
    fields = {} if schema is None else dict(schema.walk())
    shown = set(fields) - (sensitive_paths(schema, declared) if schema else frozenset())
    return tuple(_masked_line(line, shown) for line in lines)


def _masked_line(line: str, shown: Collection[str]) -> str:
    found = _SYMBOLS.match(line)
    return line if found is None or found["path"] in shown else f"{found['path']}: {_SHORT}"
