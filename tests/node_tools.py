"""Scripts of `tests/node`, which ask the validators of other projects."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

NODE = Path(__file__).parent / "node"

_MISSING = (
    "This test asks npm packages: install Node.js 20 or newer with npm, then run `make node` "
    "(`npm ci` in tests/node)."
)


def package(path: str) -> Path:
    """A file of an installed npm package. Skips where there is none; in CI that is a failure."""
    if not (NODE / "node_modules" / ".package-lock.json").exists():
        _give_up()
    return NODE / "node_modules" / path


def asked(script: str, *arguments: str, given: str) -> Any:
    """What a script answers, as JSON, to what it reads."""
    node = shutil.which("node")
    if node is None:
        _give_up()
    package("")
    ran = subprocess.run(
        [str(node), script, *arguments],
        cwd=NODE,
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3_000:]
    return json.loads(ran.stdout)


def _give_up() -> None:
    if os.environ.get("CI"):
        pytest.fail(_MISSING)
    pytest.skip(_MISSING)
