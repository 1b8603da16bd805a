"""Whether an API does what it describes: schemathesis finds no breach in a bounded run."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import httpx

_SETTINGS = Path(__file__).parents[1] / "schemathesis.toml"


async def assert_no_breach(
    port: int | str,
    folder: Path,
    *paths: str,
    examples: int,
    seconds: int,
    token: str | None = None,
    checks: str | None = None,
) -> None:
    """`paths` are options that choose operations; `folder` takes what it leaves. `token` is whose
    requests they are, `checks` those of schemathesis that count, all unless given."""
    # It is made when it is first asked for, which a busy machine takes its time for.
    async with httpx.AsyncClient(timeout=120, trust_env=False) as client:
        await client.get(f"http://127.0.0.1:{port}/openapi.json")
    asked = () if token is None else ("--header", f"Authorization: Bearer {token}")
    held = () if checks is None else ("--checks", checks)
    command = (
        str(Path(sys.executable).with_name("schemathesis")),
        *("--config-file", str(_SETTINGS), "--no-color", "run"),
        f"http://127.0.0.1:{port}/openapi.json",
        *("--phases", "examples,fuzzing", "--max-examples", str(examples)),
        *("--seed", "1", "--workers", "1", *paths, *asked, *held),
    )
    # On a busy machine the time may be over before the description is read.
    for patience in (seconds, 8 * seconds):
        code, told = await _ran(*command, "--max-time", str(patience), folder=folder)
        assert code == 0, told[-6_000:]
        if re.search(r"\b[1-9]\d* generated, \d+ passed", told):
            return
    raise AssertionError(told[-6_000:])


async def _ran(*command: str, folder: Path) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()
