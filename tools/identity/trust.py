"""What is asked of the tokens of one issuer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Algorithm = Literal[
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"
]

ASYMMETRIC: tuple[str, ...] = get_args(Algorithm)
"""Algorithms whose verifying key cannot sign. With `HS256` the public key would be the secret, and
with `none` there is no signature."""


@dataclass(frozen=True, slots=True)
class Trust:
    """`issuer` is compared as it is; one of `audiences` must be the token's. `jwks_url` None asks
    the issuer's discovery document. `leeway` in seconds is how far clocks may differ."""

    issuer: str
    audiences: tuple[str, ...]
    jwks_url: str | None = None
    algorithms: tuple[str, ...] = ("RS256", "ES256")
    leeway: float = 60
