"""Channels that tests look into: a real mail server, and a web server that answers as told."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import uvicorn
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.embedded.port_claims import free_port


@dataclass
class Mailbox:
    """Mails that came; `refusal` is answered instead, where it is given."""

    port: int = 0
    refusal: str = ""
    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.refusal:
            return self.refusal
        mail = message_from_bytes(envelope.original_content or b"", policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    box = Mailbox()
    box.port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Hook:
    """Requests that came, and the answers to give: the last one to all that follow."""

    url: str = ""
    answers: list[Response] = field(default_factory=lambda: [Response()])
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@asynccontextmanager
async def web_server() -> AsyncIterator[Hook]:
    hook = Hook()

    async def take(request: Request) -> Response:
        hook.came.append((dict(request.headers), await request.body()))
        return hook.answers[min(len(hook.came), len(hook.answers)) - 1]

    listening = socket.create_server(("127.0.0.1", 0))
    hook.url = f"http://127.0.0.1:{listening.getsockname()[1]}/hook"
    app = Starlette(routes=[Route("/hook", take, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield hook
    finally:
        server.should_exit = True
        server.force_exit = True
        await serving
