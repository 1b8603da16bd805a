"""What carrying out a plan of access changes, for who decides on it: readable lines and risks."""

from __future__ import annotations

from collections.abc import Iterator

from core.access import Operation
from core.grant import GrantPlan, Permission
from core.plan import Plan, PlanKind
from core.plan_diff import Effect, Existing, PartDiff, PlanDiff, Silence

_THERE = " (allowed already: it stays when this access ends)"
_SHOWN = 8


def grant_diff(plan: Plan, existing: Existing) -> PlanDiff:
    """Nothing changes but who may use the topics."""
    return PlanDiff(
        topic=_kept(plan.topic.name, "topic", existing.topic),
        subject=_kept(plan.schema_plan.subject, "subject", existing.subject),
        product=_kept(plan.product.id, "product", existing.product),
        access=_access(_grant_of(plan), existing.permissions),
    )


def _grant_of(plan: Plan) -> GrantPlan:
    if plan.kind is not PlanKind.ACCESS or plan.grant is None:
        raise ValueError(f"a plan of kind {plan.kind} gives nobody access for a while")
    return plan.grant


def _kept(name: str, what: str, found: object) -> PartDiff:
    if isinstance(found, Silence):
        return PartDiff(
            name=name, effect=Effect.UNKNOWN, title="what exists is not known", lines=(found.why,)
        )
    title = f"there is no such {what}" if found is None else f"the {what} stays as it is"
    return PartDiff(name=name, effect=Effect.KEEP, title=title)


def _access(grant: GrantPlan, there: frozenset[Permission] | Silence) -> PartDiff:
    title = f"access for {grant.team} until {grant.ends}"
    if isinstance(there, Silence):
        lines = (there.why, *_lines(grant, frozenset()))
        return PartDiff(name=grant.principal, effect=Effect.UNKNOWN, title=title, lines=lines)
    fresh = any(each not in there for each in grant.permissions)
    return PartDiff(
        name=grant.principal,
        effect=Effect.CREATE if fresh else Effect.KEEP,
        title=title,
        lines=tuple(_lines(grant, there)),
    )


def _lines(grant: GrantPlan, there: frozenset[Permission]) -> Iterator[str]:
    yield f"for: {grant.purpose}"
    for each in grant.permissions:
        yield f"may {each.what}{_THERE if each in there else ''}"


def grant_risks(plan: Plan, existing: Existing) -> Iterator[str]:
    """What the owner should think of before others get access."""
    grant, sensitive = _grant_of(plan), plan.schema_plan.sensitive
    if sensitive and Operation.READ in grant.operations:
        told = ", ".join(sensitive[:_SHOWN])
        more = f" and {len(sensitive) - _SHOWN} more" if len(sensitive) > _SHOWN else ""
        yield f"{grant.team} gets to read confidential or personal data ({told}{more})."
    if Operation.WRITE in grant.operations:
        yield f"{grant.team} gets to write: what it writes counts as {plan.product.owner}'s."
    if grant.group_prefix:
        yield f"It may join, and move the offsets of, any group that begins with {grant.group}."
    if existing.topic is None:
        yield f"The topic {plan.topic.name} is gone."
