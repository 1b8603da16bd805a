"""Judges one source: what its rules and habits say of each look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from core.alerts.finding import Finding
from core.quality.judging.letters import FirstLetters
from core.quality.judging.look import Look
from core.quality.judging.shares import RuleShare
from core.quality.judging.spread import Spread
from core.quality.judging.stated import Freshness, Lag, Schemas, Threshold
from core.quality.judging.volume import Volume
from core.quality.rule import Metric, QualityRule, Severity
from core.quality.watch import DECODED, key_of

_VERSION = 1
_HISTORY_MS = 60_000

UNREAD = QualityRule(
    id="decodable",
    metric=Metric.CONFORMITY,
    severity=Severity.ERROR,
    inferred=True,
    reason="messages can be decoded",
)
"""What is held of every source, whatever its rules."""

_WITHOUT_RECORDS = frozenset({Metric.ROWS, Metric.LAG})
_ARRIVALS = frozenset({Metric.VOLUME, Metric.DEAD_LETTERS})
_SAY_OF_UNREAD = frozenset({Metric.CONFORMITY, Metric.DEAD_LETTERS})
"""A topic of dead letters holds what could not be read: that is what it is for."""


class Judge:
    """`rules` may be others than those that an earlier state was of: what they know starts anew."""

    def __init__(self, began_ms: int, rules: Sequence[QualityRule] = ()) -> None:
        self.began_ms = began_ms
        self._shares: dict[str, RuleShare] = {}
        self._thresholds: dict[str, Threshold] = {}
        self._spreads: dict[str, Spread] = {}
        self._volumes: dict[str, Volume] = {}
        self._freshness: dict[str, Freshness] = {}
        self._letters: dict[str, FirstLetters] = {}
        self._lags: dict[str, Lag] = {}
        self._schemas = Schemas()
        self.put_to(rules)

    def put_to(self, rules: Sequence[QualityRule]) -> None:
        """Judge by these rules from now on."""
        self.rules = tuple(rules)
        decoded = () if any(r.metric in _SAY_OF_UNREAD for r in rules) else (UNREAD,)
        self._keyed = [(key_of(rule), rule) for rule in rules]
        self._keyed += [(DECODED, rule) for rule in decoded]
        keys = {key for key, _ in self._keyed}
        held: tuple[dict[str, Any], ...] = (
            self._shares, self._thresholds, self._spreads, self._volumes, self._freshness,
            self._letters, self._lags,
        )  # fmt: skip
        for states in held:
            for gone in states.keys() - keys:
                del states[gone]

    def due(self, now_ms: int) -> bool:
        """Whether there is something to say without new records."""
        if self._freshness or any(volume.due(now_ms) for volume in self._volumes.values()):
            return True
        if any(letters.over(now_ms) for letters in self._letters.values()):
            return True
        return any(rule.metric in _WITHOUT_RECORDS for rule in self.rules)

    def look(self, look: Look) -> list[Finding]:
        """What is broken now, and what was and holds again; nothing of everything else."""
        old = look.counted.last_ms is not None and look.counted.last_ms < (
            self.began_ms - _HISTORY_MS
        )
        look = replace(look, history=look.history or old)
        look = replace(look, schema_ids=self._schemas.learn(look))
        found: dict[str, Finding] = {}
        for key, rule in self._keyed:
            for each in self._judged(look, key, rule):
                # Of one rule at several scales, what is broken counts.
                if each.broken or not (rule.id in found and found[rule.id].broken):
                    found[rule.id] = each
        return list(found.values())

    def _judged(self, look: Look, key: str, rule: QualityRule) -> Iterator[Finding]:
        if rule.threshold is not None:
            yield from self._thresholds.setdefault(key, Threshold()).look(look, rule, key)
        elif rule.per_record or rule.metric is Metric.NULL_RATE:
            yield from self._shares.setdefault(key, RuleShare()).look(look, rule, key)
        elif rule.metric is Metric.DISTRIBUTION:
            yield from self._spread(key).look(look, rule)
        elif rule.metric in _ARRIVALS:
            if rule.metric is Metric.DEAD_LETTERS:
                yield from self._letters.setdefault(key, FirstLetters()).look(look, rule)
            if key not in self._volumes:
                self._volumes[key] = Volume(rule.metric)
            yield from self._volumes[key].look(look, rule)
        elif rule.metric is Metric.FRESHNESS:
            yield from self._freshness.setdefault(key, Freshness()).look(look, rule)
        elif rule.metric is Metric.LAG:
            yield from self._lags.setdefault(key, Lag()).look(look, rule)
        elif rule.metric is Metric.SCHEMA_DRIFT:
            yield from self._schemas.look(look, rule)

    def _spread(self, key: str) -> Spread:
        if key not in self._spreads:
            self._spreads[key] = Spread()
        return self._spreads[key]

    def encode(self) -> bytes:
        held = {
            "began_ms": self.began_ms,
            "shares": self._shares,
            "thresholds": self._thresholds,
            "spreads": {key: spread.packed() for key, spread in self._spreads.items()},
            "volumes": {key: volume.packed() for key, volume in self._volumes.items()},
            "freshness": self._freshness,
            "letters": self._letters,
            "lags": self._lags,
            "schemas": self._schemas,
        }
        return bytes([_VERSION]) + msgspec.msgpack.encode(held)

    @staticmethod
    def decode(data: bytes, rules: Sequence[QualityRule]) -> Judge:
        """Raises JudgementUnreadableError."""
        if data[:1] != bytes([_VERSION]):
            raise JudgementUnreadableError("a judgement of another version")
        try:
            held: dict[str, Any] = msgspec.msgpack.decode(data[1:])
            return _judge(held, rules)
        except (msgspec.MsgspecError, ValueError, TypeError, KeyError) as error:
            raise JudgementUnreadableError("no judgement") from error


class JudgementUnreadableError(ValueError):
    """These bytes are no judgement of a known version; start a new one, which learns again."""


def _judge(held: dict[str, Any], rules: Sequence[QualityRule]) -> Judge:
    judge = Judge(held["began_ms"])
    by_key = {key_of(rule): rule for rule in rules}
    judge._shares = msgspec.convert(held["shares"], dict[str, RuleShare])
    judge._thresholds = msgspec.convert(held["thresholds"], dict[str, Threshold])
    judge._spreads = {key: Spread(spread) for key, spread in held["spreads"].items()}
    judge._volumes = {
        key: Volume(by_key[key].metric, volume)
        for key, volume in held["volumes"].items()
        if key in by_key
    }
    judge._freshness = msgspec.convert(held["freshness"], dict[str, Freshness])
    # Judgements of before letters and lag were judged know nothing of them.
    judge._letters = msgspec.convert(held.get("letters", {}), dict[str, FirstLetters])
    judge._lags = msgspec.convert(held.get("lags", {}), dict[str, Lag])
    judge._schemas = msgspec.convert(held["schemas"], Schemas)
    judge.put_to(rules)
    return judge
