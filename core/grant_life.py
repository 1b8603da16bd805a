"""A grant from its giving to its end, and which of its permissions are its own to take back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from core.grant import GrantPlan, Permission
from core.listing import joined


class GrantStatus(StrEnum):
    """`giving` -> `active` -> `ending` -> `expired` | `revoked`; or `undone`, which never was."""

    GIVING = "giving"
    ACTIVE = "active"
    ENDING = "ending"
    """Its end is decided, and Kafka has not done it yet."""
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNDONE = "undone"

    @property
    def ended(self) -> bool:
        return self in (self.EXPIRED, self.REVOKED, self.UNDONE)


class Kept(BaseModel):
    """A permission that stayed when its grant ended, and why."""

    model_config = ConfigDict(frozen=True)
    permission: Permission
    because: str


class Grant(BaseModel):
    """Access that was approved. `own` are the permissions that it brought, or shares with other
    grants that did; `found` are those that somebody else had given before: they are left alone.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    approval_id: str
    cluster: str
    product_id: str
    plan: GrantPlan
    status: GrantStatus
    requested_by: str
    approved_by: str
    own: tuple[Permission, ...] = ()
    found: tuple[Permission, ...] = ()
    kept: tuple[Kept, ...] = ()
    created_at: datetime
    granted_at: datetime | None = None
    ending_as: GrantStatus | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    reason: str = ""
    error: str | None = None
    """Why its end is not done yet."""

    @property
    def live(self) -> bool:
        """Whether it needs its permissions."""
        return self.status in (GrantStatus.GIVING, GrantStatus.ACTIVE)

    @property
    def words(self) -> str:
        """How it stands, in a sentence or two."""
        plan = self.plan
        may = f"{plan.principal} may {joined(plan.operations)} {joined(plan.topics)}"
        match self.status:
            case GrantStatus.GIVING:
                told = f"{may} in a moment, until {plan.ends}."
            case GrantStatus.ACTIVE:
                told = f"{may} until {plan.ends}."
            case GrantStatus.ENDING:
                told = f"{may} still: it is to end, and Kafka has not done it yet."
            case _:
                told = f"{plan.principal} had access; it is {self.status} {self._when}."
        return " ".join(filter(None, (told, self._kept_words, self.error)))

    @property
    def _when(self) -> str:
        by = f" by {self.ended_by}" if self.ended_by else ""
        return f"since {self.ended_at:%Y-%m-%d %H:%M} UTC{by}" if self.ended_at else by.strip()

    @property
    def _kept_words(self) -> str:
        """What is left alone is said: to a reader of the grant it is the part that may surprise."""
        told = [f"It may still {each.permission.what}: {each.because}." for each in self.kept]
        return " ".join(told)


def grant_id_of(approval_id: str) -> str:
    """One grant for each approval."""
    return f"gr-{approval_id.removeprefix('apr-')}"


@dataclass(frozen=True, slots=True)
class Parted:
    own: tuple[Permission, ...]
    found: tuple[Permission, ...]


def parted(
    wanted: Collection[Permission], there: Collection[Permission], others: Iterable[Grant]
) -> Parted:
    """Which permissions of a new grant are its own: those that nobody gave yet, or that `others`,
    grants of the same principal that have not ended, gave themselves."""
    ours = {each for grant in others for each in grant.own}
    own = tuple(each for each in wanted if each not in there or each in ours)
    return Parted(own, tuple(each for each in wanted if each not in own))


@dataclass(frozen=True, slots=True)
class Ending:
    take: tuple[Permission, ...]
    kept: tuple[Kept, ...]


def ending(grant: Grant, others: Iterable[Grant]) -> Ending:
    """What to take back at the end of a grant: its own, but for what a live one needs too."""
    needed: dict[Permission, Grant] = {}
    for other in others:
        if other.live and other.id != grant.id:
            for each in other.plan.permissions:
                needed.setdefault(each, other)
    kept = [
        Kept(permission=each, because="somebody else had given it before") for each in grant.found
    ]
    for each in grant.own:
        if (holder := needed.get(each)) is not None:
            because = f"the grant {holder.id} gives it until {holder.plan.ends}"
            kept.append(Kept(permission=each, because=because))
    return Ending(tuple(each for each in grant.own if each not in needed), tuple(kept))
