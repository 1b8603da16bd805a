"""Commands that only ask a server start without what only a server needs."""

import subprocess
import sys

from server.cli.main import COMMANDS

OWN_WORK = {"up", "serve", "work", "migrate", "demo", "chat"}
"""They run a server, or show what only the graph's models can read."""
_SERVERS = ("langgraph", "onnxruntime", "scipy", "procrastinate")


def test_no_command_that_asks_a_server_loads_one() -> None:
    modules = sorted({f"server.cli.{COMMANDS[name]}" for name in COMMANDS.keys() - OWN_WORK})
    program = f"import sys, {', '.join(modules)}; print(*sys.modules.keys() & set({_SERVERS!r}))"

    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert loaded.stdout.split() == []
