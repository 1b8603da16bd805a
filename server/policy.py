"""What may be decided by whom, and what needs no person at all: `policy:` in the settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from core.plan import Plan
from server.principal import reference

EVERYONE = "*"


class AutoProvision(BaseModel):
    """Plans that are approved without a person: every limit that is given holds.

    `principals` are who may ask for it, `owners` whose products; "*" is everyone.
    `max_monthly_cost` is in the price book's currency.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    principals: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    max_monthly_cost: Decimal | None = Field(default=None, ge=0)
    max_partitions: int | None = Field(default=None, ge=1)

    @field_validator("principals", "owners")
    @classmethod
    def _references(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(value if value == EVERYONE else reference(value) for value in values)

    @model_validator(mode="after")
    def _names_somebody(self) -> AutoProvision:
        if not self.principals and not self.owners:
            raise ValueError(f"the rule {self.name} names neither principals nor owners")
        return self

    def obstacle(self, plan: Plan, requested_by: str) -> str | None:
        """Why the rule does not allow the plan; None where it does."""
        return (
            _not_among("the requester", requested_by, self.principals)
            or _not_among("the owner", plan.product.owner, self.owners)
            or self._too_many(plan)
            or self._too_dear(plan)
        )

    def _too_many(self, plan: Plan) -> str | None:
        limit, wanted = self.max_partitions, plan.topic.partitions
        if limit is None or wanted <= limit:
            return None
        return f"{wanted} partitions are more than {limit}"

    def _too_dear(self, plan: Plan) -> str | None:
        if self.max_monthly_cost is None:
            return None
        if plan.cost is None:
            return "its monthly cost is not known"
        if plan.cost.total <= self.max_monthly_cost:
            return None
        cost = f"{plan.cost.total:.2f} {plan.cost.currency}"
        return f"{cost} a month are more than {self.max_monthly_cost}"


@dataclass(frozen=True)
class Ruling:
    """`rule` is the one that allows it, None where no one does; `why` says so in words."""

    rule: AutoProvision | None
    why: str


class Policy(BaseModel):
    """With `four_eyes` the requester of a plan cannot approve it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    four_eyes: bool = True
    approval_hours: float = Field(default=72, gt=0, le=8_760)
    auto_provision: tuple[AutoProvision, ...] = ()

    @property
    def lifetime(self) -> timedelta:
        """How long an approval waits for a decision."""
        return timedelta(hours=self.approval_hours)

    def ruling(self, plan: Plan, requested_by: str) -> Ruling:
        """The first rule that lets the plan through without a person, or why none does."""
        obstacles = []
        for rule in self.auto_provision:
            obstacle = rule.obstacle(plan, requested_by)
            if obstacle is None:
                return Ruling(rule, f"the policy's rule {rule.name} allows it")
            obstacles.append(f"{rule.name}: {obstacle}")
        if not obstacles:
            return Ruling(None, "no auto_provision rule is configured, so a person decides")
        return Ruling(None, f"no auto_provision rule allows it ({'; '.join(obstacles)})")


def _not_among(what: str, ref: str, allowed: tuple[str, ...]) -> str | None:
    if not allowed or EVERYONE in allowed or ref.lower() in allowed:
        return None
    return f"{what} {ref} is not among {', '.join(allowed)}"
