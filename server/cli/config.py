"""`headwater config`: the settings in force."""

from __future__ import annotations

import json
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
import yaml
from pydantic import SecretStr

from server.settings import Settings, load_settings
from tools.cost.price_book import price_book_text

_MASK = "********"
_SECRET_WORDS = ("password", "secret", "token", "basic.auth", "ssl.key.pem", "sasl.jaas")


def register(app: typer.Typer) -> None:
    app.command("config")(show)


def show(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of YAML.")] = False,
    price_book: Annotated[
        bool, typer.Option("--price-book", help="Print the price book in force, to copy and edit.")
    ] = False,
) -> None:
    """Print the settings in force, secrets masked."""
    if price_book:
        typer.echo(price_book_text(load_settings().price_book).rstrip())
        return
    shown = masked(load_settings())
    text = json.dumps(shown, indent=2) if as_json else yaml.safe_dump(shown, sort_keys=False)
    typer.echo(text.rstrip())


def masked(settings: Settings) -> dict[str, Any]:
    """All settings as plain values, without passwords, keys and tokens."""
    shown: dict[str, Any] = json.loads(settings.model_dump_json())
    for name, value in settings:
        if isinstance(value, SecretStr):
            shown[name] = _MASK
        elif isinstance(value, str):
            shown[name] = without_password(value)
    shown["kafka_config"] = {
        key: _MASK if any(word in key for word in _SECRET_WORDS) else value
        for key, value in settings.kafka_config.items()
    }
    return shown


def without_password(address: str) -> str:
    """A URL with the password between its user and host masked; other text as it is."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if parts.password is None:
        return address
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{parts.username}:{_MASK}@{host}").geturl()
