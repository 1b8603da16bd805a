"""A gate in front of Kafka: clients are told the gate's own address as the broker's."""

from __future__ import annotations

import asyncio
import struct
from contextlib import suppress

from tests.integration.gate import Gate

_LENGTH = struct.Struct(">i")


class KafkaGate(Gate):
    """Brokers advertise their own address; in their answers it is replaced by the gate's."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(host, port)
        self._tasks: set[asyncio.Task[None] | None] = set()

    async def close(self) -> None:
        await super().close()
        for task in self._tasks:
            if task is not None:
                task.cancel()
        self._tasks.clear()
        await asyncio.sleep(0)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.current_task())
        with suppress(asyncio.CancelledError, OSError):
            there_reader, there_writer = await asyncio.open_connection(*self._target)
            self._writers |= {writer, there_writer}
            self._cut_if_closed()
            await asyncio.gather(
                _requests(reader, there_writer),
                self._answers(there_reader, writer),
                return_exceptions=True,
            )

    async def _answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = self._target
        theirs, ours = (host.encode() + _LENGTH.pack(each) for each in (port, self.port))
        try:
            while True:
                length = await reader.readexactly(_LENGTH.size)
                answer = await reader.readexactly(_LENGTH.unpack(length)[0])
                writer.write(length + answer.replace(theirs, ours))
                await writer.drain()
        finally:
            writer.close()


async def _requests(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
