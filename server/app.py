"""The apps of the three APIs, and the process that serves them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from functools import cache

from fastapi import Depends, FastAPI
from fastapi.responses import RedirectResponse
from fastapi_offline import FastAPIOffline

from server.access.reading import known
from server.api import APIS, Api, ApiName
from server.auth import OPEN_WARNING, SameHost, is_loopback
from server.body import JsonBody
from server.console.address import BASE
from server.console.app import add_console
from server.listening import listen, opened
from server.metrics.page import Metrics
from server.openapi import describe
from server.principal import Reading
from server.problems import speak_problems
from server.request_id import RequestId
from server.services import Services, open_services
from server.settings import Settings
from server.tracing import TracedRequests
from server.translations import TRANSLATIONS
from server.workers.roles import Worker

log = logging.getLogger(__name__)


def catalog_app(settings: Settings) -> FastAPI:
    """The catalog alone; as all these apps, it opens its connections when it is started."""
    return app_of(APIS[ApiName.CATALOG], settings)


def generator_app(settings: Settings) -> FastAPI:
    return app_of(APIS[ApiName.GENERATOR], settings)


def products_app(settings: Settings) -> FastAPI:
    return app_of(APIS[ApiName.PRODUCTS], settings)


def app_of(api: Api, settings: Settings, services: Services | None = None) -> FastAPI:
    """An API as an app. Without `services` its lifespan opens its own and closes them."""

    metrics = Metrics() if services is None else services.metrics

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_services(settings, metrics) as own:
            app.state.services = own
            yield

    # Its documentation page brings its assets along: no browser needs to reach a CDN.
    app = FastAPIOffline(
        title=api.title,
        version="0.1.0",
        description=api.description,
        lifespan=lifespan,
        redoc_url=None,
    )
    app.state.services = services
    speak_problems(app, TRANSLATIONS)
    for router in api.routers:
        app.include_router(router, dependencies=[Depends(known)])
    app.openapi = cache(lambda: describe(app, api.routers))  # type: ignore[method-assign]
    if api.name is ApiName.CATALOG:
        add_console(app)
    start = f"{BASE}/" if api.name is ApiName.CATALOG else "/docs"
    app.add_api_route("/", lambda: RedirectResponse(start), include_in_schema=False)
    _wrap(app, api, settings, metrics)
    return app


def _wrap(app: FastAPI, api: Api, settings: Settings, metrics: Metrics) -> None:
    """The last one added is the first to see a request."""
    app.add_middleware(JsonBody)
    app.add_middleware(SameHost, loopback_only=is_loopback(settings.host))
    app.add_middleware(metrics.requests.middleware, api=api.name.value)
    if settings.otlp_endpoint is not None:
        app.add_middleware(TracedRequests, api=api.name.value)
    app.add_middleware(RequestId, api=api.name.value)


async def serve(
    settings: Settings,
    only: Collection[ApiName] = tuple(ApiName),
    workers: Collection[Worker] = tuple(Worker),
) -> None:
    """Serve these APIs and do this background work until cancelled, then stop all in order.

    Raises what kept it from starting, such as an unreachable database or a port that is taken.
    """
    if not is_loopback(settings.host) and settings.reading is Reading.OPEN:
        log.warning(OPEN_WARNING.format(host=settings.host))
    chosen = [APIS[name] for name in ApiName if name in only]
    ports = [(api.name.setting, api.port(settings)) for api in chosen]
    async with open_services(settings) as services, asyncio.TaskGroup() as group:
        beside = [group.create_task(services.work(workers))]
        beside += [group.create_task(services.warm_up())]
        try:
            with opened(settings.host, ports) as sockets:
                apps = [app_of(api, settings, services) for api in chosen]
                await listen(list(zip(apps, sockets, strict=True)))
        finally:
            for task in beside:
                task.cancel()


async def work(settings: Settings, workers: Collection[Worker] = tuple(Worker)) -> None:
    """Do background work alone, without an API, until cancelled."""
    async with open_services(settings) as services:
        await services.work(workers)
