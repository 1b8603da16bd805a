"""Where the APIs are, as seen from this machine."""

from __future__ import annotations

from server.settings import Settings

_ANYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 (compared with, not bound)


def address_of(settings: Settings) -> str:
    """The URL of the catalog that these settings serve."""
    return _url(settings, settings.catalog_port)


def generator_address(settings: Settings) -> str:
    return _url(settings, settings.generator_port)


def products_address(settings: Settings) -> str:
    return _url(settings, settings.products_port)


def _url(settings: Settings, port: int) -> str:
    host = "127.0.0.1" if settings.host in _ANYWHERE else settings.host
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"
