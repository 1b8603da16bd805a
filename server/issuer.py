"""An OIDC issuer as it is configured: whose tokens are taken, and who their claims make one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from server.principal import InvalidReferenceError, Principal, Role, reference
from tools.identity.errors import TokenRefusedError
from tools.identity.trust import Algorithm, Trust

AS_IT_IS = "{}"
"""The template of claims that are entity references already, as Backstage's are."""

_MOST_TEAMS = 200


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _template(value: str) -> str:
    fields = [name for _, name, _, _ in Formatter().parse(value) if name is not None]
    if fields != [""]:
        raise ValueError("needs exactly one {}, such as user:default/{}")
    return value


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is no http or https URL")
    return value


Template = Annotated[str, AfterValidator(_template)]
Roles = Annotated[frozenset[Role], Field(min_length=1)]


class Issuer(BaseModel):
    """`issuer` must be the token's `iss` letter by letter, one of `audience` its `aud`.

    `jwks_url` None asks `<issuer>/.well-known/openid-configuration`. Names of claims may be paths
    (`realm_access.roles`). `subject` and `teams` make entity references of what the claims say;
    `{}` alone takes them as they are. `roles` maps what `roles_claim` says, `team_roles` gives
    roles to the members of teams; who has none gets `default_roles`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    issuer: Annotated[str, AfterValidator(_url)]
    audience: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(min_length=1)
    jwks_url: Annotated[str, AfterValidator(_url)] | None = None
    algorithms: tuple[Algorithm, ...] = Field(default=("RS256", "ES256"), min_length=1)
    leeway_seconds: float = Field(default=60, ge=0, le=300)
    subject_claim: str = "sub"
    subject: Template = "user:default/{}"
    teams_claim: str | None = "groups"
    teams: Template = "group:default/{}"
    roles_claim: str | None = None
    roles: Mapping[str, Roles | Role] = Field(default_factory=dict)
    team_roles: Mapping[str, Roles | Role] = Field(default_factory=dict)
    default_roles: Roles = frozenset({Role.VIEWER})

    @property
    def trust(self) -> Trust:
        return Trust(
            self.issuer, self.audience, self.jwks_url, self.algorithms, self.leeway_seconds
        )

    def principal(self, claims: Mapping[str, Any]) -> Principal:
        """Who a good token makes one. Raises TokenRefusedError where it names nobody."""
        said = _at(claims, self.subject_claim)
        ref = _reference(self.subject, said, "user")
        if ref is None:
            raise TokenRefusedError(
                f"its claim {self.subject_claim!r} names no user: letters, digits, '.', '_' and "
                "'-' do; HEADWATER_OIDC can name another claim"
            )
        given = _several(claims, self.teams_claim)[:_MOST_TEAMS]
        teams = [_reference(self.teams, each, "group") for each in given]
        known = tuple(dict.fromkeys(team for team in teams if team is not None))
        return Principal(ref, True, self._roles(claims, known), known)

    def _roles(self, claims: Mapping[str, Any], teams: Sequence[str]) -> frozenset[Role]:
        found = [self.roles.get(each) for each in _several(claims, self.roles_claim)]
        found += [self.team_roles.get(team) for team in teams]
        given = frozenset().union(*(_set(roles) for roles in found if roles is not None))
        return given or self.default_roles


def _set(roles: frozenset[Role] | Role) -> frozenset[Role]:
    return frozenset({roles}) if isinstance(roles, Role) else roles


def _at(claims: Mapping[str, Any], path: str) -> Any:
    """A claim by its name, which may hold dots itself, or by its path."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _several(claims: Mapping[str, Any], path: str | None) -> list[str]:
    found = None if path is None else _at(claims, path)
    if isinstance(found, str):
        return [found]
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _reference(template: str, said: Any, kind: str) -> str | None:
    """Keycloak writes groups as paths, `/fraud-team`. A name never leaves its template: what looks
    like a reference is one under `{}` alone."""
    if not isinstance(said, str):
        return None
    name = said if template == AS_IT_IS else said.removeprefix("/")
    if template != AS_IT_IS and ("/" in name or ":" in name):
        return None
    try:
        made = reference(template.format(name))
    except InvalidReferenceError:
        return None
    return made if made.startswith(f"{kind}:") else None
