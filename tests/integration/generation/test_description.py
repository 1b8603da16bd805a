"""What the generator's API describes is what it does, and none of it ends in a server error."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.described import assert_no_breach
from tests.integration.generation.conftest import Rig
from tests.integration.generation.test_generate_command import port

__all__ = ["port"]

_NOT_HERE = r"events|approvals"
"""Streams that stay open, and what the approvals' own tests try."""


@pytest.fixture
async def drained(rig: Rig) -> AsyncIterator[None]:
    """Waits for all that was asked for: the tests to come shall have the server for themselves."""
    yield
    for _ in range(720):
        figures = (await rig.generator.get("/metrics")).text
        if not re.search(r'headwater_generations{status="(?:queued|drafting)"} [1-9]', figures):
            return
        await asyncio.sleep(0.25)
    pytest.fail("what was asked for is still not drafted after three minutes")


async def test_schemathesis_finds_nothing_in_a_bounded_run(
    port: int, tmp_path: Path, drained: None
) -> None:
    await assert_no_breach(port, tmp_path, "--exclude-path-regex", _NOT_HERE, examples=8, seconds=6)
