"""What the API describes of rules is what it does: schemathesis finds no breach."""

from __future__ import annotations

from pathlib import Path

from tests.described import assert_no_breach
from tests.integration.catalog.test_command_line import port

__all__ = ["port"]


async def test_schemathesis_finds_nothing_in_a_bounded_run(port: int, tmp_path: Path) -> None:
    await assert_no_breach(port, tmp_path, "--include-path-regex", "/rules", examples=12, seconds=8)
