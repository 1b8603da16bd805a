"""How many threads work on the columns of one process."""

from __future__ import annotations

import os


def columns_by_one_thread() -> None:
    """For polars, unless the environment says otherwise; holds if it comes before its first use.

    The many small columns of topics that trickle cost twice as much when they are handed to other
    threads, and large ones gain nothing: more watchers are more processes.
    """
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
