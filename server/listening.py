"""Ports and who serves them: one uvicorn server for each app, all in this process."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import uvicorn
from fastapi import FastAPI

_GRACE_SECONDS = 3


class CannotListenError(Exception):
    """A port could not be opened."""

    def __init__(self, host: str, port: int, setting: str, cause: OSError) -> None:
        super().__init__(
            f"Cannot listen on {host}:{port} ({cause.strerror}). Choose another port with "
            f"HEADWATER_{setting.upper()}, or stop what listens there."
        )


class _Server(uvicorn.Server):
    """Leaves Ctrl-C to whoever runs us."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def listen(apps: list[tuple[FastAPI, socket.socket]]) -> None:
    """Serve each app on its socket until cancelled; requests that run get a few seconds to end."""
    servers = [_server(app) for app, _ in apps]
    serving = asyncio.gather(
        *(server.serve(sockets=[at]) for server, (_, at) in zip(servers, apps, strict=True))
    )
    try:
        await asyncio.shield(serving)
    finally:
        for server in servers:
            server.should_exit = True
        await serving


@contextmanager
def opened(host: str, ports: list[tuple[str, int]]) -> Iterator[list[socket.socket]]:
    """Sockets on these ports, each under its setting's name. Raises CannotListenError.

    Opened here, since uvicorn ends the process when it cannot.
    """
    with ExitStack() as stack:
        yield [stack.enter_context(_socket(host, setting, port)) for setting, port in ports]


def _socket(host: str, setting: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise CannotListenError(host, port, setting, error) from error


def _server(app: FastAPI) -> _Server:
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    return _Server(config)
