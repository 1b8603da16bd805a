"""Who asks: a principal from a bearer token, or, with none configured, the one who says so.

With no principals configured the server is open where only this machine reaches it: the header
X-Headwater-Principal declares who asks, and everybody may do everything but decide from chat.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from server.problems import ProblemError

HEADER = "X-Headwater-Principal"
LOCAL = "user:default/local"
ANONYMOUS = "user:default/anonymous"

_REFERENCE = re.compile(r"(group|user):[a-z0-9_-]{1,63}/[a-z0-9._-]{1,63}")
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

    @property
    def may_decide(self) -> bool:
        return bool(self.roles & DECIDING)

    @property
    def may_write(self) -> bool:
        return bool(self.roles & WRITING)


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


def principals_of(request: Request) -> Principals:
    settings = request.app.state.services.settings
    return Principals(settings.principals, open_to_all=settings.open)


def principal_of(request: Request) -> Principal:
    """Who asks; without a token, where one could be had, somebody who may read."""
    principal = _principal_of(request)
    # For the log.
    request.state.principal = principal.ref
    return principal


def _principal_of(request: Request) -> Principal:
    principals = principals_of(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if principals.open:
        return _declared(principals, request.headers.get(HEADER, LOCAL))
    if not scheme:
        return Principal(ANONYMOUS, authenticated=False, roles=frozenset({Role.VIEWER}))
    known = principals.of_token(token.strip()) if scheme.lower() == "bearer" else None
    if known is None:
        raise _unknown("The bearer token is not one of a configured principal.")
    return known


def writer_of(request: Request) -> Principal:
    """Who asks for a write: known, and allowed to ask for changes."""
    principal = principal_of(request)
    if principal.may_write:
        return principal
    if not principal.authenticated:
        raise _unknown("This needs a bearer token of a configured principal.")
    raise ProblemError(
        HTTPStatus.FORBIDDEN,
        "forbidden",
        f"{principal.ref} may only read. It takes the role owner, steward or admin.",
    )


def decider_of(request: Request) -> Principal:
    """Who decides; whether they may is the gate's to say, but they must be known."""
    principal = principal_of(request)
    if principal.ref == ANONYMOUS and not principal.authenticated and not principal.may_write:
        raise _unknown("A decision needs the bearer token of a steward or admin.")
    return principal


Asker = Annotated[Principal, Depends(principal_of)]
Writer = Annotated[Principal, Depends(writer_of)]
Decider = Annotated[Principal, Depends(decider_of)]


def _declared(principals: Principals, ref: str) -> Principal:
    try:
        return principals.declared(ref)
    except InvalidReferenceError as error:
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-principal", f"{HEADER}: {error}"
        ) from error


def _unknown(detail: str) -> ProblemError:
    return ProblemError(
        HTTPStatus.UNAUTHORIZED,
        "unauthorized",
        f"{detail} Send Authorization: Bearer <token>; HEADWATER_PRINCIPALS says who has one.",
        headers={"WWW-Authenticate": "Bearer"},
    )
