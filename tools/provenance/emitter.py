"""Sends events of OpenLineage to an endpoint, beside the work that they tell of."""

from __future__ import annotations

import logging
import queue
import threading
from dataclasses import dataclass
from typing import Any

from openlineage.client.event_v2 import RunEvent
from openlineage.client.transport.http import (
    ApiKeyTokenProvider,
    HttpConfig,
    HttpTransport,
    TokenProvider,
)

log = logging.getLogger(__name__)

_WAITING = 1_000
"""Events that wait at most; an endpoint that is away for longer misses the rest."""

_SECONDS = 5.0
_RETRY: dict[str, Any] = {"total": 2, "connect": 2, "read": 2, "backoff_factor": 0.3}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`path` is below `url`; `api_key` is sent as a bearer token."""

    url: str
    path: str
    api_key: str | None = None

    @property
    def transport(self) -> HttpTransport:
        auth = ApiKeyTokenProvider({"api_key": self.api_key}) if self.api_key else TokenProvider({})
        config = HttpConfig(self.url, self.path, _SECONDS, auth=auth, retry=_RETRY)
        return HttpTransport(config)


class Emitter:
    """One thread sends, in order. `emit` neither waits nor raises: what cannot be sent is missed,
    and the log says so once until something was sent again."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._waiting: queue.Queue[RunEvent | None] = queue.Queue(_WAITING)
        self._thread: threading.Thread | None = None
        self._failing = False

    def emit(self, event: RunEvent) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._send, name="openlineage", daemon=True)
            self._thread.start()
        try:
            self._waiting.put_nowait(event)
        except queue.Full:
            self._missed(f"{_WAITING} events wait already")

    def close(self, seconds: float = _SECONDS) -> None:
        """Send what waits, for so long."""
        if self._thread is None:
            return
        try:
            self._waiting.put(None, timeout=seconds)
        except queue.Full:
            return
        self._thread.join(seconds)

    def _send(self) -> None:
        transport = self._endpoint.transport
        while (event := self._waiting.get()) is not None:
            try:
                transport.emit(event)
            except Exception as error:
                self._missed(str(error) or type(error).__name__)
            else:
                self._failing = False

    def _missed(self, why: str) -> None:
        if not self._failing:
            log.warning("%s misses events of OpenLineage: %s", self._endpoint.url, why[:300])
        self._failing = True
