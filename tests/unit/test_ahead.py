"""Items that are made while others are worked on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from tools.ahead import ahead


class Maker:
    """Makes numbers; raises instead of the one at `fails`."""

    def __init__(self, count: int, fails: int | None = None) -> None:
        self.count = count
        self.fails = fails
        self.made = 0
        self.closed = False

    async def run(self) -> AsyncGenerator[int]:
        try:
            for number in range(self.count):
                await asyncio.sleep(0)
                if number == self.fails:
                    raise ValueError(f"no {number}")
                self.made += 1
                yield number
        finally:
            self.closed = True


async def test_items_come_in_their_order_and_are_made_before_they_are_asked_for() -> None:
    maker = Maker(5)
    seen = []
    async with ahead(maker.run(), 2) as items:
        async for item in items:
            seen.append(item)
            await asyncio.sleep(0.01)
            # The one at hand, two that wait, and one that finds no room.
            assert maker.made == min(item + 4, 5)

    assert seen == [0, 1, 2, 3, 4]


async def test_what_making_one_raises_is_raised_after_those_before_it() -> None:
    seen: list[int] = []

    async def take() -> None:
        async with ahead(Maker(5, fails=2).run(), 8) as items:
            async for item in items:
                seen.append(item)

    with pytest.raises(ValueError, match="no 2"):
        await take()

    assert seen == [0, 1]


async def test_nothing_is_made_any_more_once_the_block_is_left() -> None:
    maker = Maker(100)
    async with ahead(maker.run(), 3) as items:
        assert await anext(items) == 0

    made = maker.made
    await asyncio.sleep(0.01)

    assert maker.closed
    assert maker.made == made < 10


async def test_one_stage_goes_into_the_next_and_its_error_through_both() -> None:
    async def doubled(items: AsyncGenerator[int]) -> AsyncGenerator[int]:
        async for item in items:
            yield 2 * item

    seen: list[int] = []

    async def take() -> None:
        async with ahead(Maker(5, fails=3).run(), 2) as one, ahead(doubled(one), 2) as two:
            async for item in two:
                seen.append(item)

    with pytest.raises(ValueError, match="no 3"):
        await take()

    assert seen == [0, 2, 4]
