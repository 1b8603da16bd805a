"""What the API describes is what it does: schemathesis finds no breach and no server error."""

from __future__ import annotations

from pathlib import Path

from tests.described import assert_no_breach
from tests.integration.products.test_products_command import port

__all__ = ["port"]


async def test_schemathesis_finds_nothing_in_a_bounded_run(port: str, tmp_path: Path) -> None:
    await assert_no_breach(port, tmp_path, examples=8, seconds=10)
