"""The catalog's URL for whoever sits at this machine."""

import pytest

from server.cli.address import address_of
from server.settings import Settings


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1"), ("::1", "[::1]")],  # noqa: S104
)
def test_an_address_to_listen_on_becomes_one_to_ask(host: str, shown: str) -> None:
    assert address_of(Settings(host=host, catalog_port=8004)) == f"http://{shown}:8004"
