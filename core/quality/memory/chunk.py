"""What was learnt of a bucket, to be written and taken up again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.arrays import Hashes


@dataclass(frozen=True, slots=True)
class Chunk:
    """Of one partition since the last flush: hashes, and with them times for order."""

    rule: str
    bucket: int
    hashes: bytes
    times: bytes = b""

    @property
    def values(self) -> Hashes:
        return np.frombuffer(self.hashes, np.uint64)
