"""Messages that cannot be decoded, sent on as they lay to a topic of their own."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from confluent_kafka import KafkaError, KafkaException, Producer
from confluent_kafka import Message as Record
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from core.decoding.decoded import FailureReason
from core.similarity.kinship import kin_of
from core.similarity.relation import Kinship
from tools.kafka.connection import KafkaConnection, LastError
from tools.kafka.dead_letter import Failing, dead_letter_headers

_SECONDS = 30.0

log = logging.getLogger(__name__)


class DeadLetters:
    """`template` names the topic by `{topic}`; it is created where it is missing. A message may be
    there twice where a watcher was killed; none is missing."""

    def __init__(self, connection: KafkaConnection, template: str, group: str) -> None:
        self._connection = connection
        self._template = template
        self._there: set[str] = set()
        self._failing = Failing(
            group, 0, "VALUE_CONVERTER", "headwater.quality", "MessageNotDecoded"
        )
        self._producer = Producer(
            connection.config(
                LastError(),
                {"enable.idempotence": True, "linger.ms": 20, "compression.type": "lz4"},
            )
        )
        self._refused: KafkaException | None = None

    def send(
        self, topic: str, records: Sequence[Record], unread: Mapping[int, FailureReason]
    ) -> None:
        """`unread` are places among the records. What is on a dead-letter topic stays there."""
        if not unread or kin_of(topic).role is Kinship.DEAD_LETTER:
            return
        target = self._template.replace("{topic}", topic)
        self._ensure(target)
        for place, reason in sorted(unread.items()):
            record = records[place]
            headers = dead_letter_headers(record, self._failing, reason.value.replace("_", " "))
            self._producer.produce(
                target, record.value(), record.key(), headers=headers, on_delivery=self._heard
            )

    def flush(self) -> bool:
        """Whether all that was sent has arrived: what was counted may be written then."""
        left = self._producer.flush(_SECONDS)
        refused, self._refused = self._refused, None
        return left == 0 and refused is None

    def _ensure(self, target: str) -> None:
        if target in self._there:
            return
        admin = AdminClient(self._connection.config(LastError()))
        made = admin.create_topics([NewTopic(target, 1, -1)], request_timeout=_SECONDS)
        try:
            made[target].result()
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                log.warning("the dead-letter topic %s cannot be created: %s", target, error)
                return
        self._there.add(target)

    def _heard(self, error: object, record: Record) -> None:
        if error is not None:
            self._refused = KafkaException(error)
