"""Hands samples from reading threads to the event loop, a bounded number at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from threading import Event

from tools.kafka.reading import TopicSample

_WAITING = 4
_TOPICS = 16
_LOOK_SECONDS = 0.2


class Mailbox:
    """At most a few batches wait here; whoever posts more waits until they are taken."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._queue: asyncio.Queue[Sequence[TopicSample] | Exception | None] = asyncio.Queue(
            _WAITING
        )
        self._closing = Event()
        self._ended = 0

    def run(self, work: Callable[[], None]) -> None:
        """In a thread: do the work, then tell that it ended, and how."""
        try:
            work()
        except Exception as error:
            self._put(error)
        # Not waited for: the loop may already be waiting for this thread.
        asyncio.run_coroutine_threadsafe(self._queue.put(None), self._loop)

    def room(self) -> int:
        """In a thread: about how many samples may be posted without waiting."""
        return (_WAITING - self._queue.qsize()) * _TOPICS

    def post(self, samples: Sequence[TopicSample]) -> bool:
        """In a thread: wait for room. False when nobody wants more."""
        chunks = (samples[i : i + _TOPICS] for i in range(0, len(samples), _TOPICS))
        return all(self._put(chunk) for chunk in chunks)

    async def samples(self, threads: int) -> AsyncIterator[TopicSample]:
        """What the threads post until all have ended; raises what ended one of them."""
        while self._ended < threads:
            batch = await self._queue.get()
            if isinstance(batch, Exception):
                raise batch
            self._ended += batch is None
            for sample in batch or ():
                yield sample

    async def close(self, threads: int) -> None:
        """Tell the threads to stop and wait until they have."""
        self._closing.set()
        while self._ended < threads:
            self._ended += await self._queue.get() is None

    def _put(self, batch: Sequence[TopicSample] | Exception) -> bool:
        if self._closing.is_set():
            return False
        put: Future[None] = asyncio.run_coroutine_threadsafe(self._queue.put(batch), self._loop)
        while True:
            try:
                put.result(_LOOK_SECONDS)
            except NotYet:
                if self._loop.is_closed():
                    return False
            else:
                return True
