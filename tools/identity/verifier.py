"""Whether a JWT (RFC 7519) is good: signed by a trusted issuer, for us, and in its time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx
import jwt

from tools.identity.errors import TokenRefusedError
from tools.identity.key_set import KeySet, PublicKey
from tools.identity.trust import ASYMMETRIC, Trust

_LONGEST = 16_384
_LONGEST_KID = 256
_NEEDED = ["exp", "iss", "aud"]

Claims = Mapping[str, Any]


class Verifier:
    """Judges tokens of the issuers that are trusted."""

    def __init__(
        self,
        trusted: Sequence[Trust],
        client: httpx.AsyncClient,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._trusted = {trust.issuer: (trust, KeySet(trust, client, clock)) for trust in trusted}

    @staticmethod
    def is_jwt(token: str) -> bool:
        """By its form: a header that is a JSON object, claims and a signature."""
        return token.startswith("eyJ") and token.count(".") == 2

    async def claims(self, token: str) -> Claims:
        """Of a good token. Raises TokenRefusedError and KeysUnreachableError."""
        if len(token) > _LONGEST:
            raise TokenRefusedError(f"it is longer than {_LONGEST} characters")
        try:
            header = jwt.get_unverified_header(token)
            said = jwt.decode(token, options={"verify_signature": False})
        except jwt.PyJWTError as error:
            raise TokenRefusedError("it is no JWT") from error
        issuer = said.get("iss")
        if not isinstance(issuer, str) or issuer not in self._trusted:
            raise TokenRefusedError("its issuer is none that is configured")
        trust, keys = self._trusted[issuer]
        algorithm = _algorithm(header, trust)
        key = await keys.key(_kid(header))
        if key.algorithm not in (None, algorithm):
            raise TokenRefusedError("it is signed by another algorithm than its key is for")
        return _verified(token, key, algorithm, trust)


def _algorithm(header: Mapping[str, Any], trust: Trust) -> str:
    """Before any key is touched: what a token says of itself chooses among these alone."""
    algorithm = header.get("alg")
    if algorithm not in ASYMMETRIC or algorithm not in trust.algorithms:
        raise TokenRefusedError(f"it must be signed by {' or '.join(trust.algorithms)}")
    return str(algorithm)


def _kid(header: Mapping[str, Any]) -> str | None:
    kid = header.get("kid")
    if kid is not None and (not isinstance(kid, str) or len(kid) > _LONGEST_KID):
        raise TokenRefusedError("the id of its key is none")
    return kid


def _verified(token: str, key: PublicKey, algorithm: str, trust: Trust) -> Claims:
    try:
        claims: Claims = jwt.decode(
            token,
            key.key,
            algorithms=[algorithm],
            audience=list(trust.audiences),
            issuer=trust.issuer,
            leeway=trust.leeway,
            options={"require": _NEEDED},
        )
    except jwt.ExpiredSignatureError as error:
        raise TokenRefusedError("it has expired; sign in again") from error
    except (jwt.ImmatureSignatureError, jwt.InvalidIssuedAtError) as error:
        raise TokenRefusedError("its time has not come; compare the clocks") from error
    except jwt.InvalidAudienceError as error:
        raise TokenRefusedError("it is for another audience") from error
    except jwt.MissingRequiredClaimError as error:
        raise TokenRefusedError(f"it has no claim {error.claim!r}") from error
    except jwt.InvalidSignatureError as error:
        raise TokenRefusedError("its signature is not its issuer's") from error
    except (jwt.PyJWTError, TypeError, ValueError) as error:
        raise TokenRefusedError("its signature cannot be checked") from error
    return claims
