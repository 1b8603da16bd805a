"""Looks at the real Kafka count what was written and read since the look before."""

from __future__ import annotations

from datetime import UTC, datetime

from core.ownership import OwnerRules
from core.usage.period import period_of
from tests.integration.discovery.conftest import Corner, Scanner
from tools.db.pool import Pool
from tools.db.usage import UsageLedger
from tools.db.usage_reading import UsageFilter, UsageRepository
from tools.usage.observer import Observer


async def test_what_is_produced_and_committed_between_two_looks_is_counted(
    corner: Corner, scanner: Scanner, pool: Pool
) -> None:
    topic = await corner.create("orders")
    corner.put(topic, [{"id": number} for number in range(30)])
    group = f"risk.{corner.prefix}"
    corner.commit(group, topic, 10)
    await scanner()
    observer = Observer(
        corner.admin, scanner.sources, UsageLedger(pool, "default"), OwnerRules(), "default"
    )
    await observer.look()
    corner.put(topic, [{"id": number} for number in range(12)])
    corner.commit(group, topic, 25)
    await observer.look()

    today = datetime.now(UTC).date()
    page = await UsageRepository(pool).list(
        "default", period_of(today, today), UsageFilter(source=topic)
    )

    (used,) = page.items
    assert (used.written, used.read) == (12, 15)
    (reader,) = used.consumers
    assert (reader.group, reader.team) == (group, "risk")
    assert (reader.lag_before, reader.lag) == (20, 17)
