"""A plan in words: what exists already, what is proposed, and why, all of it from the plan."""

from __future__ import annotations

from collections.abc import Iterator

from core.approval import Approval, ApprovalStatus
from core.cost.estimate import CostEstimate
from core.grant import GrantPlan
from core.listing import joined
from core.plan import Note, Plan, PlanKind, Related
from core.quality.rule import QualityRule
from core.quality.wording import asserts
from core.spans import amount_of
from graph.facts import duration
from graph.markdown import code, plain
from tools.sheet import field_lines

MATCHES = 0.9
"""A source that has so much of what is wanted is there already."""

_FIELDS, _RULES, _NOTES, _MISSING, _VALUES = 40, 30, 12, 8, 100
"""How many of each are worded; the plan has all."""


def summary_of(plan: Plan) -> str:
    """What exists already and what is proposed, in a few sentences with their numbers."""
    if plan.grant is not None:
        return access_asked(plan, plan.grant)
    return f"{existing(plan)} {proposal(plan)}"


def access_asked(plan: Plan, grant: GrantPlan) -> str:
    """Who wants to do what with which product, until when, and what for."""
    return (
        f"{code(grant.team)}, {code(grant.principal)} to Kafka, asks to {joined(grant.operations)} "
        f"the product {code(plan.product.id)} of {code(plan.product.owner)} until {grant.ends}, "
        f"for: {plain(grant.purpose, 400)}"
    )


def existing(plan: Plan) -> str:
    if plan.kind is PlanKind.ACCESS:
        return f"The product {code(plan.product.id)} exists, and nothing of it is changed."
    if plan.kind is PlanKind.PROMOTE:
        return f"The topic {code(plan.topic.name)} exists and belongs to no product yet."
    if not plan.related:
        return "Nothing in the catalog is related to it."
    matching = [each for each in plan.related if each.covered >= MATCHES]
    count = amount_of(len(plan.related), "related source")
    if matching:
        named = joined([f"{code(each.source)} ({_covered(each)})" for each in matching])
        return f"{count}; {named} {'has' if len(matching) == 1 else 'have'} it already."
    best = plan.related[0]
    if not best.has:
        return f"{count} by name or meaning; none has any of its {len(best.missing)} fields."
    missing = joined([code(path) for path in best.missing[:_MISSING]])
    more = len(best.missing) - _MISSING
    rest = f" and {more} more" if more > 0 else ""
    return (
        f"{count}; none matches. The nearest, {code(best.source)}, has {_covered(best)}; "
        f"missing: {missing}{rest}."
    )


def proposal(plan: Plan) -> str:
    """The heart of the plan in a sentence."""
    if plan.grant is not None:
        return access_asked(plan, plan.grant)
    topic = plan.topic
    fields = sum(1 for _, place in plan.schema_plan.value.walk() if not place.children)
    parts = [
        amount_of(fields, "field"),
        amount_of(topic.partitions, "partition"),
        _kept(plan),
        amount_of(len(plan.rules), "quality rule"),
    ]
    if plan.cost is not None:
        parts.append(cost_words(plan.cost))
    verb = "Proposed" if plan.kind is PlanKind.CREATE else "Proposed for it"
    return f"{verb}: the topic {code(topic.name)} with {joined(parts)}."


def cost_words(cost: CostEstimate) -> str:
    return f"about {cost.total:,.2f} {cost.currency} a month by the price book {cost.price_book}"


def plan_markdown(plan: Plan) -> str:
    """The whole plan for people: sections with what an approver needs."""
    if plan.grant is not None:
        return _access(plan, plan.grant)
    return _sections(
        _product(plan),
        _titled("What exists", list(_related(plan))),
        _titled("Topic", list(_topic(plan))),
        _titled("Fields", list(_fields(plan))),
        _titled("Quality rules", [_reasoned(rule) for rule in plan.rules[:_RULES]]),
        _titled("Monthly cost", list(_cost(plan.cost))),
        _titled("Why so", [_note(note) for note in plan.notes[:_NOTES]]),
        _titled("To think of", list(_risks(plan))),
        f"Drafted by {code(plan.written_by)}.",
    )


def plan_brief(plan: Plan) -> str:
    """What the one who asked wants to see at once: the plan without its reasons and formulas."""
    if plan.grant is not None:
        return _access(plan, plan.grant)
    return _sections(
        _product(plan),
        _titled("Topic", list(_topic(plan))),
        _titled("Fields", list(_fields(plan))),
        _titled("Quality rules", [_rule(rule) for rule in plan.rules[:_RULES]]),
        _titled("To think of", list(_risks(plan))),
        f"It costs {plain(cost_words(plan.cost))}." if plan.cost else "",
    )


def how_to_decide(approval: Approval) -> str:
    """What an approver does with it; nothing that is said in a chat decides by itself."""
    if approval.status is not ApprovalStatus.PENDING:
        return f"{code(approval.id)} is {approval.status.value}."
    return (
        f"It waits for a decision as {code(approval.id)} until "
        f"{approval.expires_at:%Y-%m-%d %H:%M} UTC. An approver decides with "
        f"{code(f'headwater approvals approve {approval.id}')} (or reject, modify), or by "
        f"{code(f'POST /approvals/{approval.id}/decision')}."
    )


def _access(plan: Plan, grant: GrantPlan) -> str:
    sensitive = joined([code(path) for path in plan.schema_plan.sensitive[:_FIELDS]])
    personal = f"\n\nPersonal or confidential fields: {sensitive}." if sensitive else ""
    return _sections(
        access_asked(plan, grant),
        _titled("Kafka would allow", [f"- {plain(each.what)}" for each in grant.permissions]),
        f"When it ends, what this access brought is taken back.{personal}",
        _titled("Why so", [_note(note) for note in plan.notes[:_NOTES]]),
        _titled("To think of", list(_risks(plan))),
    )


def _sections(*sections: str) -> str:
    return "\n\n".join(section for section in sections if section)


def _product(plan: Plan) -> str:
    product = plan.product
    return (
        f"**{plain(product.name)}** ({code(product.id)}), owner {code(product.owner)}, domain "
        f"{code(product.domain)}\n\n{plain(product.description, 600)}"
    )


def _titled(title: str, lines: list[str]) -> str:
    return "\n".join([f"**{title}**", "", *lines]) if lines else ""


def _related(plan: Plan) -> Iterator[str]:
    for each in plan.related:
        owner = f", owner {code(each.owner)}" if each.owner else ""
        missing = joined([code(path) for path in each.missing[:_MISSING]])
        lacks = f"; missing {missing}" if missing else ""
        if len(each.missing) > _MISSING:
            lacks += f" and {len(each.missing) - _MISSING} more"
        yield f"- {code(each.source)} ({plain(each.kind)}{owner}) has {_covered(each)}{lacks}"
    if not plan.related and plan.kind is PlanKind.CREATE:
        yield "- nothing in the catalog is related to it"


def _covered(each: Related) -> str:
    total = len(each.has) + len(each.missing)
    return f"{len(each.has)} of {amount_of(total, 'field')} ({each.covered:.0%})"


def _topic(plan: Plan) -> Iterator[str]:
    topic, written = plan.topic, plan.schema_plan
    copies = amount_of(topic.replication, "replica")
    yield f"- {code(topic.name)}: {amount_of(topic.partitions, 'partition')}, {copies}"
    yield f"- {_kept(plan)}, cleanup policy {topic.cleanup.value}"
    for name, value in topic.settings.items():
        yield f"- {code(name)} = {code(value)}"
    key = code(written.key) if written.key else "none"
    time = code(written.event_time) if written.event_time else "none"
    yield f"- key {key}, event time {time}"
    yield f"- subject {code(written.subject)} ({written.format}, {written.compatibility.value})"
    for each in plan.access:
        yield f"- {code(each.principal)} may {joined(each.operations)} it (Kafka ACLs)"
    if plan.latency_ms is not None:
        yield f"- consumers have it within {duration(str(plan.latency_ms))}"
    if plan.inputs:
        yield f"- made from {joined([code(name) for name in plan.inputs])}"


def _kept(plan: Plan) -> str:
    return f"kept {duration(str(plan.topic.retention_ms))}"


def _fields(plan: Plan) -> Iterator[str]:
    lines, sensitive = field_lines(plan.schema_plan.value), set(plan.schema_plan.sensitive)
    for line in lines[:_FIELDS]:
        marks = ", optional" if line.optional else ""
        marks += ", personal or confidential" if line.path in sensitive else ""
        doc = f": {plain(line.doc, 160)}" if line.doc else ""
        yield f"- {code(line.path)} {plain(line.type)}{marks}{doc}"
    if len(lines) > _FIELDS:
        yield f"- {amount_of(len(lines) - _FIELDS, 'more field')}"


def _rule(rule: QualityRule) -> str:
    about = joined([code(path) for path in (rule.field, *rule.fields) if path]) or "the stream"
    warns = " (a warning)" if rule.severity.value == "warning" else ""
    return f"- {about} {plain(asserts(rule, _VALUES))}{warns}"


def _reasoned(rule: QualityRule) -> str:
    return f"{_rule(rule)}: {plain(rule.reason)}"


def _cost(cost: CostEstimate | None) -> Iterator[str]:
    if cost is None:
        return
    yield f"- {plain(cost_words(cost))}"
    for item in cost.items:
        inputs = ", ".join(f"{name} {value}" for name, value in item.inputs.items())
        yield f"- {plain(item.name)} {item.amount:,.2f}: {plain(item.formula)} ({plain(inputs)})"
    for assumed in cost.assumed:
        yield f"- assumed: {plain(assumed)}"


def _risks(plan: Plan) -> Iterator[str]:
    return (f"- {plain(risk)}" for risk in plan.risks)


def _note(note: Note) -> str:
    return f"- {code(note.about)}: {plain(note.because)}{'' if note.given else ' (inferred)'}"
