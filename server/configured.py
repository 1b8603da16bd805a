"""Addresses of servers that run elsewhere, which somebody must have set."""

from __future__ import annotations

from server.settings import Settings


class NotConfiguredError(Exception):
    """A server's address is missing; `headwater up` starts what is not given."""

    def __init__(self, setting: str) -> None:
        super().__init__(
            f"HEADWATER_{setting.upper()} is not set. Set it, or use `headwater up`, which starts "
            "what is missing."
        )


def configured(settings: Settings, name: str) -> str:
    """The address under this setting. Raises NotConfiguredError."""
    value = getattr(settings, name)
    if value is None:
        raise NotConfiguredError(name)
    return str(value)
