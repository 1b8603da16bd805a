"""Which of the unmoved topics have their settings looked at in a scan.

Kafka tells all settings of a topic or none, in some 0.5 ms, and never that one was changed: asking
for thousands takes longer than all else that a scan with nothing new does. Topics that are read
are always asked for; the others take turns, a bounded number in each scan, so that a changed
setting is seen after (topics / 1,000) scans at the latest, and at once in smaller fleets.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection

AT_ONCE = 1_000


def due(topics: Collection[str], turn: int, at_once: int = AT_ONCE) -> list[str]:
    """The topics whose turn it is; every topic is in one of `len(topics) / at_once` turns.

    A topic's turn rests on its name, so that topics which come and go do not move the others'.
    """
    parts = -(-len(topics) // at_once) or 1
    return [name for name in topics if zlib.crc32(name.encode()) % parts == turn % parts]
