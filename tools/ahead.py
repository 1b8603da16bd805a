"""Items that are made while others are worked on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class _Made(Generic[Item]):
    item: Item


@dataclass(frozen=True, slots=True)
class _Ended:
    """`error` is why there are no more, if it is not that all were made."""

    error: Exception | None = None


@asynccontextmanager
async def ahead(items: AsyncGenerator[Item], most: int) -> AsyncIterator[AsyncGenerator[Item]]:
    """The same items, of which up to `most` are made before they are asked for; nothing is made any
    more once the block is left. What making one raises is raised where it is asked for."""
    queue: asyncio.Queue[_Made[Item] | _Ended] = asyncio.Queue(most)

    async def make() -> None:
        try:
            async with aclosing(items):
                async for item in items:
                    await queue.put(_Made(item))
        except Exception as error:
            await queue.put(_Ended(error))
        else:
            await queue.put(_Ended())

    async def made() -> AsyncGenerator[Item]:
        while isinstance(found := await queue.get(), _Made):
            yield found.item
        if found.error is not None:
            raise found.error

    making = asyncio.create_task(make())
    try:
        yield made()
    finally:
        making.cancel()
        await asyncio.gather(making, return_exceptions=True)
