"""Whose figures an asker sees: stewards all, others those of their teams."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Query

from core.usage.period import DAYS, Period, PeriodError, period_of
from server.principal import Asker, Principal, forbidden, unknown
from server.problems import ProblemError

Team = Annotated[
    str | None,
    Query(
        max_length=150,
        description="what this team owns or reads: group:default/risk, or risk",
        examples=["group:default/procurement"],
    ),
]
Product = Annotated[str | None, Query(max_length=200, description="of this product's topics")]
OfSource = Annotated[str | None, Query(max_length=249, description="of this topic")]


def asked_period(
    since: Annotated[
        date | None,
        Query(alias="from", description=f"first day, in UTC; default: {DAYS} days up to `to`"),
    ] = None,
    until: Annotated[
        date | None, Query(alias="to", description="last day, in UTC; default: today")
    ] = None,
) -> Period:
    try:
        return period_of(since, until)
    except PeriodError as error:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-period", str(error)) from error


Days = Annotated[Period, Depends(asked_period)]


def mine_of(principal: Asker) -> tuple[str, ...] | None:
    """The owners that the asker is; None for those who may see everybody's."""
    return None if principal.may_decide else (principal.ref, *principal.teams)


Mine = Annotated[tuple[str, ...] | None, Depends(mine_of)]


def all_of(principal: Asker) -> Principal:
    """Somebody who may see what belongs to no team. Raises a problem (401, 403)."""
    if not principal.may_decide:
        if not principal.authenticated:
            raise unknown("What is no team's is for stewards to see.")
        raise forbidden(
            f"{principal.ref} may not see this, which is no team's. It takes the role steward or "
            "admin."
        )
    return principal


Overseer = Annotated[Principal, Depends(all_of)]


def require_mine(asker: Principal, owner: str | None, what: str) -> None:
    """Raises a problem (403) where it is another team's."""
    if not (asker.may_decide or asker.is_of(owner or "")):
        raise not_mine(owner, what)


def not_mine(owner: str | None, what: str) -> ProblemError:
    return forbidden(
        f"{what} is for {owner or 'nobody, since it has no owner'} and for stewards to see. Ask "
        "them, or ask with a token of that team."
    )
