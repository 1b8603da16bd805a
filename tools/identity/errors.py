"""Why a token is refused, or cannot be judged."""

from __future__ import annotations


class TokenRefusedError(Exception):
    """The token is not good; the text says why, and never quotes it."""


class KeysUnreachableError(Exception):
    """The issuer's keys could not be fetched, so that nothing can be said of its tokens."""

    def __init__(self, issuer: str, why: str) -> None:
        super().__init__(
            f"The keys of the issuer {issuer} cannot be fetched now ({why}), so its tokens cannot "
            "be checked. Try again; an API key works meanwhile."
        )
