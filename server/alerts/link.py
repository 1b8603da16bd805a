"""Signed links to an alert: with them its team acknowledges it without an account here."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.alerts.alert import Alert
from server.signing import LinkSecret, NumberTokens
from tools.db.pool import Pool

LIFETIME = timedelta(days=30)

_PURPOSE = b"headwater alert link 1\n"


class AlertLinkInvalidError(Exception):
    """The link is not one that this server signed."""

    def __init__(self) -> None:
        super().__init__(
            "This is no link to an alert of this server: it was cut off or changed, or its secret "
            "is another one now. Use POST /alerts/{id}/acknowledge."
        )


class AlertLinkExpiredError(Exception):
    def __init__(self, at: datetime) -> None:
        super().__init__(
            f"This link expired at {at:%Y-%m-%dT%H:%M:%SZ}. Use POST /alerts/{{id}}/acknowledge."
        )


class AlertLinks:
    """`base_url` is where the catalog is reached; `secret` None is one kept in the database."""

    def __init__(self, pool: Pool, base_url: str, secret: str | None = None) -> None:
        self._base_url = base_url.rstrip("/")
        self._tokens = NumberTokens(_PURPOSE, LinkSecret(pool, secret))

    async def link_of(self, alert: Alert) -> str:
        """Of a page that does nothing by being opened."""
        opened = alert.reopened_at or alert.opened_at
        token = await self._tokens.write(alert.id, opened + LIFETIME)
        return f"{self._base_url}/alerts/link/{token}"

    async def read(self, token: str) -> int:
        """The alert's number. Raises AlertLinkInvalidError and AlertLinkExpiredError."""
        return await self._tokens.read(token, AlertLinkInvalidError, AlertLinkExpiredError)
