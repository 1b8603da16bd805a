"""The public keys of an issuer (a JWKS, RFC 7517): fetched when needed, kept for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
import orjson

from tools.identity.errors import KeysUnreachableError, TokenRefusedError
from tools.identity.trust import Trust

FRESH_SECONDS = 600.0
"""How long keys are used without asking again: a key that was withdrawn is good for no longer."""
STALE_SECONDS = 3_600.0
"""How long they are used while the issuer does not answer."""
PAUSE_SECONDS = 10.0
"""Between two attempts at least: strangers' tokens with made-up keys must not make us ask."""

_LARGEST = 512 * 1024
_DISCOVERY = "/.well-known/openid-configuration"
_PUBLIC = {"RSA", "EC", "OKP"}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """`algorithm` is what the issuer says that it is for, None where it says nothing."""

    key: Any
    algorithm: str | None


Jwks = Mapping[str | None, PublicKey]


class KeySet:
    """Of one issuer. `client` is the caller's; `clock` in seconds, monotonic."""

    def __init__(
        self,
        trust: Trust,
        client: httpx.AsyncClient,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._trust = trust
        self._client = client
        self._clock = clock
        self._lock = asyncio.Lock()
        self._keys: Jwks = {}
        self._fetched: float | None = None
        self._tried: float | None = None
        self._trouble: str | None = None

    async def key(self, kid: str | None) -> PublicKey:
        """The key of this id; without one, the only key there is.

        Raises TokenRefusedError and KeysUnreachableError.
        """
        found = self._find(kid)
        if found is None or not self._younger(FRESH_SECONDS):
            await self._refresh(kid)
            found = self._find(kid)
        if self._trouble is not None and (found is None or not self._younger(STALE_SECONDS)):
            raise KeysUnreachableError(self._trust.issuer, self._trouble)
        if found is None:
            raise TokenRefusedError("it is signed with a key that its issuer does not publish")
        return found

    def _find(self, kid: str | None) -> PublicKey | None:
        if kid is None:
            return next(iter(self._keys.values())) if len(self._keys) == 1 else None
        return self._keys.get(kid)

    def _younger(self, seconds: float) -> bool:
        return self._fetched is not None and self._clock() - self._fetched < seconds

    async def _refresh(self, kid: str | None) -> None:
        """Once for all who wait, and not again within the pause."""
        async with self._lock:
            if self._find(kid) is not None and self._younger(FRESH_SECONDS):
                return
            if self._tried is not None and self._clock() - self._tried < PAUSE_SECONDS:
                return
            self._tried = self._clock()
            try:
                self._keys = _keys_of(await self._document(await self._address()))
            except (httpx.HTTPError, httpx.InvalidURL, TypeError, ValueError) as error:
                self._trouble = str(error) or type(error).__name__
            else:
                self._fetched, self._trouble = self._clock(), None

    async def _address(self) -> str:
        if self._trust.jwks_url is not None:
            return self._trust.jwks_url
        told = await self._document(self._trust.issuer.rstrip("/") + _DISCOVERY)
        if told.get("issuer") != self._trust.issuer or not isinstance(told.get("jwks_uri"), str):
            raise ValueError("its discovery document is of another issuer, or names no jwks_uri")
        return str(told["jwks_uri"])

    async def _document(self, url: str) -> dict[str, Any]:
        """A JSON object of bounded size; redirects are not followed."""
        read = b""
        async with self._client.stream("GET", url) as response:
            if response.status_code != httpx.codes.OK:
                raise ValueError(f"{url} answered {response.status_code}")
            async for chunk in response.aiter_bytes():
                read += chunk
                if len(read) > _LARGEST:
                    raise ValueError(f"{url} answered more than {_LARGEST} bytes")
        return dict(orjson.loads(read))


def _keys_of(document: Mapping[str, Any]) -> Jwks:
    """Those that verify signatures. Raises ValueError where there are none."""
    told = document.get("keys")
    found: dict[str | None, PublicKey] = {}
    for each in told if isinstance(told, list) else ():
        if not isinstance(each, dict) or not _verifies(each):
            continue
        try:
            key = jwt.PyJWK.from_dict(each).key
        except (jwt.PyJWTError, TypeError, ValueError):
            continue  # of a kind that this program does not know
        found[each.get("kid")] = PublicKey(key, each.get("alg"))
    if not found:
        raise ValueError("it publishes no key that verifies signatures")
    return found


def _verifies(told: Mapping[str, Any]) -> bool:
    return (
        told.get("kty") in _PUBLIC
        and told.get("use", "sig") == "sig"
        and isinstance(told.get("kid"), str | None)
    )
