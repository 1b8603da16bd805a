"""Rules whose violations become more than they were: of records that break a rule, and of nulls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from core.alerts.finding import Finding
from core.quality.anomaly.rise import Rise
from core.quality.anomaly.share import Share, ShareVerdict
from core.quality.judging.look import Look, finding
from core.quality.judging.words import breaks
from core.quality.rule import Metric, QualityRule
from core.quality.window import Spot


class RuleShare(msgspec.Struct):
    """`rise` knows the looks since which there is evidence of a higher share."""

    share: Share = msgspec.field(default_factory=Share)
    rise: Rise = msgspec.field(default_factory=Rise)
    since_ms: int | None = None
    usual: float = 0.0

    def look(self, look: Look, rule: QualityRule, key: str) -> Iterator[Finding]:
        """Nothing while it neither is broken nor was."""
        bad, total = _counts(look, rule, key)
        spots = look.counted.positions.get(key, [])
        if not total:
            return
        was_open = self.share.relief is not None
        usual = self._level()
        verdict = self.share.observe(bad, total)
        if look.history:
            self._forgive()
            return
        if max(self.share.evidence) > 0:
            self.rise.note(look.broken_ms(key), bad, total, spots)
        if verdict.alarm:
            self.usual = usual
            since = self.rise.beginning(verdict.known or 0.0)
            self.since_ms, spots = since.first_ms, [*since.spots, *spots]
            self.share.risen_bad, self.share.risen_total = since.bad, since.total
        if verdict.open or max(self.share.evidence) <= 0:
            self.rise = Rise()
        if verdict.open or was_open:
            yield self._finding(look, rule, verdict, spots)

    def _finding(
        self, look: Look, rule: QualityRule, verdict: ShareVerdict, spots: Sequence[Spot]
    ) -> Finding:
        bad, records = round(self.share.risen_bad), round(self.share.risen_total)
        share = bad / records if records else 0.0
        return finding(
            look,
            rule,
            broken=verdict.open,
            since_ms=self.since_ms or look.first_ms,
            figures={"bad": bad, "records": records, "share": share, "usual_share": self.usual},
            told=f"{breaks(rule)} in {bad:,} of {records:,} records ({share:.1%}) since then; "
            f"before it was {self.usual:.2%}.",
            spots=spots,
        )

    def _level(self) -> float:
        return self.share.bad / self.share.total if self.share.total else 0.0

    def _forgive(self) -> None:
        """What was before the watching is nobody's news."""
        self.share.relief = None
        self.share.evidence = [0.0] * len(self.share.evidence)
        self.rise = Rise()


def _counts(look: Look, rule: QualityRule, key: str) -> tuple[int, int]:
    """How many are bad, of how many."""
    counted = look.counted
    seen = counted.records - counted.tombstones
    if rule.metric is Metric.NULL_RATE:
        return counted.nulls[rule.field or ""], seen - counted.unread.total()
    return counted.broken[key], counted.checked[key] or seen
