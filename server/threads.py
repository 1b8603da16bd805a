"""The graph threads in which plans wait: the same request, by its key, gets the same thread."""

from __future__ import annotations

import hashlib
import secrets


def thread_of(kind: str, *request: str, key: str | None) -> str:
    """`request` is who asks for what. Without a key each request is one of its own."""
    given = key if key is not None else secrets.token_hex(8)
    told = "\n".join((*request, given))
    return f"{kind}-{hashlib.sha256(told.encode()).hexdigest()[:24]}"
