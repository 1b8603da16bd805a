"""Where a team hears of things: e-mail, Slack, any webhook."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, model_validator

EVERYBODY = "*"
"""Who hears of what concerns a team without a channel of its own."""


class _Channel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EmailChannel(_Channel):
    kind: Literal["email"]
    to: str = Field(pattern=r"^[^@\s,<>]{1,64}@[^@\s,<>]{1,255}$")

    @property
    def key(self) -> str:
        return f"email:{self.to}"


class SlackChannel(_Channel):
    """An incoming webhook of Slack, or of what takes the same messages."""

    kind: Literal["slack"]
    url: SecretStr

    @property
    def key(self) -> str:
        return f"slack:{_short(self.url.get_secret_value())}"


class WebhookChannel(_Channel):
    """Gets CloudEvents; `secret` signs them."""

    kind: Literal["webhook"]
    url: HttpUrl
    secret: SecretStr | None = Field(default=None, min_length=16)

    @property
    def key(self) -> str:
        return f"webhook:{self.url.host}:{_short(str(self.url))}"


Channel = Annotated[EmailChannel | SlackChannel | WebhookChannel, Field(discriminator="kind")]


class Smtp(_Channel):
    """The server that takes mails; `sender` is their From."""

    host: str
    port: int = Field(default=587, ge=1, le=65_535)
    sender: str = Field(pattern=r"^[^@\s<>]{1,64}@[^@\s<>]{1,255}$")
    username: str | None = None
    password: SecretStr | None = None
    security: Literal["starttls", "tls", "none"] = "starttls"


class Notifications(_Channel):
    """Which channels a team has, by its entity reference; `*` is for all that have none.

    `per_hour` is what one channel gets in an hour at most; the rest waits.
    """

    smtp: Smtp | None = None
    per_hour: int = Field(default=20, ge=1, le=10_000)
    channels: dict[str, tuple[Channel, ...]] = {}

    @model_validator(mode="after")
    def _mails_can_be_sent(self) -> Self:
        mails = any(one.kind == "email" for found in self.channels.values() for one in found)
        if mails and self.smtp is None:
            raise ValueError("a channel is of kind email, and notifications.smtp names no server")
        return self

    def of(self, team: str) -> tuple[Channel, ...]:
        return self.channels.get(team) or self.channels.get(EVERYBODY, ())

    def by_key(self, key: str) -> Channel | None:
        """None for one that is configured no longer."""
        every = (one for found in self.channels.values() for one in found)
        return next((one for one in every if one.key == key), None)


def _short(url: str) -> str:
    """Tells addresses apart without giving them away: some are secrets."""
    return hashlib.sha256(url.encode()).hexdigest()[:12]
