"""What the API describes of rules is what it does: schemathesis finds no breach."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

from tests.integration.catalog.test_command_line import port

__all__ = ["port"]

_SETTINGS = Path(__file__).parents[3] / "schemathesis.toml"


async def test_schemathesis_finds_nothing_in_a_bounded_run(port: int, tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("schemathesis")),
        *("--config-file", str(_SETTINGS), "--no-color", "run"),
        f"http://127.0.0.1:{port}/openapi.json",
        *("--phases", "examples,fuzzing", "--max-examples", "15", "--max-time", "25"),
        *("--seed", "1", "--workers", "1", "--include-path-regex", "/rules"),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()

    told = said.decode()
    assert process.returncode == 0, told[-6_000:]
    assert re.search(r"\b[1-9]\d* generated, \d+ passed", told), told[-6_000:]
