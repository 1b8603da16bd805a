"""Rules of topics as the API takes and shows them."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from core.contract.entries import NotWatched
from core.quality.origin import RuleOrigin
from core.quality.rule import QualityRule
from server.catalog import examples
from server.problems import ProblemError


class RuleStatement(QualityRule):
    """A rule as a person states it; the path has its id. `reason` says why it holds."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_extra={"examples": [examples.RULE_STATEMENT]}
    )
    id: SkipJsonSchema[str] = Field("stated", pattern=r"^[a-z0-9][a-z0-9_.-]{0,99}$")
    inferred: Literal[False] = False
    hidden: SkipJsonSchema[Literal[False]] = False
    reason: str = Field("stated by a person", min_length=1, max_length=300)

    def named(self, rule_id: str) -> QualityRule:
        """Raises a problem where the body has another id than the path."""
        if "id" in self.model_fields_set and self.id != rule_id:
            raise ProblemError(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "invalid-request",
                f"The body has the id {self.id!r} and the path {rule_id!r}. Leave it out of the "
                "body.",
            )
        return QualityRule.model_validate({**self.model_dump(), "id": rule_id})


class Activity(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"active": False}]})
    active: bool


class RuleView(BaseModel):
    """`origin` is whose rule it is: a `product`'s contract says so, a person `stated` it, or it was
    `inferred` from the stream. Rules that are not stored hold beside these (`implied`): the shape
    of a product's schema, and the habits of its stream. `since` is when the rule was stored as it
    is; only `active` ones are watched."""

    model_config = ConfigDict(frozen=True)
    id: str
    says: str
    rule: QualityRule
    origin: RuleOrigin | Literal["implied"]
    product_id: str | None = None
    active: bool = True
    since: datetime | None = None
    stated_by: str | None = None
    switched_by: str | None = None


class Rules(BaseModel):
    """All rules of a source, by id, and what its contract says that is not watched."""

    model_config = ConfigDict(frozen=True)
    items: tuple[RuleView, ...]
    not_watched: tuple[NotWatched, ...]
