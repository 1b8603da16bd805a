"""The topic of a draft: its name, size, retention, cleanup and compatibility, each with why."""

from __future__ import annotations

from dataclasses import dataclass

from core.drafting.drafted import DraftContext
from core.drafting.promises import WEEK_MS, Promises
from core.drafting.sizing import Sized, Throughput, partitions_of, replication_of
from core.drafting.subject import GENERAL, Subject, slug
from core.generation import GenerationRequest
from core.plan import FOREVER, CleanupPolicy, Compatibility, Note, TopicPlan

LONG_MS = 90 * 86_400_000
"""Retention from which on readers must understand every earlier version, not only the last."""


@dataclass(frozen=True, slots=True)
class DraftedTopic:
    """A topic with the level that its subject is registered under."""

    plan: TopicPlan
    compatibility: Compatibility
    notes: tuple[Note, ...]


@dataclass(slots=True)
class TopicDrafting:
    """What a topic is made by; `keyed` says whether messages have a key."""

    request: GenerationRequest
    context: DraftContext
    promises: Promises
    throughput: Throughput | None
    subject: Subject
    keyed: bool

    def done(self) -> DraftedTopic:
        partitions = partitions_of(self.promises, self.throughput)
        replication = replication_of(self.promises, self.context.brokers, self.context.replication)
        cleanup, why_cleanup = self._cleanup()
        retention, why_retention = self._retention(cleanup)
        plan = TopicPlan(
            cluster=self.context.cluster,
            name=self._name(),
            partitions=min(partitions.value, 10_000),
            replication=replication.value,
            retention_ms=retention,
            cleanup=cleanup,
            settings=_settings(replication),
        )
        level, why_level = self._compatibility(plan)
        naming = Note(about="topic.name", because=f"the naming is {self.context.naming.why}")
        sizes = (_noted("partitions", partitions), _noted("replication", replication))
        return DraftedTopic(plan, level, (naming, *sizes, why_cleanup, why_retention, why_level))

    def _name(self) -> str:
        """By its domain, and where that is not known by its owner."""
        domain = self.subject.domain
        if domain == GENERAL:
            domain = slug(self.request.owner.rpartition("/")[2])
        return self.context.naming.name(domain, self.request.product_name)

    def _cleanup(self) -> tuple[CleanupPolicy, Note]:
        promises, about = self.promises, "topic.cleanup"
        if promises.uncompacted:
            because = f'"{promises.uncompacted}" asks for all of them'
            return CleanupPolicy.DELETE, Note(about=about, because=because, given=True)
        if not promises.compact:
            because = "each message tells something of its own"
            return CleanupPolicy.DELETE, Note(about=about, because=because)
        because = f'"{promises.compact}" asks for the latest of each key'
        if not self.keyed:
            because += ", but no field can be the key"
            return CleanupPolicy.DELETE, Note(about=about, because=because)
        ends = promises.retention is not None and promises.retention.value != FOREVER
        policy = CleanupPolicy.COMPACT_DELETE if ends else CleanupPolicy.COMPACT
        return policy, Note(about=about, because=because, given=True)

    def _retention(self, cleanup: CleanupPolicy) -> tuple[int, Note]:
        about, said = "topic.retention_ms", self.promises.retention
        if said is not None:
            return int(said.value), Note(about=about, because=f'"{said.says}"', given=True)
        if cleanup is CleanupPolicy.COMPACT:
            return FOREVER, Note(about=about, because="the latest of each key stays for good")
        because = "seven days, Kafka's own default, since the text says nothing"
        return WEEK_MS, Note(about=about, because=because)

    def _compatibility(self, plan: TopicPlan) -> tuple[Compatibility, Note]:
        about, said = "schema_plan.compatibility", self.promises.compatibility
        if said is not None:
            level, says = said
            return Compatibility(level), Note(about=about, because=f'"{says}"', given=True)
        kept = plan.retention_ms == FOREVER or plan.retention_ms > LONG_MS
        if kept or plan.cleanup is not CleanupPolicy.DELETE:
            because = "messages are kept for long, so readers meet those of every earlier version"
            return Compatibility.BACKWARD_TRANSITIVE, Note(about=about, because=because)
        because = "readers can be moved first, and old messages are soon gone"
        return Compatibility.BACKWARD, Note(about=about, because=because)


def _noted(part: str, sized: Sized) -> Note:
    return Note(about=f"topic.{part}", because=sized.because, given=sized.given)


def _settings(replication: Sized) -> dict[str, str]:
    return {"min.insync.replicas": str(replication.value - 1)} if replication.value > 2 else {}
