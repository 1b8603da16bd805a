"""Bearer tokens: of a configured principal, an API key, or a JWT of a configured issuer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import httpx

from server.issuer import Issuer
from server.principal import Principal, Principals, Role, unknown
from tools.db.keys import KeyRepository
from tools.identity.errors import TokenRefusedError
from tools.identity.verifier import Verifier


class Bearers:
    """Asks those first that need no server. `client` fetches the issuers' keys."""

    def __init__(
        self,
        principals: Principals,
        keys: KeyRepository,
        issuers: Sequence[Issuer],
        client: httpx.AsyncClient,
    ) -> None:
        self._principals = principals
        self._keys = keys
        self._issuers = {each.issuer: each for each in issuers}
        self._verifier = Verifier([each.trust for each in issuers], client)

    async def of_token(self, token: str) -> Principal:
        """Raises a problem (401) for a token that makes nobody; KeysUnreachableError and
        DatabaseUnreachableError where that cannot be told."""
        known = self._principals.of_token(token)
        if known is not None:
            return known
        if self._issuers and self._verifier.is_jwt(token):
            return await self._of_jwt(token)
        bearer = await self._keys.of_secret(token)
        if bearer is None:
            raise unknown(
                "The bearer token is not known: it is no API key that is in force, and of no "
                "configured principal or issuer."
            )
        roles = frozenset(Role(role) for role in bearer.roles)
        made = Principal(bearer.principal, True, roles, bearer.teams)
        return replace(made, key_id=bearer.key_id)

    async def _of_jwt(self, token: str) -> Principal:
        try:
            claims = await self._verifier.claims(token)
            return self._issuers[claims["iss"]].principal(claims)
        except TokenRefusedError as error:
            raise unknown(f"The token is refused: {error}.", "invalid_token") from error
