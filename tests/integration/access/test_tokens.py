"""JWTs against an issuer's keys over real HTTP: what is taken, what is refused, and how often the
issuer is asked."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import httpx
import jwt
import orjson
import pytest

from tests.integration.access.issuer import AUDIENCE, LocalIssuer, serving
from tools.identity.errors import KeysUnreachableError, TokenRefusedError
from tools.identity.key_set import FRESH_SECONDS, PAUSE_SECONDS, STALE_SECONDS
from tools.identity.trust import Trust
from tools.identity.verifier import Verifier


@dataclass
class Clock:
    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def issuer() -> Iterator[LocalIssuer]:
    with serving() as issuer:
        issuer.add("one")
        yield issuer


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        yield client


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def verifier(issuer: LocalIssuer, client: httpx.AsyncClient, clock: Clock) -> Verifier:
    return Verifier([Trust(issuer.url, (AUDIENCE,))], client, clock)


async def test_a_good_token_gives_its_claims_and_the_keys_are_asked_for_once(
    issuer: LocalIssuer, verifier: Verifier
) -> None:
    issuer.add("curve", "ES256")
    tokens = [issuer.token("one", groups=["a"]), issuer.token("curve")] * 3

    found = await asyncio.gather(*map(verifier.claims, tokens))

    assert {claims["sub"] for claims in found} == {"jane"}
    assert found[0]["groups"] == ["a"]
    assert issuer.asked == 1


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"exp": int(time.time()) - 3_600}, "expired"),
        ({"nbf": int(time.time()) + 3_600}, "time has not come"),
        ({"aud": "another"}, "another audience"),
        ({"iss": "http://elsewhere"}, "issuer is none"),
        ({"exp": None}, "no claim 'exp'"),
        ({"aud": None}, "no claim 'aud'"),
    ],
)
async def test_a_token_that_is_not_for_us_now_is_refused(
    issuer: LocalIssuer, verifier: Verifier, claims: dict[str, object], why: str
) -> None:
    with pytest.raises(TokenRefusedError, match=why):
        await verifier.claims(issuer.token("one", **claims))


async def test_clocks_may_differ_by_the_leeway(issuer: LocalIssuer, verifier: Verifier) -> None:
    now = int(time.time())

    assert await verifier.claims(issuer.token("one", exp=now - 30, nbf=now - 60))
    assert await verifier.claims(issuer.token("one", iat=now + 30))


async def test_only_the_issuers_own_signature_by_its_own_algorithm_counts(
    issuer: LocalIssuer, verifier: Verifier
) -> None:
    """None, HMAC with the public key as its secret, a stranger's key, another algorithm."""
    with serving() as stranger:
        stranger.add("one")
        forged = jwt.encode(
            issuer.claims(), stranger.keys["one"][0], "RS256", headers={"kid": "one"}
        )
    unsigned = jwt.encode(issuer.claims(), "", "none", headers={"kid": "one"})
    other = jwt.encode(issuer.claims(), issuer.keys["one"][0], "PS256", headers={"kid": "one"})

    for token, why in (
        (unsigned, "must be signed by RS256 or ES256"),
        (_hmac_token(issuer), "must be signed by RS256 or ES256"),
        (other, "must be signed by RS256 or ES256"),
        (forged, "signature is not its issuer's"),
    ):
        with pytest.raises(TokenRefusedError, match=why):
            await verifier.claims(token)


def _hmac_token(issuer: LocalIssuer) -> str:
    """By hand: PyJWT itself refuses to take a public key for a secret."""
    parts = ({"alg": "HS256", "typ": "JWT", "kid": "one"}, issuer.claims())
    signed = b".".join(base64.urlsafe_b64encode(orjson.dumps(part)).rstrip(b"=") for part in parts)
    mac = hmac.digest(issuer.public_pem("one"), signed, hashlib.sha256)
    return (signed + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")).decode()


async def test_rotated_keys_are_fetched_when_a_token_names_one_and_not_for_every_stranger(
    issuer: LocalIssuer, verifier: Verifier, clock: Clock
) -> None:
    old = issuer.token("one")
    await verifier.claims(old)
    issuer.published.clear()
    issuer.add("two")
    clock.now += PAUSE_SECONDS

    assert await verifier.claims(issuer.token("two"))
    with pytest.raises(TokenRefusedError, match="does not publish"):
        await verifier.claims(old)
    issuer.add("three")
    for _ in range(5):
        with pytest.raises(TokenRefusedError, match="does not publish"):
            await verifier.claims(issuer.token("three"))
    assert issuer.asked == 2

    clock.now += PAUSE_SECONDS
    assert await verifier.claims(issuer.token("three"))
    assert issuer.asked == 3


async def test_a_withdrawn_key_is_good_for_as_long_as_keys_are_fresh(
    issuer: LocalIssuer, verifier: Verifier, clock: Clock
) -> None:
    token = issuer.token("one")
    await verifier.claims(token)
    issuer.add("two")
    issuer.published.remove("one")
    clock.now += FRESH_SECONDS

    with pytest.raises(TokenRefusedError, match="does not publish"):
        await verifier.claims(token)


async def test_an_issuer_that_does_not_answer_is_told_apart_from_a_bad_token(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    """Known keys go on for a while; then, and for unknown ones, nothing can be said."""
    with serving() as issuer:
        issuer.add("one")
        verifier = Verifier([Trust(issuer.url, (AUDIENCE,), f"{issuer.url}/jwks")], client, clock)
        token = issuer.token("one")
        await verifier.claims(token)
        issuer.add("two")
        unknown = issuer.token("two")

    clock.now += FRESH_SECONDS
    assert await verifier.claims(token)
    with pytest.raises(KeysUnreachableError, match="Try again"):
        await verifier.claims(unknown)
    clock.now += STALE_SECONDS
    with pytest.raises(KeysUnreachableError):
        await verifier.claims(token)


@pytest.mark.parametrize(
    "answer", [b"no JSON", b"[]", b'{"keys": []}', b'{"keys": [{"kty": "oct", "k": "AA"}]}']
)
async def test_an_answer_without_keys_is_no_key_set(
    issuer: LocalIssuer, client: httpx.AsyncClient, answer: bytes
) -> None:
    verifier = Verifier([Trust(issuer.url, (AUDIENCE,), f"{issuer.url}/jwks")], client)
    issuer.answer = answer

    with pytest.raises(KeysUnreachableError):
        await verifier.claims(issuer.token("one"))
