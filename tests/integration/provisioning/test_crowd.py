from __future__ import annotations

import asyncio

from core.generation import GenerationRequest, GenerationStatus
from server.embedded.stack import EmbeddedStack
from server.services import open_services
from tests.integration.catalog.conftest import settings_of

_COUNT = 200


async def test_two_hundred_requests_at_once_all_come_to_a_plan(
    stack: EmbeddedStack, database_url: str
) -> None:
    async with open_services(settings_of(stack, database_url)) as services:
        working = asyncio.create_task(services.generations.work())
        made = await asyncio.gather(
            *(
                services.generations.start(
                    GenerationRequest(
                        product_name=f"Scores of branch {at}",
                        owner="fraud-team",
                        description=f"A score from 0 to 1 for each payment of branch {at}.",
                    ),
                    "user:default/joe",
                )
                for at in range(_COUNT)
            )
        )
        ended = [await services.generations.drafted(each.id, 120.0) for each in made]
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

    assert {each.status for each in ended} == {GenerationStatus.WAITING}
    assert len({each.approval_id for each in ended}) == _COUNT
    assert len({each.product_id for each in ended}) == _COUNT
