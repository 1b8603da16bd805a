"""Signed links to a notice: with them its team answers without an account here."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.notices.forms import Links
from core.notices.notice import Answer, Notice
from server.signing import LinkSecret, NumberTokens
from tools.db.pool import Pool

LIFETIME = timedelta(days=30)

_PURPOSE = b"headwater notice link 1\n"


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
        self._tokens = NumberTokens(_PURPOSE, LinkSecret(pool, secret))

    async def links_of(self, notice: Notice) -> Links:
        """Of each answer; they all lead to one page, which decides nothing by being opened."""
        token = await self._tokens.write(notice.id, notice.created_at + LIFETIME)
        return {
            answer: f"{self._base_url}/notices/link/{token}?answer={answer.value}"
            for answer in Answer
        }

    async def read(self, token: str) -> int:
        """The notice's number. Raises NoticeLinkInvalidError and NoticeLinkExpiredError."""
        return await self._tokens.read(token, NoticeLinkInvalidError, NoticeLinkExpiredError)
