"""One `headwater up --demo` for all journeys; a file's tests leave the fleet as they found it or
come after those that count it."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.headwater_process import HeadwaterProcess

Channel = list[dict[str, Any]]
"""What teams were told: the bodies that came to their channel, as it comes in."""


@pytest.fixture(scope="package")
def channel() -> Iterator[tuple[str, Channel]]:
    """The address of a Slack-like channel, and what comes to it."""
    told: Channel = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Quietly."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", told
    server.shutdown()


@pytest.fixture(scope="package")
def demo(
    new_data_dir: Callable[[], Path], channel: tuple[str, Channel]
) -> Iterator[HeadwaterProcess]:
    headwater = HeadwaterProcess(new_data_dir(), "--demo")
    settings = {"channels": {"*": [{"kind": "slack", "url": channel[0]}]}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEADWATER_NOTIFICATIONS", json.dumps(settings))
        headwater.ensure_started()
    yield headwater
    headwater.end(signal.SIGTERM)
