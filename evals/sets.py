"""The sets that can be evaluated: each is a module of this folder with a `run`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Protocol, cast


class Run(Protocol):
    """Runs the real code on the set in `data`, writes predictions to `out`, prints its figures."""

    def __call__(self, data: Path, out: Path, noisy: bool = False) -> None: ...


class UnknownSetError(ValueError):
    """No such set; the text lists those there are."""


SETS: dict[str, str] = {
    "generation": "data products drafted from descriptions: facts met",
    "planted": "faults planted on a running stack: found or not, and how soon",
    "quality": "bad records and cells, by rules that each stream teaches",
    "redundancy": "pairs of schemas that say the same, calibrated",
    "routing": "chat requests sent to capabilities, compound and unsafe ones too",
    "schema_inference": "schemas inferred from messages, plain or with strays and cut lines",
    "schema_matching": "fields of one schema matched with another's",
    "silence": "a day on which nothing is wrong: alerts that are opened all the same",
    "search": "search over topics: embedding and Postgres",
}
"""Names (which are module names too) and what is judged."""

RUNNING: dict[str, Path] = {"planted": Path(".headwater")}
"""Sets that are judged on a running `headwater up`: their data is its folder, or the settings'
addresses."""

SELF_MADE = frozenset({"silence"})
"""Sets that make their data themselves: no folder is asked for."""


def run_of(name: str) -> Run:
    """The `run` of a set, imported only when it is asked for."""
    if name not in SETS:
        raise UnknownSetError(f"no set {name!r}; there are: {', '.join(sorted(SETS))}")
    return cast(Run, import_module(f"evals.{name}").run)
