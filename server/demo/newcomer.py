"""A team that starts a topic for what a product has already: so a notice begins."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from server.demo.fleet import SEED
from server.demo.headers import produced_by
from server.demo.population import populate
from server.demo.production import Production
from server.demo.story import Record, Story
from server.demo.topic import Topic, Writing, event, retained
from server.demo.vocabulary import REAL, WHOLE, iso, of, stamp
from server.demo.wire.encoder import Encoder
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection
from tools.kafka.errors import TopicExistsError

NEWCOMER = Topic(
    "team-c.supplier-directory",
    Writing.JSON,
    "suppliers",
    (
        event(
            "SupplierEntry",
            supplierId=of("id"),
            legalName=of("name"),
            street=of("street"),
            postalCode=of("postcode"),
            city=of("city"),
            country=of("country"),
            contactEmail=of("email"),
            phone=of("phone"),
            vatId=of("vat"),
            iban=of("iban"),
            currency=of("currency"),
            paymentTermsDays=of("terms", WHOLE),
            rating=of("rating", REAL),
            status=of("status"),
            updatedAt=stamp(iso),
        ),
    ),
    400,
    key=of("id"),
    headers=produced_by("team-c.directory-service"),
    partitions=2,
    config=retained(7),
)


class NewcomerThereError(Exception):
    def __init__(self) -> None:
        super().__init__(
            f"{NEWCOMER.name} is there already, so it is news to nobody. Delete the topic and scan "
            "to begin again."
        )


async def start_newcomer(
    bootstrap_servers: str, *, seed: int = SEED, kafka_config: Mapping[str, str] | None = None
) -> int:
    """Create the topic with its messages; gives back how many. Raises NewcomerThereError and
    KafkaFailedError."""
    connection = KafkaConnection(bootstrap_servers, kafka_config or {})
    try:
        await KafkaAdmin(connection).create_topic(
            NEWCOMER.name, partitions=NEWCOMER.partitions, configs=NEWCOMER.config
        )
    except TopicExistsError:
        raise NewcomerThereError from None
    now = datetime.now(UTC)
    story = Story(NEWCOMER, populate(seed, now.date()), Encoder(NEWCOMER, {}), str(seed))
    await asyncio.to_thread(_send, connection, story.past(NEWCOMER.count, now))
    return NEWCOMER.count


def _send(connection: KafkaConnection, records: Iterable[Record]) -> None:
    production = Production(connection)
    production.send(NEWCOMER, records)
    production.flush()
