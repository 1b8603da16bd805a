"""Signatures of what this server sends out and takes back: each purpose has its own."""

from __future__ import annotations

import base64
import hashlib
import hmac

from tools.db.callbacks import CallbackRepository
from tools.db.pool import Pool


class LinkSecret:
    """What signs the links that are sent: the one that is given, else one kept in the database."""

    def __init__(self, pool: Pool, given: str | None = None) -> None:
        self._kept = CallbackRepository(pool)
        self._secret = None if given is None else given.encode()

    async def key(self) -> bytes:
        if self._secret is None:
            self._secret = await self._kept.secret()
        return self._secret


def signature(purpose: bytes, text: str, secret: bytes) -> str:
    """HMAC-SHA256 in URL-safe base64 of 43 characters; `purpose` keeps one kind from another."""
    digest = hmac.new(secret, purpose + text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def is_signed(purpose: bytes, text: str, secret: bytes, mac: str) -> bool:
    return hmac.compare_digest(mac.encode(), signature(purpose, text, secret).encode())
