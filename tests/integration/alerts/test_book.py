"""Alerts in the catalog: once each, whole or not at all, with the owner and who did what."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from psycopg import Rollback

from core.alerts.alert import AlertStatus
from core.alerts.event import EventKind
from core.alerts.finding import Position
from core.alerts.policy import AlertPolicy
from tests.integration.alerts.ground import START, TEAM, Ground, finding, holding
from tools.db.alerts import AlertNotFoundError
from tools.db.audit import AuditLog

JANE = "user:default/jane"


async def test_an_alert_is_kept_with_its_owner_and_every_transition(ground: Ground) -> None:
    await ground.broken_and_recovered()

    (alert,) = await ground.all()
    assert (alert.status, alert.team, alert.source) == (AlertStatus.RESOLVED, TEAM, "orders.v1")
    assert alert.title == (
        "orders.v1: `customer_id` is missing where it is required, since 2026-03-01 10:00:00 UTC "
        f"(owned by {TEAM})"
    )
    events = await ground.alerts.events(alert.id)
    assert [(each.number, each.kind) for each in events] == [
        (1, EventKind.OPENED), (2, EventKind.RESOLVED)
    ]  # fmt: skip
    assert [each.data.status for each in events] == [AlertStatus.OPEN, AlertStatus.RESOLVED]


async def test_the_same_look_again_changes_nothing(ground: Ground) -> None:
    """As after a kill between the commit and what the judge knows of it."""
    for _ in range(3):
        await ground.look(0, finding())

    assert len(await ground.all()) == 1
    assert [event.kind for event in await ground.events()] == [EventKind.OPENED]


async def test_a_look_that_is_undone_leaves_nothing(ground: Ground) -> None:
    async with ground.pool.connection() as connection, connection.transaction():
        await ground.book.record(connection, "orders.v1", [finding()], START)
        raise Rollback

    assert await ground.all() == ()
    assert await ground.events() == []


async def test_looks_at_once_open_one_alert(ground: Ground) -> None:
    await asyncio.gather(*(ground.look(number, finding()) for number in range(8)))

    assert len(await ground.all()) == 1
    assert [event.kind for event in await ground.events()] == [EventKind.OPENED]


async def test_sources_do_not_share_alerts(ground: Ground) -> None:
    await asyncio.gather(*(ground.look(0, finding(), source=f"s{n}") for n in range(5)))

    found = await ground.all()
    assert sorted(one.source for one in found) == [f"s{n}" for n in range(5)]
    assert {one.team for one in found} == {None}
    assert await ground.book.active_sources() == {f"s{n}" for n in range(5)}


async def test_a_relapse_is_found_again_after_a_restart(ground: Ground) -> None:
    await ground.broken_and_recovered()

    await ground.look(600, finding(since=600))

    (alert,) = await ground.all()
    assert (alert.status, alert.reopened) == (AlertStatus.REOPENED, 1)


async def test_an_alert_long_after_its_cool_down_is_a_new_one(ground: Ground) -> None:
    ground.policy = AlertPolicy(cooldown_seconds=60, longest_hold_seconds=60)
    await ground.broken_and_recovered()

    await ground.look(101, finding(since=101))

    assert [one.status for one in await ground.all()] == [AlertStatus.OPEN, AlertStatus.RESOLVED]


async def test_the_same_beginning_after_the_cool_down_is_not_lost(ground: Ground) -> None:
    """One beginning has one alert in the catalog, so it must be opened again."""
    ground.policy = AlertPolicy(cooldown_seconds=60, longest_hold_seconds=60)
    await ground.broken_and_recovered()

    await ground.look(10_000, finding())

    (alert,) = await ground.all()
    assert alert.status is AlertStatus.REOPENED


async def test_what_messages_hold_cannot_keep_an_alert_from_the_catalog(ground: Ground) -> None:
    """Field names come from messages: an alert that cannot be stored would never fire."""
    odd = finding(
        "a\0b\ud800",
        rule_id="required-a",
        told="`a\0b` is null",
        figures={"share": float("nan"), "broken": 3.0, "rate": float("inf")},
        positions=(Position(partition=0, offset=1, excerpt="\0"),),
    )
    await ground.look(0, odd)
    await ground.look(5, odd)

    (alert,) = await ground.all()
    assert alert.findings[0].last == {"broken": 3.0}
    assert "\0" not in alert.title
    await ground.look(10, holding(odd))
    await ground.look(40, holding(odd))
    assert (await ground.all())[0].status is AlertStatus.RESOLVED


async def test_deeds_are_audited_once(ground: Ground) -> None:
    await ground.look(0, finding())
    (alert,) = await ground.all()
    until = datetime.now(UTC) + timedelta(hours=1)

    for _ in range(2):
        await ground.book.acknowledge(alert.id, JANE, "on it")
        await ground.book.mute(alert.id, JANE, until, None)
    for _ in range(2):
        await ground.book.unmute(alert.id, JANE)
        await ground.book.resolve(alert.id, JANE, "rolled back")
    with pytest.raises(AlertNotFoundError):
        await ground.book.resolve(999, JANE, "nothing")

    entries = (await AuditLog(ground.pool).list(f"alert:{alert.id}")).items
    assert [entry.action for entry in reversed(entries)] == [
        "alert.acknowledge", "alert.mute", "alert.unmute", "alert.resolve"
    ]  # fmt: skip
    assert {entry.actor for entry in entries} == {JANE}
    kinds = [event.kind for event in await ground.events()]
    assert kinds == ["opened", "acknowledged", "muted", "unmuted", "resolved"]


async def test_the_owner_of_the_product_comes_before_the_topics(ground: Ground) -> None:
    async with ground.pool.connection() as connection:
        await connection.execute(
            "insert into products (id, name, description, owner, domain, lifecycle, version) "
            "values ('orders', 'Orders', '', 'group:default/sales', 'sales', 'active', '1.0.0')"
        )
        await connection.execute("update sources set product_id = 'orders'")

    await ground.look(0, finding())

    assert (await ground.all())[0].team == "group:default/sales"
