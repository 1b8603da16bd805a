"""Signed links to a notice: with them its team answers without an account here."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from core.notices.forms import Links
from core.notices.notice import Answer, Notice
from server.signing import LinkSecret, is_signed, signature
from tools.db.pool import Pool

LIFETIME = timedelta(days=30)

_PURPOSE = b"headwater notice link 1\n"
_TOKEN = re.compile(r"(?P<id>[0-9]{1,18})\.(?P<expires>[0-9]{1,12})\.(?P<mac>[A-Za-z0-9_-]{43})")


class NoticeLinkInvalidError(Exception):
    """The link is not one that this server signed."""

    def __init__(self) -> None:
        super().__init__(
            "This is no link to a notice of this server: it was cut off or changed, or its secret "
            "is another one now. Answer with POST /notices/{id}/answer."
        )


class NoticeLinkExpiredError(Exception):
    def __init__(self, at: datetime) -> None:
        super().__init__(
            f"This link expired at {at:%Y-%m-%dT%H:%M:%SZ}. Answer with "
            "POST /notices/{id}/answer."
        )


class NoticeLinks:
    """`base_url` is where the catalog is reached; `secret` None is one kept in the database."""

    def __init__(self, pool: Pool, base_url: str, secret: str | None = None) -> None:
        self._base_url = base_url.rstrip("/")
        self._secret = LinkSecret(pool, secret)

    async def links_of(self, notice: Notice) -> Links:
        """Of each answer; they all lead to one page, which decides nothing by being opened."""
        expires = int((notice.created_at + LIFETIME).timestamp())
        text = f"{notice.id}.{expires}"
        token = f"{text}.{signature(_PURPOSE, text, await self._secret.key())}"
        return {
            answer: f"{self._base_url}/notices/link/{token}?answer={answer.value}"
            for answer in Answer
        }

    async def read(self, token: str) -> int:
        """The notice's number. Raises NoticeLinkInvalidError and NoticeLinkExpiredError."""
        parts = _TOKEN.fullmatch(token)
        if parts is None:
            raise NoticeLinkInvalidError
        text, _, mac = token.rpartition(".")
        if not is_signed(_PURPOSE, text, await self._secret.key(), mac):
            raise NoticeLinkInvalidError
        expires = datetime.fromtimestamp(int(parts["expires"]), UTC)
        if expires <= datetime.now(UTC):
            raise NoticeLinkExpiredError(expires)
        return int(parts["id"])
