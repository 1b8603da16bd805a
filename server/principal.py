"""Who asks: a principal from a bearer token, or, on an open server, the one who says so.

Without principals, issuers and `reading: token` the server is open where only this machine reaches
it, or with `open_access`: the header X-Headwater-Principal declares who asks, and everybody may do
everything but decide from chat.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Protocol

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from server.problems import ProblemError

HEADER = "X-Headwater-Principal"
LOCAL = "user:default/local"
ANONYMOUS = "user:default/anonymous"

_REFERENCE = re.compile(r"(group|user):[a-z0-9_-]{1,63}/[a-z0-9._-]{1,63}")
Reference = Annotated[
    str,
    Field(
        max_length=150,
        json_schema_extra={
            "pattern": "^([Gg][Rr][Oo][Uu][Pp]|[Uu][Ss][Ee][Rr])"
            ":[A-Za-z0-9_-]{1,63}/[A-Za-z0-9._-]{1,63}$"
        },
    ),
]
"""An entity reference as it is given: the description of an API says what `reference` takes, which
says more of what is none."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Role(StrEnum):
    """Each may do what the ones before it may."""

    VIEWER = "viewer"
    OWNER = "owner"
    """Asks for products, and changes those of its teams."""
    STEWARD = "steward"
    """Decides on plans."""
    ADMIN = "admin"


DECIDING = frozenset({Role.STEWARD, Role.ADMIN})
WRITING = frozenset({Role.OWNER}) | DECIDING


class Reading(StrEnum):
    """Who may read."""

    OPEN = "open"
    """Whoever reaches the server."""
    TOKEN = "token"  # noqa: S105 (no password)
    """Whoever sends a token that is known."""


class InvalidReferenceError(ValueError):
    """This is no entity reference such as user:default/jane or group:default/fraud-team."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text[:100]!r} is no entity reference. Write user:<namespace>/<name> or "
            "group:<namespace>/<name>, such as user:default/jane."
        )


def reference(text: str) -> str:
    """An entity reference in lower case: case tells no two apart. Raises InvalidReferenceError."""
    plain = text.strip().lower()
    if not _REFERENCE.fullmatch(plain):
        raise InvalidReferenceError(text)
    return plain


class PrincipalEntry(BaseModel):
    """A configured principal. `token_sha256` is the SHA-256, in hex, of its bearer token."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    ref: str
    token_sha256: SecretStr
    roles: frozenset[Role] = Field(default=frozenset({Role.VIEWER}), min_length=1)
    teams: tuple[str, ...] = ()

    @field_validator("ref")
    @classmethod
    def _ref(cls, value: str) -> str:
        return reference(value)

    @field_validator("teams")
    @classmethod
    def _teams(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(reference(value) for value in values)

    @field_validator("token_sha256")
    @classmethod
    def _hash(cls, value: SecretStr) -> SecretStr:
        plain = value.get_secret_value().lower()
        if not _SHA256.fullmatch(plain):
            raise ValueError("is no SHA-256 in hex; make it by: printf %s TOKEN | sha256sum")
        return SecretStr(plain)


@dataclass(frozen=True)
class Principal:
    """`ref` is an entity reference; only an authenticated one has proved that it is its own."""

    ref: str
    authenticated: bool
    roles: frozenset[Role]
    teams: tuple[str, ...] = ()
    key_id: str | None = None
    """The API key by which it came, if by one."""

    @property
    def is_admin(self) -> bool:
        return Role.ADMIN in self.roles

    @property
    def may_decide(self) -> bool:
        return bool(self.roles & DECIDING)

    @property
    def may_write(self) -> bool:
        return bool(self.roles & WRITING)

    def is_of(self, owner: str) -> bool:
        """Whether it is the owner, or of the owning team."""
        return owner.lower() in {self.ref, *self.teams}


STRANGER = Principal(ANONYMOUS, authenticated=False, roles=frozenset({Role.VIEWER}))
"""Nobody that is known."""


class Principals:
    """The configured principals; without any the server may be `open`: a word is enough."""

    def __init__(self, entries: Sequence[PrincipalEntry], *, open_to_all: bool) -> None:
        self._entries = tuple(entries)
        self.open = open_to_all and not self._entries

    def declared(self, ref: str) -> Principal:
        """Who says without a token that they are `ref`: all roles where open, else what they have.

        Raises InvalidReferenceError.
        """
        name = reference(ref)
        if self.open:
            return Principal(name, authenticated=False, roles=frozenset(Role))
        known = next((entry for entry in self._entries if entry.ref == name), None)
        roles = frozenset({Role.VIEWER}) if known is None else known.roles
        return Principal(name, False, roles, () if known is None else known.teams)

    def of_token(self, token: str) -> Principal | None:
        """The principal of a bearer token, or None for one that nobody has."""
        given = hashlib.sha256(token.encode()).hexdigest()
        found = [
            entry
            for entry in self._entries
            if hmac.compare_digest(entry.token_sha256.get_secret_value(), given)
        ]
        if not found:
            return None
        return Principal(found[0].ref, True, found[0].roles, found[0].teams)


class Knows(Protocol):
    """Tells whose a token is. Raises a problem (401) for one that is nobody's."""

    async def of_token(self, token: str) -> Principal: ...


def principals_of(request: Request) -> Principals:
    settings = request.app.state.services.settings
    return Principals(settings.principals, open_to_all=settings.open)


async def principal_of(request: Request) -> Principal:
    """Who asks; without a token, where one could be had, somebody who may read.

    A token that is sent is checked, even where none is needed; once for each request.
    """
    if not hasattr(request.state, "principal"):
        request.state.principal = await _asking(request)
    found: Principal = request.state.principal
    return found


async def _asking(request: Request) -> Principal:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        bearers: Knows = request.app.state.services.bearers
        return await bearers.of_token(token.strip())
    principals = principals_of(request)
    if principals.open:
        return _declared(principals, request.headers.get(HEADER, LOCAL))
    if scheme:
        raise unknown(f"Authorization: {scheme[:20]} is not understood.")
    return STRANGER


Asker = Annotated[Principal, Depends(principal_of)]


def reader_of(request: Request, asker: Asker) -> Principal:
    """Who reads: anybody, or with `reading: token` whoever is known."""
    if asker.authenticated or request.app.state.services.settings.reading is Reading.OPEN:
        return asker
    raise unknown("This server answers no strangers.")


def writer_of(principal: Asker) -> Principal:
    """Who asks for a write: known, and allowed to ask for changes."""
    if principal.may_write:
        return principal
    if not principal.authenticated:
        raise unknown("This needs a bearer token.")
    raise forbidden(f"{principal.ref} may only read. It takes the role owner, steward or admin.")


def decider_of(principal: Asker) -> Principal:
    """Who decides; whether they may is the gate's to say, but they must be known."""
    if principal.ref == ANONYMOUS and not principal.authenticated and not principal.may_write:
        raise unknown("A decision needs the bearer token of a steward or admin.")
    return principal


def steward_of(decider: Annotated[Principal, Depends(decider_of)]) -> Principal:
    """Who looks after the whole catalog: a steward or an admin."""
    if decider.may_decide:
        return decider
    raise forbidden(f"{decider.ref} may not do this. It takes the role steward or admin.")


Reader = Annotated[Principal, Depends(reader_of)]
Writer = Annotated[Principal, Depends(writer_of)]
Decider = Annotated[Principal, Depends(decider_of)]
Steward = Annotated[Principal, Depends(steward_of)]


def require_owner(principal: Principal, owner: str) -> None:
    """Raises a problem (403) where what `owner` owns is another team's."""
    if not principal.may_decide and not principal.is_of(owner):
        raise forbidden(
            f"{principal.ref} is not of {owner}, which owns it. Ask that team, or a steward."
        )


def _declared(principals: Principals, ref: str) -> Principal:
    try:
        return principals.declared(ref)
    except InvalidReferenceError as error:
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-principal", f"{HEADER}: {error}"
        ) from error


def forbidden(detail: str) -> ProblemError:
    """Somebody known who may not."""
    return ProblemError(HTTPStatus.FORBIDDEN, "forbidden", detail)


def unknown(detail: str, error: str | None = None) -> ProblemError:
    """Nobody whom the server knows (RFC 6750): what to send instead."""
    told = "Bearer" if error is None else f'Bearer error="{error}"'
    return ProblemError(
        HTTPStatus.UNAUTHORIZED,
        "unauthorized",
        f"{detail} Send Authorization: Bearer <token>: an API key (`headwater keys create`), the "
        "token of one of HEADWATER_PRINCIPALS, or one of an issuer of HEADWATER_OIDC.",
        headers={"WWW-Authenticate": told},
    )
