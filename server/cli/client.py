"""The command line's way to the running server, and what it says when there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import httpx
import orjson
from httpx_sse import connect_sse

from server.cli.address import address_of
from server.principal import HEADER, reference
from server.problems import MEDIA_TYPE
from server.settings import Settings, load_settings

NOTHING_FOUND = 3
"""Exit code of a command that worked and found nothing."""

_SECONDS = 180.0

Given = Mapping[str, Any]


class ServerNotRunningError(Exception):
    """Nothing listens where the catalog should."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"No Headwater server answers at {url}. Start it with `headwater up`, or name its port "
            "with --port or HEADWATER_CATALOG_PORT."
        )


class RefusedError(Exception):
    """The server answered with a problem; the text is its own advice."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class Catalog:
    """Requests to one catalog. Raises ServerNotRunningError and RefusedError."""

    def __init__(self, url: str, seconds: float, headers: Mapping[str, str] | None = None) -> None:
        self.url = url
        self._client = httpx.Client(base_url=url, timeout=seconds, trust_env=False, headers=headers)

    def get(self, path: str, given: Given | None = None) -> dict[str, Any]:
        with self._answering():
            return _read(self._client.get(path, params=_said(given or {})))

    def post(self, path: str, body: Given, *, key: str | None = None) -> dict[str, Any]:
        """With a `key` the request may be sent again: it is done once."""
        headers = {} if key is None else {"Idempotency-Key": key}
        with self._answering():
            return _read(self._client.post(path, json=body, headers=headers))

    def look(self, path: str) -> httpx.Response:
        """The answer as it is, whatever its status."""
        with self._answering():
            return self._client.get(path)

    def send(self, method: str, path: str, **asked: Any) -> httpx.Response:
        """Any other request, with httpx' own arguments, and its answer with headers."""
        with self._answering():
            response = self._client.request(method, path, **asked)
        if response.is_error:
            _read(response)
        return response

    def stream(self, path: str, given: Given) -> Iterator[bytes]:
        """An answer in pieces, as they come."""
        asked = _said(given)
        with self._answering(), self._client.stream("GET", path, params=asked) as response:
            if response.is_error:
                response.read()
                _read(response)
            yield from response.iter_bytes()

    def events(self, path: str, body: Given) -> Iterator[tuple[str, dict[str, Any]]]:
        """Server-sent events by name; an `error` event is raised."""
        with self._answering(), connect_sse(self._client, "POST", path, json=body) as source:
            if source.response.is_error:
                source.response.read()
                _read(source.response)
            for event in source.iter_sse():
                data = orjson.loads(event.data)
                if event.event == "error":
                    raise RefusedError(data["status"], data["detail"])
                yield event.event, data

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except httpx.TransportError as error:
            raise ServerNotRunningError(self.url) from error


def catalog_of(settings: Settings, seconds: float = _SECONDS) -> Catalog:
    """The catalog that these settings would serve; `seconds` are for one answer."""
    return Catalog(address_of(settings), seconds, identity_of(settings))


def catalog_at(port: int | None, who: str | None = None) -> Catalog:
    """The catalog of the settings in force but for a command's own port, and who asks."""
    return catalog_of(load_settings(catalog_port=port, principal=who))


def identity_of(settings: Settings) -> dict[str, str]:
    """The headers that say who asks: a token, or a name for an open server.

    Raises InvalidReferenceError.
    """
    if settings.token is not None:
        return {"Authorization": f"Bearer {settings.token.get_secret_value()}"}
    return {} if settings.principal is None else {HEADER: reference(settings.principal)}


def _said(given: Given) -> Given:
    """An option that nobody gave is no filter."""
    return {name: value for name, value in given.items() if value is not None}


def _read(response: httpx.Response) -> dict[str, Any]:
    if not response.is_error:
        return cast(dict[str, Any], response.json())
    if response.headers.get("content-type", "").startswith(MEDIA_TYPE):
        problem = response.json()
        raise RefusedError(response.status_code, problem["detail"])
    raise RefusedError(
        response.status_code,
        f"{response.url} answered {response.status_code}, which no Headwater server does. "
        "Check the port.",
    )
