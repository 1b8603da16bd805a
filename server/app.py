"""The catalog on port 8004: the app, and the process that serves it."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache

import uvicorn
from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from fastapi_offline import FastAPIOffline

from server.auth import OPEN_WARNING, SameHost, is_loopback
from server.body import JsonBody
from server.catalog import conversations, health, scans, search, sources
from server.metrics import Metrics
from server.openapi import describe
from server.problems import speak_problems
from server.request_id import RequestId
from server.services import Services, open_services
from server.settings import Settings
from server.translations import TRANSLATIONS

log = logging.getLogger(__name__)

ROUTERS = tuple(part.router for part in (search, sources, scans, conversations, health))

_GRACE_SECONDS = 3


class CannotListenError(Exception):
    """The catalog's port could not be opened."""

    def __init__(self, host: str, port: int, cause: OSError) -> None:
        super().__init__(
            f"Cannot listen on {host}:{port} ({cause.strerror}). Choose another port with "
            "HEADWATER_CATALOG_PORT, or stop what listens there."
        )


DESCRIPTION = """Finds every topic on a Kafka cluster, says what is in it and answers for it.

Errors are RFC 9457 problem documents whose `detail` says what to do. Lists are paged: hand
`next_cursor` back as `cursor`. Times are UTC, RFC 3339. Every answer carries an X-Request-Id.
"""


def catalog_app(settings: Settings) -> FastAPI:
    """The app; it opens its connections when it is started, and none before."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_services(settings) as services:
            app.state.services = services
            yield

    # Its documentation page brings its assets along: no browser needs to reach a CDN.
    app = FastAPIOffline(
        title="Headwater catalog",
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=lifespan,
        redoc_url=None,
    )
    speak_problems(app, TRANSLATIONS)
    for router in ROUTERS:
        app.include_router(router)
    app.openapi = cache(lambda: describe(app, ROUTERS))  # type: ignore[method-assign]
    app.add_api_route("/", _home, include_in_schema=False)
    metrics = Metrics()
    app.state.metrics = metrics
    app.add_middleware(JsonBody)
    app.add_middleware(SameHost, loopback_only=is_loopback(settings.host))
    app.add_middleware(metrics.middleware)
    app.add_middleware(RequestId)
    return app


async def serve(settings: Settings) -> None:
    """Serve the catalog and run the workers until cancelled, then stop both in order.

    Raises what kept it from starting, such as an unreachable database or a port that is taken.
    """
    if not is_loopback(settings.host):
        log.warning(OPEN_WARNING.format(host=settings.host))
    app = catalog_app(settings)
    async with app.router.lifespan_context(app):
        services: Services = app.state.services
        async with asyncio.TaskGroup() as group:
            beside = [
                group.create_task(services.discovery.run()),
                group.create_task(services.warm_up()),
            ]
            try:
                await _listen(app, settings)
            finally:
                for task in beside:
                    task.cancel()


class _Server(uvicorn.Server):
    """Leaves Ctrl-C to whoever runs us."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _listen(app: FastAPI, settings: Settings) -> None:
    """Serve until cancelled; requests that run get a few seconds to end."""
    listening = _socket(settings.host, settings.catalog_port)
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving


def _socket(host: str, port: int) -> socket.socket:
    """Opened here, since uvicorn ends the process when it cannot. Raises CannotListenError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise CannotListenError(host, port, error) from error


async def _home() -> RedirectResponse:
    return RedirectResponse("/docs")
