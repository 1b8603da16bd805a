"""API keys: what a key is, and what the secret looks like that it is known by."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

PREFIX = "hw_"
"""What every secret begins with, so that scanners of code find one that got lost."""

_SECRET = re.compile(r"hw_[0-9a-f]{10}_[A-Za-z0-9_-]{43}")
_RANDOM_BYTES = 32


class KeyStatus(StrEnum):
    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


class ApiKey(BaseModel):
    """A key without its secret. It acts as `principal`, with no more than `roles` and `teams`.

    `overlap_until` is until when the secret before the last rotation is good, None where it no
    longer is. `last_used_at` is exact to a minute.
    """

    model_config = ConfigDict(frozen=True)
    id: str = Field(examples=["0123456789"])
    name: str
    principal: str
    roles: tuple[str, ...]
    teams: tuple[str, ...]
    status: KeyStatus
    made_by: str
    made_at: datetime
    expires_at: datetime
    rotated_at: datetime | None = None
    overlap_until: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    last_used_at: datetime | None = None


def new_id() -> str:
    return secrets.token_hex(5)


def new_secret(key_id: str) -> str:
    """256 random bits behind the prefix and the key's id, by which a lost one is recognised."""
    return f"{PREFIX}{key_id}_{secrets.token_urlsafe(_RANDOM_BYTES)}"


def is_secret(token: str) -> bool:
    return _SECRET.fullmatch(token) is not None


def hash_of(secret: str) -> bytes:
    """What is kept. One round is enough: 256 random bits cannot be guessed, salted or not."""
    return hashlib.sha256(secret.encode()).digest()
