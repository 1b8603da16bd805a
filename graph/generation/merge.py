"""A model's proposal over the draft that code made: the model's words, the text's numbers.

What the description gives in numbers (how long, how soon, which range, which values) was computed
in code and stands, whatever the model made of it. So do topic, partitions and names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.drafting.drafted import Draft
from core.plan import Note, SchemaPlan
from core.quality.rule import Metric, QualityRule
from core.schema.model import Field, Schema
from graph.generation.fields import tree_of
from graph.generation.proposal import ProductProposal, RuleProposal

_QUOTES = "the description says"
"""So begins the reason of a rule that quotes the words which ask for it."""

_BOUND_METRICS = (Metric.RANGE, Metric.ENUM, Metric.PATTERN, Metric.TIMELINESS, Metric.FRESHNESS)


def merged(proposal: ProductProposal, base: Draft, topics: frozenset[str]) -> Draft:
    """`topics` are those that exist: a product is made from no others.

    Raises ValueError where the proposal's rules are none.
    """
    given = _given_rules(base)
    fields = _with_given(tree_of(proposal.fields), base, given)
    schema = replace(base.schema_plan.value, root=_root(base.schema_plan.value, fields))
    named = [rule for rule in map(_rule, proposal.rules) if not _spoken_for(rule, given)]
    inputs = [name for name in proposal.made_from if name in topics]
    return base.model_copy(
        update={
            "product": _product(proposal, base),
            "schema_plan": _schema_plan(proposal, base, schema),
            "rules": _numbered([*given, *named]),
            "inputs": tuple(dict.fromkeys([*base.inputs, *inputs])),
            "notes": _notes(base, schema, given),
        }
    )


def _given_rules(base: Draft) -> list[QualityRule]:
    """The rules that the description asks for in so many words."""
    return [rule for rule in base.rules if rule.metric in _BOUND_METRICS and _QUOTES in rule.reason]


def _with_given(
    fields: tuple[Field, ...], base: Draft, given: Sequence[QualityRule]
) -> tuple[Field, ...]:
    """Fields of which the description says a number are there, as code understood them."""
    of_base = {child.name: child for child in base.schema_plan.value.root.children}
    wanted = {(rule.field or "").split(".")[0].replace("[]", "") for rule in given}
    known = {place.name for place in fields}
    kept = tuple(
        of_base[place.name] if place.name in wanted & of_base.keys() else place for place in fields
    )
    added = tuple(of_base[name] for name in of_base if name in wanted - known)
    return (*kept, *added)


def _root(schema: Schema, fields: tuple[Field, ...]) -> Field:
    return replace(schema.root, children=fields)


def _product(proposal: ProductProposal, base: Draft) -> object:
    tags = [tag for tag in map(_slug, proposal.tags) if tag]
    return base.product.model_copy(
        update={
            "description": " ".join(proposal.summary.split()),
            "tags": tuple(dict.fromkeys(tags)) or base.product.tags,
        }
    )


def _schema_plan(proposal: ProductProposal, base: Draft, schema: Schema) -> SchemaPlan:
    paths = dict(schema.walk())
    sensitive = [said.path for said in proposal.fields if said.personal and said.path in paths]
    kept = [path for path in base.schema_plan.sensitive if path in paths]
    return base.schema_plan.model_copy(
        update={
            "value": schema,
            "key": proposal.key,
            "event_time": proposal.event_time,
            "sensitive": tuple(dict.fromkeys([*kept, *sensitive])),
        }
    )


def _rule(said: RuleProposal) -> QualityRule:
    return QualityRule(
        id=f"{_slug(said.path)}-{said.metric.value}",
        metric=said.metric,
        field=said.path,
        minimum=said.minimum,
        maximum=said.maximum,
        values=tuple(said.values),
        pattern=said.pattern,
        reason=" ".join(said.reason.split()),
    )


def _spoken_for(rule: QualityRule, given: Sequence[QualityRule]) -> bool:
    """Whether the description's own rule says it, or code alone says such a thing."""
    if rule.metric in (Metric.TIMELINESS, Metric.FRESHNESS):
        return True
    return any(rule.field == each.field and rule.metric is each.metric for each in given)


def _numbered(rules: Sequence[QualityRule]) -> tuple[QualityRule, ...]:
    """Each id once: a second rule on the same thing says the same or contradicts it."""
    return tuple({rule.id: rule for rule in reversed(rules)}.values())[::-1]


def _notes(base: Draft, schema: Schema, given: Sequence[QualityRule]) -> tuple[Note, ...]:
    """Those on what is left of the base."""
    rules = {f"rules.{rule.id}" for rule in given}
    fields = {f"schema_plan.value.{path}" for path, _ in schema.walk()}
    return tuple(
        note
        for note in base.notes
        if not note.about.startswith(("rules.", "schema_plan.")) or note.about in rules | fields
    )


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60]
