"""A TCP gate in front of a real server: closed, the server is away; opened, it is back."""

from __future__ import annotations

import asyncio
from types import TracebackType
from urllib.parse import urlsplit

from server.embedded.port_claims import free_port


class Gate:
    """Forwards connections to `host:port`; `close` cuts them all and refuses new ones."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        # Its own also while it is closed: a port of the range for clients may be given to one then.
        self.port = free_port()

    @classmethod
    def before(cls, url: str) -> Gate:
        parts = urlsplit(url)
        return cls(str(parts.hostname), int(parts.port or 0))

    def url(self, url: str) -> str:
        """The same URL through the gate."""
        parts = urlsplit(url)
        user = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
        return parts._replace(netloc=f"{user}127.0.0.1:{self.port}").geturl()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._forward, "127.0.0.1", self.port)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        self._cut_if_closed()
        await asyncio.sleep(0)

    def _cut_if_closed(self) -> None:
        """Also what came before and got through only now."""
        if self._server is None or not self._server.is_serving():
            for writer in self._writers:
                writer.transport.abort()
            self._writers.clear()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(*self._target)
        self._writers |= {writer, there_writer}
        self._cut_if_closed()
        await asyncio.gather(
            _copy(reader, there_writer), _copy(there_reader, writer), return_exceptions=True
        )

    async def __aenter__(self) -> Gate:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
