"""A team that starts a topic for what a product has already: so a notice begins."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from server.demo.fleet import SEED
from server.demo.headers import produced_by
from server.demo.population import populate
from server.demo.production import Production
from server.demo.story import Story
from server.demo.topic import Topic, Writing, event
from server.demo.vocabulary import REAL, WHOLE, iso, of, stamp
from server.demo.wire.encoder import Encoder
from tools.kafka.connection import KafkaConnection, LastError
from tools.kafka.errors import translated

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
)

_SECONDS = 30.0


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
    return await asyncio.to_thread(_start, connection, seed)


def _start(connection: KafkaConnection, seed: int) -> int:
    error = LastError()
    admin = AdminClient(connection.config(error))
    wanted = NewTopic(
        NEWCOMER.name, NEWCOMER.partitions, config={"retention.ms": str(7 * 86_400_000)}
    )
    try:
        admin.create_topics([wanted], request_timeout=_SECONDS)[NEWCOMER.name].result()
    except KafkaException as cause:
        if cause.args[0].code() == KafkaError.TOPIC_ALREADY_EXISTS:
            raise NewcomerThereError from None
        what = f"create {NEWCOMER.name}"
        raise translated(cause.args[0], what, connection.bootstrap_servers, error.text) from None
    now = datetime.now(UTC)
    story = Story(NEWCOMER, populate(seed, now.date()), Encoder(NEWCOMER, {}), str(seed))
    production = Production(connection)
    production.send(NEWCOMER, story.past(NEWCOMER.count, now))
    production.flush()
    return NEWCOMER.count
