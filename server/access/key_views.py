"""What is asked of keys, and how they are shown."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.api_key import ApiKey
from core.generation import SAYS_SOMETHING
from server.principal import Reference, Role

LONGEST_DAYS = 366


class Wish(BaseModel):
    """A key that shall be made. Nobody gives more than they have, but an admin.

    Without `roles` and `teams` it has those of who makes it. `principal` is whom it acts as: an
    admin may name another one, such as a program's own.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"name": "nightly export", "roles": ["viewer"], "expires_in_days": 90}]
        },
    )
    name: str = Field(min_length=1, max_length=100, pattern=SAYS_SOMETHING)
    roles: frozenset[Role] | None = Field(None, min_length=1)
    teams: tuple[Reference, ...] | None = Field(None, max_length=50)
    principal: Reference | None = Field(None, examples=["user:default/ci"])
    expires_in_days: int = Field(90, ge=1, le=LONGEST_DAYS)

    @field_validator("name")
    @classmethod
    def _storable(cls, value: str) -> str:
        return value.replace("\0", " ").strip()


class Rotation(BaseModel):
    """For how long the old secret is good beside the new one."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"overlap_hours": 24}]}
    )
    overlap_hours: float = Field(24, ge=0, le=24 * 30)


class IssuedView(BaseModel):
    """The `secret` is shown this once, and kept by nobody here."""

    model_config = ConfigDict(frozen=True)
    key: ApiKey
    secret: str


class WhoView(BaseModel):
    """As whom a request comes; one that is not `authenticated` is taken at its word, or nobody."""

    model_config = ConfigDict(frozen=True)
    principal: str
    authenticated: bool
    roles: tuple[Role, ...]
    teams: tuple[str, ...]
    key_id: str | None
