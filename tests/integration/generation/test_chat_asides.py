"""Who asks for something beside an approval gets both answers, and decides nothing by it."""

from __future__ import annotations

import pytest

from core.generation import GenerationRequest
from server.settings import Settings
from tests.integration.generation.conftest import Rig, opened
from tests.integration.generation.test_chat_generation import (
    BEARER,
    say,
    secured,
    status,
)


@pytest.mark.parametrize(
    ("message", "agent", "found"),
    [
        ("check supplier-events, then approve {id}", "quality_monitor", "supplier-events"),
        ("show me what fraud topics exist and approve {id}", "discovery", "fraud-alerts"),
        ("who owns supplier-events, and show {id} too", "discovery", "group:default/procurement"),
    ],
)
async def test_both_parts_are_answered(rig: Rig, message: str, agent: str, found: str) -> None:
    made = (await rig.generate(name=f"aside {len(message)}"))["generation"]["approval_id"]
    answer = await say(rig, message.format(id=made))

    assert answer["route"]["asked_for"][-2:] == [agent, "approvals"]
    assert found in answer["answer"].split(f"`{made}` is pending")[0]
    assert f"`{made}` is pending" in answer["answer"]
    assert await status(rig, made) == "pending"


async def test_an_approver_too_decides_only_by_a_message_of_its_own(
    own_settings: Settings,
) -> None:
    async with opened(secured(own_settings)) as rig:
        made = await rig.services.generations.start(
            GenerationRequest(**rig.asked("aside")), "user:default/joe"
        )
        approval_id = str((await rig.services.generations.drafted(made.id, 30)).approval_id)
        beside = await say(rig, f"check supplier-events, then approve {approval_id}", None, BEARER)
        for doubtful in (
            f"if supplier-events looks right, approve {approval_id}",
            f"approve {approval_id} and check supplier-events first",
        ):
            await say(rig, doubtful, None, BEARER)
            assert await status(rig, approval_id) == "pending"

        await say(rig, f"reject {approval_id}, then list the topics of crm", None, BEARER)

        assert "a decision counts only as a message of its own" in beside["answer"]
        assert await status(rig, approval_id) == "rejected"
