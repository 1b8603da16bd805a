"""A local HTTP server that speaks the OpenAI protocol and does what a test tells it to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

MODEL = "test-model"

Asked = Mapping[str, Any]
Behaviour = Callable[[Asked], Awaitable[Response]]


@asynccontextmanager
async def openai_server(behave: Behaviour) -> AsyncIterator[str]:
    """Serves until left; gives the base URL."""

    async def completions(request: Request) -> Response:
        return await behave(orjson.loads(await request.body()))

    listening = socket.create_server(("127.0.0.1", 0))
    app = Starlette(routes=[Route("/v1/chat/completions", completions, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
    finally:
        server.should_exit = True
        server.force_exit = True
        await serving


def completion(
    content: str | None = None, call: tuple[str, Asked] | None = None, *, cut: bool = False
) -> Response:
    """A reply with text, or with one tool call; `cut` where it came to its limit of tokens."""
    message: dict[str, Any] = {"role": "assistant", "content": content}
    if call is not None:
        function = {"name": call[0], "arguments": orjson.dumps(call[1]).decode()}
        message["tool_calls"] = [{"id": "call_1", "type": "function", "function": function}]
    ended = "tool_calls" if call else "length" if cut else "stop"
    choice = {"index": 0, "message": message, "finish_reason": ended}
    return JSONResponse(
        {
            "id": "c1",
            "object": "chat.completion",
            "created": 1,
            "model": MODEL,
            "choices": [choice],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
    )


def route_reply() -> Response:
    return completion('{"capability": "discovery", "then": [], "reason": "looks for data"}')


def asks_for_route(asked: Asked) -> bool:
    return "response_format" in asked


def has_results(asked: Asked) -> bool:
    return any(message["role"] == "tool" for message in asked["messages"])
