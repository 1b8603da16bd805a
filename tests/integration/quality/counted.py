"""Counts in the ledger's tables as watchers leave them, for times that a test chooses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import psycopg

from core.alerts.finding import Finding, FindingKind, Position
from core.quality.rule import Dimension, Metric, QualityRule, Severity
from core.quality.watch import key_of
from core.quality.window import Window
from tools.alerts.book import AlertBook
from tools.db.pool import Pool

RATING = QualityRule(
    id="rating-range", metric=Metric.RANGE, field="rating", minimum=1, maximum=5, inferred=True,
    reason="997 of 1,000 messages",
)  # fmt: skip
EMAIL = QualityRule(
    id="contact-email-required", metric=Metric.REQUIRED, field="contact_email", inferred=True,
    reason="in 990 of 1,000 messages",
)  # fmt: skip


BROKE = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=2)
"""When the alert on supplier-events began."""


def window(
    records: int, *, rating: int = 0, email: int = 0, skipped: int = 0, schema: str = "6"
) -> Window:
    """So many records, of which some break the one rule and others the other."""
    return Window(
        records=records,
        skipped=skipped,
        bad=rating + email,
        schemas=Counter({schema: records}),
        broken=Counter({key_of(RATING): rating, key_of(EMAIL): email}),
        bad_by=Counter(validity=rating, completeness=email),
        positions={
            key_of(RATING): [(0, 17, "number 99")] if rating else [],
            key_of(EMAIL): [(2, 40, "null")] if email else [],
        },
    )


def minutes_ago(minutes: float) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=minutes)


def count(url: str, topic: str, at: datetime, found: Window, *, partition: int = 0) -> None:
    """The window of the minute of `at`, and how far the partition was read."""
    start = at.replace(second=0, microsecond=0)
    found.first_ms, found.last_ms = (int(at.timestamp() * 1_000),) * 2
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into quality_windows "
            "(cluster, topic, partition, minutes, start, records, bad, skipped, state) "
            "values ('default', %s, %s, 1, %s, %s, %s, %s, %s)",
            (topic, partition, start, found.records, found.bad, found.skipped, found.to_bytes()),
        )
        connection.execute(
            "insert into quality_offsets "
            "(cluster, topic, partition, next_offset, start_offset, high) "
            "values ('default', %s, %s, 90, 0, 100) on conflict do nothing",
            (topic, partition),
        )


def rule(url: str, topic: str, rules: Iterable[QualityRule] = (RATING, EMAIL)) -> None:
    with psycopg.connect(url) as connection:
        for each in rules:
            connection.execute(
                "insert into quality_rules (cluster, topic, rule_id, rule) "
                "values ('default', %s, %s, %s::jsonb)",
                (topic, each.id, each.model_dump_json(exclude_defaults=True)),
            )


def write_quality(url: str) -> None:
    """supplier-events at 97%, of 98.5% the day before; supplier_data_raw at 55%, of a sample;
    customer.contacts has rules, and nothing was counted yet."""
    rule(url, "supplier-events")
    count(url, "supplier-events", minutes_ago(60 * 30), window(1_000, rating=15))
    count(url, "supplier-events", minutes_ago(50), window(100))
    count(url, "supplier-events", minutes_ago(120), window(700, rating=20, email=4))
    count(url, "supplier-events", BROKE, window(200, rating=6, schema="7"))
    rule(url, "supplier_data_raw")
    count(url, "supplier_data_raw", minutes_ago(90), window(400, email=180, skipped=1_200))
    rule(url, "customer.contacts", [EMAIL])


async def write_alert(pool: Pool) -> int:
    """One that stands on supplier-events; gives back its number."""
    found = Finding(
        source="supplier-events",
        rule_id=RATING.id,
        metric=RATING.metric,
        kind=FindingKind.RULE,
        field="rating",
        dimension=Dimension.VALIDITY,
        severity=Severity.ERROR,
        broken=True,
        since=BROKE,
        at=BROKE + timedelta(seconds=5),
        figures={"broken": 6, "of": 200},
        told="`rating` is out of its range in 6 of 200 records.",
        positions=(Position(partition=0, offset=17, excerpt="number 99"),),
        schema_ids=("7",),
        inferred=True,
    )
    async with pool.connection() as connection, connection.transaction():
        (alert,) = await AlertBook(pool, "default").record(
            connection, "supplier-events", [found], BROKE + timedelta(seconds=6)
        )
    return alert.id
