"""Examples about any subject: `compare {topic} and {topic}` with real-looking names in place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import cycle

_SLOT = re.compile(r"\{(\w+)\}")
_TIMES = 3
"""How often an example with a slot is given, each time about something else."""


class Filler:
    """Takes the subjects of each kind in turn, so that none sticks to one kind of request."""

    def __init__(self, subjects: Mapping[str, Sequence[str]]) -> None:
        self._subjects: dict[str, Iterator[str]] = {
            kind: cycle(named) for kind, named in subjects.items()
        }

    def filled(self, examples: Iterable[str]) -> Iterator[str]:
        for example in examples:
            for _ in range(_TIMES if _SLOT.search(example) else 1):
                yield _SLOT.sub(lambda slot: next(self._subjects[slot[1]]), example)
