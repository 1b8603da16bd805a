"""Where whoever asks reaches this server."""

from __future__ import annotations

from fastapi import Request

from server.settings import Settings


def home_of(request: Request) -> str:
    """The URL under which it is reached, without a slash at its end."""
    settings: Settings = request.app.state.services.settings
    return (settings.public_url or str(request.base_url)).rstrip("/")
