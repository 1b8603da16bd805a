"""The command `headwater`."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import typer
from rich.console import Console
from typer.core import TyperGroup
from typer.main import get_group

from server.embedded.errors import first_of
from tools.one_thread import columns_by_one_thread

COMMANDS = {
    "up": "up",
    "search": "search",
    "chat": "chat",
    "sources": "sources",
    "source": "sources",
    "quality": "quality",
    "usage": "usage",
    "costs": "costs",
    "watch": "watch",
    "dashboard": "dashboard",
    "activity": "dashboard",
    "related": "compare",
    "compare": "compare",
    "lineage": "lineage",
    "impact": "lineage",
    "generate": "generate",
    "promote": "promote",
    "approvals": "approvals",
    "rules": "rules",
    "recommendations": "recommendations",
    "alerts": "alerts",
    "notices": "notices",
    "consolidate": "consolidate",
    "bridge": "bridge",
    "products": "products",
    "keys": "keys",
    "audit": "audit",
    "access": "access",
    "scan": "scan",
    "analyze": "analyze",
    "infer": "infer",
    "demo": "demo",
    "backstage": "backstage",
    "serve": "serve",
    "status": "status",
    "backup": "backup",
    "restore": "backup",
    "work": "work",
    "migrate": "migrate",
    "config": "config",
}
"""Each command's module beside this one, in the order of the help."""

_OWN_PACKAGES = ("core", "graph", "tools", "prompts", "server", "evals")
_INTERRUPTED = 130


class LateCommands(TyperGroup):
    """Imports a command's module when it is asked for: all together they take seconds."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"server.cli.{COMMANDS[cmd_name]}")
        part = typer.Typer(callback=_nothing, pretty_exceptions_enable=False)
        module.register(part)
        return get_group(part).commands[cmd_name]


def _nothing() -> None:
    """Makes an app of one command a group."""


app = typer.Typer(
    name="headwater",
    cls=LateCommands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def headwater() -> None:
    """Finds every topic on a Kafka cluster, says what is in it, and answers for it."""


def main() -> None:
    """Runs the command line: 0 done, 1 an error that says what to do, 2 wrong usage, 130 Ctrl-C."""
    columns_by_one_thread()
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except BaseExceptionGroup as group:
        _report(first_of(group), group)
    except Exception as error:
        _report(error, error)


def _report(error: BaseException, whole: BaseException) -> None:
    """Errors that this project names carry their advice; all else is a bug and shows itself."""
    if type(error).__module__.split(".")[0] not in _OWN_PACKAGES:
        raise whole
    Console(stderr=True, soft_wrap=True).print(f"Error: {error}", style="red", markup=False)
    sys.exit(1)


if __name__ == "__main__":
    main()
