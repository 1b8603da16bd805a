"""The command `headwater`."""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from server.cli import config, up
from server.embedded.errors import first_of

_OWN_PACKAGES = ("core", "graph", "tools", "server", "evals")
_INTERRUPTED = 130

app = typer.Typer(
    name="headwater",
    help="Finds every topic on a Kafka cluster, says what is in it, and answers for it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (up, config):
    command.register(app)


def main() -> None:
    """Runs the command line: 0 done, 1 an error that says what to do, 2 wrong usage, 130 Ctrl-C."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except BaseExceptionGroup as group:
        _report(first_of(group))
    except Exception as error:
        _report(error)


def _report(error: BaseException) -> None:
    """Errors that this project names carry their advice; all else is a bug and shows itself."""
    if type(error).__module__.split(".")[0] not in _OWN_PACKAGES:
        raise error
    Console(stderr=True, soft_wrap=True).print(f"Error: {error}", style="red", markup=False)
    sys.exit(1)


if __name__ == "__main__":
    main()
