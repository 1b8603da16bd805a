"""An approval in a terminal: what an approver needs to see, in lines that fit 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.approval import ApprovalStatus, StepStatus
from core.plan import Plan
from core.plan_diff import Effect, PartDiff
from core.spans import amount_of, span_of
from server.approvals.views import ApprovalSummary, ApprovalView, StepView
from server.cli.listing import legible, tell_more

_STYLES = {
    ApprovalStatus.PENDING: "yellow",
    ApprovalStatus.APPROVED: "cyan",
    ApprovalStatus.PROVISIONING: "cyan",
    ApprovalStatus.ACTIVE: "green",
    ApprovalStatus.FAILED: "red",
    ApprovalStatus.REJECTED: "red",
    ApprovalStatus.EXPIRED: "dim",
}
_MARKS = {
    StepStatus.WAITING: ("·", "dim"),
    StepStatus.DOING: ("…", "cyan"),
    StepStatus.DONE: ("✓", "green"),
    StepStatus.FAILED: ("✗", "red"),
    StepStatus.UNDONE: ("↩", "yellow"),
}
_SIGNS = {
    Effect.CREATE: ("+", "green"),
    Effect.CHANGE: ("~", "yellow"),
    Effect.KEEP: ("=", "dim"),
    Effect.UNKNOWN: ("?", "red"),
}
_LINES = 12
"""Lines of one part that are shown; --json has them all."""


def show_list(console: Console, found: Sequence[ApprovalSummary], cursor: str | None) -> None:
    if not found:
        console.print("Nothing waits. `headwater generate` drafts a product and asks for approval.")
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("id", "status"):
        table.add_column(name, no_wrap=True)
    table.add_column("product", overflow="fold", ratio=1)
    table.add_column("a month", justify="right", no_wrap=True)
    table.add_column("asked for by", overflow="ellipsis", no_wrap=True, max_width=18)
    for each in found:
        table.add_row(
            Text(each.id),
            Text(each.status.value, style=_STYLES[each.status]),
            Text(_clean(_wanted(each))),
            Text(_money(each)),
            Text(_short(each.requested_by)),
        )
    console.print(table)
    tell_more(console, cursor)


def show_one(console: Console, shown: ApprovalView) -> None:
    plan = shown.plan
    headline = Text(_clean(plan.product.name), style="bold")
    console.print(headline.append(f"  {shown.status.value}", style=_STYLES[shown.status]))
    console.print(Text(_clean(plan.product.description)))
    for name, value in _facts(shown):
        console.print(Text.assemble((f"{name:<13}", "dim"), _clean(value)))
    _show_lines(console, "modified", shown.modifications)
    _show_impact(console, shown)
    _show_cost(console, shown)
    risks = plan.risks if shown.impact is None else shown.impact.risks
    _show_lines(console, "to think of", risks)
    _show_steps(console, shown.steps)
    if shown.result is not None:
        console.print(Text(f"\n{_clean(shown.result.words)}", style="green"))
    if shown.error:
        console.print(Text(_clean(shown.error), style="red"))
    if shown.status is ApprovalStatus.PENDING:
        _show_way_on(console, shown)


def _facts(shown: ApprovalView) -> Iterator[tuple[str, str]]:
    plan, decision = shown.plan, shown.decision
    yield "approval", f"{shown.id}, asked for by {_short(shown.requested_by)}"
    yield "owner", _short(plan.product.owner)
    yield from _asked(plan)
    yield "plan", shown.plan_hash
    if decision is None:
        yield "until", f"{shown.expires_at:%Y-%m-%d %H:%M} UTC"
        return
    said = f": {decision.comment}" if decision.comment else ""
    when = f"{decision.at:%Y-%m-%d %H:%M} UTC via {decision.via}"
    yield "decision", f"{decision.verdict} by {_short(decision.by)}, {when}{said}"
    if shown.seconds is not None:
        yield "took", f"{shown.seconds:.2f} s from the decision"


def _asked(plan: Plan) -> Iterator[tuple[str, str]]:
    if plan.grant is not None:
        yield "access", plan.grant.line
        yield "for", plan.grant.purpose
        yield "topics", ", ".join(plan.grant.topics)
        yield "groups", plan.grant.groups or "none, nothing is read"
        return
    yield "topic", _topic(plan)
    if plan.access:
        yield "access", "; ".join(each.line for each in plan.access)
    yield "schema", f"{plan.schema_plan.subject}, {plan.schema_plan.compatibility}"


def _topic(plan: Plan) -> str:
    topic = plan.topic
    parts = (amount_of(topic.partitions, "partition"), amount_of(topic.replication, "replica"))
    return f"{topic.name}: {', '.join(parts)}, kept {_for(span_of(topic.retention_ms))}"


def _for(span: str) -> str:
    return span if span.startswith("for") else f"for {span}"


def _show_impact(console: Console, shown: ApprovalView) -> None:
    if shown.impact is None:
        return
    for part in shown.impact.diff.parts:
        _show_part(console, part)


def _show_part(console: Console, part: PartDiff) -> None:
    sign, style = _SIGNS[part.effect]
    console.print(Text(f"\n{sign} {_clean(part.name)}: {part.title}", style=style))
    for line in part.lines[:_LINES]:
        console.print(Text(f"    {_clean(line)}"))
    if len(part.lines) > _LINES:
        more = len(part.lines) - _LINES
        console.print(Text(f"    and {amount_of(more, 'line')} more: --json", style="dim"))


def _show_cost(console: Console, shown: ApprovalView) -> None:
    if shown.cost is None:
        return
    estimate = shown.cost.estimate
    total = f"{shown.cost.monthly:.2f} {estimate.currency}"
    console.print(Text(f"\ncost: {total} a month, by {_clean(estimate.price_book)}", style="dim"))
    for item in estimate.items:
        inputs = ", ".join(f"{name} {value}" for name, value in item.inputs.items())
        console.print(Text(_clean(f"    {item.amount:.2f}  {item.name}: {item.formula}")))
        console.print(Text(_clean(f"          {inputs}"), style="dim"))
    for assumed in estimate.assumed:
        console.print(Text(_clean(f"    assumed: {assumed}"), style="dim"))


def _show_lines(console: Console, title: str, lines: Sequence[str]) -> None:
    if not lines:
        return
    console.print(Text(f"\n{title}", style="dim"))
    for line in lines:
        console.print(Text(f"  - {_clean(line)}"))


def _show_steps(console: Console, steps: Sequence[StepView]) -> None:
    if steps:
        console.print(Text("\nsteps", style="dim"))
    for shown in steps:
        mark, style = _MARKS[shown.step.status]
        seconds = "" if shown.seconds is None else f"  {shown.seconds:.2f} s"
        detail = f"  {_clean(shown.step.detail)}" if shown.step.detail else ""
        line = Text.assemble((f"  {mark} ", style), f"{shown.step.name:<14}", (seconds, "dim"))
        console.print(line.append(detail, style=style))


def _show_way_on(console: Console, shown: ApprovalView) -> None:
    told = f"\nDecide: headwater approvals approve|reject|modify {shown.id}"
    console.print(Text(told, style="dim"), soft_wrap=True)


def _wanted(each: ApprovalSummary) -> str:
    if each.access is None:
        return each.product_name
    return f"access to {each.product_name}: {each.access}"


def _money(each: ApprovalSummary) -> str:
    if each.monthly_cost is None:
        return "-"
    return f"{each.monthly_cost:.2f} {each.currency}"


def _short(ref: str) -> str:
    return ref.removeprefix("user:default/").removeprefix("group:default/")


def _clean(text: str) -> str:
    """In one line."""
    return legible(text.replace("\n", " "))
