"""Why a draft is as it is: tags, notes on what was given or inferred, and risks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.drafting.composed import Composed
from core.drafting.marks import Trait
from core.drafting.promises import Promises
from core.drafting.reading import Reading
from core.drafting.rendering import Secret, paths
from core.drafting.subject import GENERAL, Subject, slug, with_article
from core.plan import FOREVER, CleanupPolicy, Note, TopicPlan

REAL_TIME_MS = 10_000
FEW = 3
"""Fields that a text names, below which most of a schema is proposed."""


def latency_of(promises: Promises) -> int | None:
    """How soon consumers need a message; what is of no use later is needed by then."""
    said = promises.latency or promises.timeliness
    return max(1, round(said.value)) if said else None


@dataclass(frozen=True, slots=True)
class Explaining:
    """What is explained."""

    reading: Reading
    composed: Composed
    subject: Subject
    topic: TopicPlan
    secrets: tuple[Secret, ...]

    def tags(self) -> Iterator[tuple[str, str]]:
        """Each with its reason."""
        latency = latency_of(self.reading.promises)
        if self.subject.domain != GENERAL:
            yield slug(self.subject.domain), f"its domain: {self.subject.because}"
        if self.subject.main is not None:
            yield (
                slug(self.subject.main.name),
                f"it tells of {with_article(self.subject.main.name)}",
            )
        if latency is not None and latency <= REAL_TIME_MS:
            yield "real-time", f"consumers need it within {latency} ms"
        if self.secrets:
            yield "confidential", "it has sensitive fields"
        if self._compacts:
            yield "latest-state", "the topic keeps the latest of each key"

    def notes(self) -> Iterator[Note]:
        yield Note(about="product.domain", because=self.subject.because)
        yield from self._on_key_and_time()
        yield from self._on_latency()
        for path, sketch in paths(self.composed.sketches.fields):
            if not sketch.given and sketch.because:
                yield Note(about=f"schema_plan.value.{path}", because=sketch.because)
        for secret in self.secrets:
            about = f"schema_plan.sensitive.{secret.path}"
            yield Note(about=about, because=secret.because, given=secret.given)
        for no in self.composed.ruled_out:
            because = f'no field {"_".join(no.words)}: "{no.says}"'
            yield Note(about="schema_plan.value", because=because, given=True)
        for name, because in self.tags():
            yield Note(about=f"product.tags.{name}", because=because)

    def risks(self) -> Iterator[str]:
        yield from self._on_secrets()
        yield from self._on_keys()
        if sum(sketch.given for sketch in self.composed.sketches) < FEW:
            yield "The description names few fields; most of the schema is proposed: check it."

    @property
    def _compacts(self) -> bool:
        return self.topic.cleanup is not CleanupPolicy.DELETE

    def _on_key_and_time(self) -> Iterator[Note]:
        composed = self.composed
        if composed.key is not None:
            why = composed.key_because or "it comes first"
            because = f'"{why}"' if composed.key_given else why
            yield Note(about="schema_plan.key", because=because, given=composed.key_given)
        if (time := composed.event_time) is not None:
            because = "the text names it" if time.given else time.because
            yield Note(about="schema_plan.event_time", because=because, given=time.given)

    def _on_latency(self) -> Iterator[Note]:
        promises = self.reading.promises
        if promises.latency is not None:
            yield Note(about="latency_ms", because=f'"{promises.latency.says}"', given=True)
        elif promises.timeliness is not None:
            because = f'"{promises.timeliness.says}": later it is of no use'
            yield Note(about="latency_ms", because=because)

    def _on_secrets(self) -> Iterator[str]:
        if not self.secrets:
            return
        names = ", ".join(secret.path for secret in self.secrets)
        yield f"Sensitive fields ({names}): decide who may read the topic before it is filled."
        if self.topic.retention_ms == FOREVER and not self._compacts:
            yield "Sensitive data is kept for good: a right to erasure needs a way of its own."

    def _on_keys(self) -> Iterator[str]:
        composed, promises = self.composed, self.reading.promises
        if composed.key is None:
            yield "No field can be the key: no order among messages holds."
        elif self._compacts and not composed.key_given:
            yield f"The text does not name {composed.key.name} as the key to compact by: check it."
        unique = [s.name for s in composed.sketches if Trait.UNIQUE in s.traits]
        if unique and (promises.uncompacted or self._compacts):
            yield (
                f"{unique[0]} is to be unique, but the topic carries several messages of one: "
                "the rule counts them as repeats."
            )
        several = next((names for names, _ in promises.keys if len(names) > 1), None)
        if several is not None:
            wanted = " and ".join(several)
            yield f"The text keys by {wanted}; a message has one key, so the first is taken."
