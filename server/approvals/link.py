"""Signed links: HMAC-SHA256 over approval, plan, expiry and nonce."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from server.signing import is_signed, signature

_TOKEN = re.compile(
    r"(?P<approval_id>[A-Za-z0-9_-]{1,64})\.(?P<plan_hash>[0-9a-f]{64})\.(?P<expires>[0-9]{1,12})"
    r"\.(?P<nonce>[A-Za-z0-9_-]{16,64})\.(?P<mac>[A-Za-z0-9_-]{43})",
    re.ASCII,
)
_PURPOSE = b"headwater approval link 1\n"


class LinkInvalidError(Exception):
    """The link is not one that this server signed."""

    def __init__(self) -> None:
        super().__init__(
            "This is no approval link of this server: it was cut off or changed, or its secret is "
            "another one now. Ask for a new one with POST /approvals/{id}/callbacks."
        )


class LinkExpiredError(Exception):
    """The link's time is over."""

    def __init__(self, at: datetime) -> None:
        super().__init__(
            f"This link expired at {at:%Y-%m-%dT%H:%M:%SZ}. Ask for a new one with "
            "POST /approvals/{id}/callbacks, or decide with POST /approvals/{id}/decision."
        )


@dataclass(frozen=True, slots=True)
class Link:
    """What a link is good for. `expires` counts seconds since 1970."""

    approval_id: str
    plan_hash: str
    expires: int
    nonce: str

    @property
    def expires_at(self) -> datetime:
        return datetime.fromtimestamp(self.expires, UTC)

    def token(self, secret: bytes) -> str:
        return f"{self._text}.{signature(_PURPOSE, self._text, secret)}"

    @property
    def _text(self) -> str:
        return f"{self.approval_id}.{self.plan_hash}.{self.expires}.{self.nonce}"


def read_token(token: str, secret: bytes, now: datetime) -> Link:
    """Raises LinkInvalidError, and LinkExpiredError for one that was signed here."""
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        raise LinkInvalidError
    text, _, mac = token.rpartition(".")
    if not is_signed(_PURPOSE, text, secret, mac):
        raise LinkInvalidError
    link = Link(parts["approval_id"], parts["plan_hash"], int(parts["expires"]), parts["nonce"])
    if link.expires_at <= now:
        raise LinkExpiredError(link.expires_at)
    return link
