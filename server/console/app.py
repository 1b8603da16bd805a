"""The console as an app within the catalog's: its pages, its files, and what holds for all."""

from __future__ import annotations

from fastapi import Depends, FastAPI, Request
from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.console import assets
from server.console.address import BASE
from server.console.entry import routers
from server.console.form import not_forged
from server.console.session import Session
from server.console.trouble import show_problem
from server.principal import Asker
from server.problems import speak_problems
from server.translations import TRANSLATIONS

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_GUARDED = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_COMPRESSED_FROM = 700


def add_console(app: FastAPI) -> None:
    """Puts the console under /console; what `app` holds open is the console's too."""
    console = console_app()
    console.state = app.state
    app.mount(BASE, console)
    app.add_middleware(Session)


def console_app() -> FastAPI:
    console = FastAPI(openapi_url=None, dependencies=[Depends(not_forged)])
    speak_problems(console, TRANSLATIONS, show_problem)
    console.include_router(assets.router)
    for router in routers():
        console.include_router(router, dependencies=[Depends(_known)])
    console.add_middleware(GZipMiddleware, minimum_size=_COMPRESSED_FROM)
    console.add_middleware(_Guarded)
    return console


async def _known(request: Request, who: Asker) -> None:
    """Every page says who looks at it."""
    request.state.who = who


class _Guarded:
    """What every answer tells the browser to keep to."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_GUARDED)
                headers.setdefault("Cache-Control", "private, no-cache")
            await send(message)

        await self._app(scope, receive, guarded)
