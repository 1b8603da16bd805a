"""Sends a topic's messages with its fault among them, and says when it begins and ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from server.demo.faults.account import Account, Phase, Planted
from server.demo.faults.faulty_story import FaultyStory, Told
from server.demo.production import Production
from server.demo.story import Onward

_PATIENCE = timedelta(seconds=30)
"""How long after its end the account waits for Kafka to take the fault's last records."""

Say = Callable[[Planted], None]
"""Told of each phase, with what was counted by then."""

Observe = Callable[[datetime, Account], None]
"""Called at each tick with the counts up to then."""


@dataclass(slots=True)
class Planting:
    """One fault on one topic; `schema_id` is what its records brought with them, if anything."""

    story: FaultyStory
    production: Production
    onward: Onward
    say: Say
    schema_id: int | None = None
    observe: Observe | None = None
    account: Account = field(default_factory=Account)
    phase: Phase = Phase.PLANNED
    told: int = 0
    stopped: datetime | None = None

    @property
    def topic(self) -> str:
        return self.story.target.topic.name

    def advance(self, instants: Iterable[datetime]) -> None:
        """Send what comes of a message of each instant."""
        for at in instants:
            for told in self.story.next(at, self.onward.next()):
                self._send(told, self.story.episode.covers(at))

    def tend(self, now: datetime) -> None:
        """Say what has begun or ended by then; the end once Kafka has what was sent."""
        episode = self.story.episode
        if self.observe:
            self.observe(now, self.account)
        if self.phase is Phase.PLANNED and now >= episode.begins:
            self._enter(Phase.BEGUN)
        done = not self.account.pending or now >= episode.ends + _PATIENCE
        if self.phase is Phase.BEGUN and now >= episode.ends and done:
            self._enter(Phase.ENDED)

    def close(self) -> None:
        """The demo stops; call it when the production is closed."""
        now = datetime.now(UTC)
        if self.phase is not Phase.BEGUN:
            return
        if now >= self.story.episode.ends:
            self._enter(Phase.ENDED)
        else:
            self.stopped = now
            self._enter(Phase.CUT_SHORT)

    def planted(self) -> Planted:
        """The account up to now."""
        target, episode, account = self.story.target, self.story.episode, self.account
        return Planted(
            phase=self.phase,
            fault=target.fault,
            topic=self.topic,
            event=target.event or None,
            field=target.field,
            share=episode.share,
            begins=episode.begins,
            ends=self.stopped or episode.ends,
            schema_id=self.schema_id,
            messages=account.arrived,
            hit=account.hit,
            withheld=account.withheld,
            undelivered=account.pending,
            offsets=dict(account.offsets),
            during=dict(account.during),
        )

    def _enter(self, phase: Phase) -> None:
        self.phase = phase
        self.say(self.planted())

    def _send(self, told: Told, during: bool) -> None:
        if told.record is None:
            self.account.withheld += 1
            return
        self.account.sent += during
        note = (lambda p, o: self.account.note(p, o, told.hit)) if during else None
        topic = self.story.target.topic
        self.production.send(topic, [told.record], first=self.told, note=note)
        self.told += 1
