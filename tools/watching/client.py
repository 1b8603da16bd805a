"""The watcher's clients."""

from __future__ import annotations

from collections.abc import Sequence

from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._listoffsets import OffsetSpec

from tools.kafka.connection import KafkaConnection, LastError
from tools.watching.ledger import Place

_SECONDS = 30.0
_WAIT_MS, _LONGEST_WAIT_MS = 500, 2_000
_LATEST: OffsetSpec = OffsetSpec.latest()  # type: ignore[no-untyped-call]


def consumer_of(
    connection: KafkaConnection, error: LastError, group: str, instance: str | None, topics: int
) -> Consumer:
    """With a name of its own (`instance`), one that comes back within the session keeps its
    partitions at once. `topics` is how many there are to watch."""
    named = {} if instance is None else {"group.instance.id": f"{group}-{instance}"}
    return Consumer(
        connection.config(
            error,
            {
                "group.id": group,
                "partition.assignment.strategy": "cooperative-sticky",
                "session.timeout.ms": 15_000,
                "max.poll.interval.ms": 600_000,
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                # Where retention took what was not read yet.
                "auto.offset.reset": "earliest",
                "isolation.level": "read_committed",
                # Where little comes, a broker is not asked anew for every message: each time it is
                # asked for every partition, which takes some 12 us of a core for each.
                "fetch.min.bytes": 65_536,
                "fetch.wait.max.ms": min(max(topics // 2, _WAIT_MS), _LONGEST_WAIT_MS),
                "queued.max.messages.kbytes": 65_536,
                # A partition whose queue was full once is looked at again after this: by itself
                # a second, in which a fast reader starves.
                "fetch.queue.backoff.ms": 10,
                # A topic that is created or deleted is told of by the rules.
                "topic.metadata.refresh.interval.ms": 60_000,
                **named,
            },
        )
    )


def starts_of(
    connection: KafkaConnection, consumer: Consumer, places: Sequence[Place], since_ms: int
) -> dict[Place, int]:
    """The first offset of each partition whose record is not older; its end where there is none.

    Raises KafkaException.
    """
    asked = [TopicPartition(topic, partition, since_ms) for topic, partition in places]
    found = {
        (one.topic, one.partition): one.offset
        for one in consumer.offsets_for_times(asked, timeout=_SECONDS)
        if one.offset >= 0
    }
    ends = [TopicPartition(*place) for place in places if place not in found]
    if ends:
        admin = AdminClient(connection.config(LastError()))
        told = admin.list_offsets(dict.fromkeys(ends, _LATEST), request_timeout=_SECONDS)
        found |= {
            (one.topic, one.partition): future.result().offset for one, future in told.items()
        }
    return found
