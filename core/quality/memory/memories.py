"""What all rules of one topic remember."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from core.quality.memory.chunk import Chunk
from core.quality.memory.latest import Latest
from core.quality.memory.seen import Seen


@dataclass(slots=True)
class Memories:
    """By the rule's key, and for order by its partition too."""

    seen: dict[str, Seen] = field(default_factory=dict)
    latest: dict[tuple[int, str], Latest] = field(default_factory=dict)

    def of_values(self, key: str, window_ms: int) -> Seen:
        return self.seen.setdefault(key, Seen(window_ms))

    def of_order(self, partition: int, key: str, window_ms: int) -> Latest:
        return self.latest.setdefault((partition, key), Latest(key, window_ms))

    def chunks(self, partition: int) -> Iterator[Chunk]:
        """What was learnt of the partition's order since these were taken last."""
        for (of, _), latest in self.latest.items():
            if of == partition:
                yield from latest.chunks()

    def keep_rules(self, keys: Collection[str]) -> None:
        """Forget all others."""
        self.seen = {key: seen for key, seen in self.seen.items() if key in keys}
        self.latest = {at: latest for at, latest in self.latest.items() if at[1] in keys}

    def forget_order(self, partition: int) -> None:
        self.latest = {at: latest for at, latest in self.latest.items() if at[0] != partition}
