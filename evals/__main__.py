"""`python -m evals SET --data DIR --out PREDICTIONS.json`: judge the platform on a set of data."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evals.sets import RUNNING, SELF_MADE, SETS, run_of
from server.cli.client import RefusedError, ServerNotRunningError
from server.demo.live import NoFleetError
from server.embedded.errors import StackError
from server.endpoints import StackNotRunningError
from tools.db.errors import DatabaseUnreachableError
from tools.embeddings.model import EmbeddingError

_AWAY = (
    EmbeddingError,
    DatabaseUnreachableError,
    StackError,
    StackNotRunningError,
    ServerNotRunningError,
    RefusedError,
    NoFleetError,
)
_WITHOUT = RUNNING | dict.fromkeys(SELF_MADE, Path())
"""What is taken where no folder is given."""


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0, 1 where a server or model is away, 2 where the set's folder is not there."""
    chosen = _parser().parse_args(arguments)
    data = chosen.data or _WITHOUT.get(chosen.set)
    if data is None or (chosen.set not in _WITHOUT and not data.is_dir()):
        missing = "no folder was given" if data is None else f"no folder {data}"
        print(f"{missing}; give the set's folder with --data", file=sys.stderr)
        return 2
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    try:
        run_of(chosen.set)(data, chosen.out, noisy=chosen.noisy)
    except _AWAY as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    sets = "\n".join(f"  {name:18} {what}" for name, what in SETS.items())
    parser = argparse.ArgumentParser(
        prog="python -m evals",
        description=f"Judge the platform's real code on a set of data.\n\nsets:\n{sets}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("set", choices=sorted(SETS))
    running = ", ".join(RUNNING)
    parser.add_argument(
        "--data",
        type=Path,
        help=f"the set's folder ({running}: that of a running `headwater up`, .headwater; "
        f"{', '.join(sorted(SELF_MADE))}: none is needed)",
    )
    parser.add_argument("--out", type=Path, required=True, help="where the predictions go (JSON)")
    parser.add_argument(
        "--noisy", action="store_true", help="mix in the set's noise, if it has any"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
