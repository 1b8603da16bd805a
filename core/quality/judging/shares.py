"""Rules whose violations become more than they were: of records that break a rule, and of nulls."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from core.alerts.finding import Finding
from core.quality.anomaly.share import Share, ShareVerdict
from core.quality.judging.look import Look, finding
from core.quality.judging.words import breaks
from core.quality.rule import Metric, QualityRule


class RuleShare(msgspec.Struct):
    """`began_ms` are the record times at which evidence for each level began that has not gone
    since; that of the level with the most evidence is when it broke."""

    share: Share = msgspec.field(default_factory=Share)
    began_ms: list[int | None] = []
    since_ms: int | None = None
    usual: float = 0.0

    def look(self, look: Look, rule: QualityRule, key: str) -> Iterator[Finding]:
        """Nothing while it neither is broken nor was."""
        bad, total = _counts(look, rule, key)
        if not total:
            return
        was_open = self.share.relief is not None
        usual = self._level()
        verdict = self.share.observe(bad, total)
        if look.history:
            self._forgive()
            return
        self._note_beginnings(look)
        if verdict.alarm:
            self.usual, self.since_ms = usual, self._beginning()
        if verdict.open or was_open:
            yield self._finding(look, rule, key, verdict, self.since_ms or look.first_ms)

    def _note_beginnings(self, look: Look) -> None:
        known = self.began_ms or [None] * len(self.share.evidence)
        self.began_ms = [
            (look.first_ms if began is None else began) if evidence > 0 else None
            for began, evidence in zip(known, self.share.evidence, strict=True)
        ]

    def _beginning(self) -> int | None:
        most = max(range(len(self.share.evidence)), key=self.share.evidence.__getitem__)
        return self.began_ms[most]

    def _finding(
        self, look: Look, rule: QualityRule, key: str, verdict: ShareVerdict, since_ms: int
    ) -> Finding:
        bad, records = round(self.share.risen_bad), round(self.share.risen_total)
        share = bad / records if records else 0.0
        return finding(
            look,
            rule,
            broken=verdict.open,
            since_ms=since_ms,
            figures={"bad": bad, "records": records, "share": share, "usual_share": self.usual},
            told=f"{breaks(rule)} in {bad:,} of {records:,} records ({share:.1%}) since then; "
            f"before it was {self.usual:.2%}.",
            key=key,
        )

    def _level(self) -> float:
        return self.share.bad / self.share.total if self.share.total else 0.0

    def _forgive(self) -> None:
        """What was before the watching is nobody's news."""
        self.share.relief = None
        self.share.evidence = [0.0] * len(self.share.evidence)
        self.began_ms = []


def _counts(look: Look, rule: QualityRule, key: str) -> tuple[int, int]:
    counted = look.counted
    seen = counted.records - counted.tombstones
    if rule.metric is Metric.NULL_RATE:
        return counted.nulls[rule.field or ""], seen - counted.unread.total()
    return counted.broken[key], counted.checked[key] or seen
