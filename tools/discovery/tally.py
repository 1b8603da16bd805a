"""The running counts of a scan."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.scan import ScanProgress
from core.source import SourceChangeKind
from tools.db.finding import FailedTopic, Finding

_NAMED_FAILURES = 20


@dataclass(slots=True)
class Tally:
    """Counts topics as they are done; `progress` is a snapshot."""

    total: int = 0
    done: int = 0
    skipped: int = 0
    messages: int = 0
    changes: Counter[SourceChangeKind] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)

    def skip(self, topics: int) -> None:
        self.skipped += topics
        self.done += topics

    def put(self, findings: Iterable[Finding], failed: Iterable[FailedTopic]) -> None:
        for finding in findings:
            self.done += 1
            self.messages += finding.report.messages
            self.changes.update(kind for kind, _ in finding.changes)
        for topic in failed:
            self.done += 1
            self.failures[topic.name] = topic.error
            self.changes.update(kind for kind, _ in topic.changes)

    def vanish(self, topics: int) -> None:
        self.changes[SourceChangeKind.VANISHED] += topics

    def progress(self) -> ScanProgress:
        named = list(self.failures.items())[:_NAMED_FAILURES]
        return ScanProgress(
            total=self.total,
            done=self.done,
            skipped=self.skipped,
            failed=len(self.failures),
            new=self.changes[SourceChangeKind.NEW],
            changed=self.changes[SourceChangeKind.CHANGED],
            vanished=self.changes[SourceChangeKind.VANISHED],
            returned=self.changes[SourceChangeKind.RETURNED],
            messages=self.messages,
            seconds=round(time.monotonic() - self._began, 3),
            failures=tuple(f"{name}: {error}" for name, error in named),
        )
