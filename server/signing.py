"""Signatures of what this server sends out and takes back: each purpose has its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import UTC, datetime

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


_NUMBER = re.compile(
    r"(?P<number>[0-9]{1,18})\.(?P<expires>[0-9]{1,12})\.(?P<mac>[A-Za-z0-9_-]{43})", re.ASCII
)


class NumberTokens:
    """Tokens of one purpose, each good for what has a number, until a time."""

    def __init__(self, purpose: bytes, secret: LinkSecret) -> None:
        self._purpose = purpose
        self._secret = secret

    async def write(self, number: int, expires: datetime) -> str:
        text = f"{number}.{int(expires.timestamp())}"
        return f"{text}.{signature(self._purpose, text, await self._secret.key())}"

    async def read(
        self,
        token: str,
        invalid: Callable[[], Exception],
        expired: Callable[[datetime], Exception],
    ) -> int:
        """The number. Raises what `invalid` makes for a token that was not signed here, and what
        `expired` makes of the time of one that is good no longer."""
        parts = _NUMBER.fullmatch(token)
        if parts is None:
            raise invalid()
        text, _, mac = token.rpartition(".")
        if not is_signed(self._purpose, text, await self._secret.key(), mac):
            raise invalid()
        expires = datetime.fromtimestamp(int(parts["expires"]), UTC)
        if expires <= datetime.now(UTC):
            raise expired(expires)
        return int(parts["number"])


def signature(purpose: bytes, text: str, secret: bytes) -> str:
    """HMAC-SHA256 in URL-safe base64 of 43 characters; `purpose` keeps one kind from another."""
    digest = hmac.new(secret, purpose + text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def is_signed(purpose: bytes, text: str, secret: bytes, mac: str) -> bool:
    return hmac.compare_digest(mac.encode(), signature(purpose, text, secret).encode())
