"""Alerts on their way to the owner's channels, through the outbox of all messages.

Three known faults of another system have their tests here by what happened: an alert that never
fired though the rule broke, one that fired on success, and one that never arrived at its channel.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from starlette.responses import Response

from core.alerts.alert import Alert
from core.notices.forms import Links
from core.notices.notice import Notice
from core.quality.rule import Severity
from tests.integration.alerts.ground import START, TEAM, Ground, finding, holding
from tests.integration.notifications.receivers import Hook, Mailbox, mail_server, web_server
from tools.db.deliveries import Delivery, DeliveryRepository
from tools.notifications.channel import Notifications
from tools.notifications.outbox import PAUSES, Outbox

SECRET = "a secret of this test"


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    async with web_server() as server:
        yield server


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


def to_hook(hook: Hook, team: str = TEAM, **more: object) -> Notifications:
    channel = {"kind": "webhook", "url": hook.url, "secret": SECRET}
    return Notifications.model_validate({"channels": {team: [channel]}, **more})


async def no_links(notice: Notice) -> Links:
    raise AssertionError("this is about no notice")


async def link_of(alert: Alert) -> str:
    return f"https://headwater.example/alerts/link/{alert.id}"


async def delivered(ground: Ground) -> int:
    """What is due by now, the gathering of an opening included."""
    await time_passes(ground)
    return await Outbox(ground.pool, ground.settings, no_links, link_of).deliver_due()


async def time_passes(ground: Ground) -> None:
    async with ground.pool.connection() as connection:
        await connection.execute("update deliveries set next_at = now() - interval '1 second'")


async def deliveries(ground: Ground) -> tuple[Delivery, ...]:
    repository = DeliveryRepository(ground.pool)
    found = [await repository.of_alert(one.id) for one in await ground.all()]
    return tuple(each for some in found for each in some)


def came(hook: Hook) -> list[Any]:
    return [orjson.loads(body) for _, body in hook.came]


def events(hook: Hook) -> list[str]:
    return [each["data"]["event"] for each in came(hook)]


async def test_a_rule_that_breaks_is_told(ground: Ground, hook: Hook) -> None:
    """OpenMetadata #22172: the rule broke, and the alert never fired. Neither a mild severity, nor
    a guessed or missing owner, nor a rule that nobody stated keeps it from being told."""
    ground.settings = to_hook(hook, team="*")
    mild = finding("a", severity=Severity.WARNING, inferred=True)
    await ground.look(0, finding(), source="unowned")
    await ground.look(0, mild, source="orders.v1")
    await ground.look(0, finding(None, told="", figures={}), source="bare")

    await delivered(ground)

    assert sorted(each["subject"] for each in came(hook)) == ["bare", "orders.v1", "unowned"]
    assert set(events(hook)) == {"opened"}
    assert {each["data"]["team"] for each in came(hook)} == {None, TEAM}


async def test_a_rule_that_goes_on_breaking_after_people_resolved_it_is_told_again(
    ground: Ground, hook: Hook
) -> None:
    ground.settings = to_hook(hook)
    await ground.look(0, finding())
    (alert,) = await ground.all()
    await ground.book.resolve(alert.id, "user:default/jane", "fixed")
    # Deeds have the time of now, and looks that of the test.
    grace = (datetime.now(UTC) - START).total_seconds() + 301

    await ground.look(grace, finding())
    await delivered(ground)

    assert events(hook) == ["opened", "resolved", "reopened"]


async def test_what_holds_is_never_told(ground: Ground, hook: Hook) -> None:
    """OpenMetadata #20962: the alert fired on success."""
    ground.settings = to_hook(hook)
    fine = [holding(finding(name)) for name in ("a", "b", None)]
    for second in range(0, 600, 60):
        await ground.look(second, *fine)

    assert await delivered(ground) == 0
    assert await ground.all() == ()


async def test_a_recovery_is_told_as_one_and_once(ground: Ground, hook: Hook) -> None:
    ground.settings = to_hook(hook)
    await ground.broken_and_recovered()
    for second in range(60, 600, 60):
        await ground.look(second, holding(finding()))

    await delivered(ground)

    opened, resolved = came(hook)
    assert (opened["data"]["event"], resolved["data"]["event"]) == ("opened", "resolved")
    assert resolved["type"] == "io.headwater.alert.resolved.v1"
    assert resolved["data"]["status"] == "resolved"
    assert not any(each["broken"] for each in resolved["data"]["findings"])


async def test_a_channel_that_is_down_hears_of_all_of_it_later_and_in_order(
    ground: Ground, hook: Hook
) -> None:
    """OpenMetadata #16192: the alert never arrived at its channel."""
    ground.settings = to_hook(hook)
    hook.answers = [Response(status_code=503), Response(status_code=503), Response()]
    await ground.broken_and_recovered()

    before = datetime.now(UTC)
    assert await delivered(ground) == 1
    first, second = await deliveries(ground)
    assert (first.status, first.error) == ("queued", "attempt 1: answered 503")
    assert first.next_at >= before + PAUSES[0]
    assert (second.status, second.attempts) == ("queued", 0)
    assert await delivered(ground) == 1
    assert await delivered(ground) == 2

    assert events(hook) == ["opened", "opened", "opened", "resolved"]
    assert len({each["id"] for each in came(hook)}) == 2
    assert {each.status for each in await deliveries(ground)} == {"sent"}


async def test_a_channel_that_gave_up_on_one_message_still_hears_the_next(
    ground: Ground, hook: Hook
) -> None:
    ground.settings = to_hook(hook)
    hook.answers = [Response(status_code=404), Response()]
    await ground.broken_and_recovered()

    await delivered(ground)

    assert [each.status for each in await deliveries(ground)] == ["failed", "sent"]


async def test_each_channel_gets_it_in_its_form(
    ground: Ground, hook: Hook, mailbox: Mailbox
) -> None:
    async with web_server() as slack:
        ground.settings = Notifications.model_validate(
            {
                "smtp": {
                    "host": "127.0.0.1",
                    "port": mailbox.port,
                    "sender": "headwater@example.com",
                    "security": "none",
                },
                "channels": {
                    TEAM: [
                        {"kind": "email", "to": "orders@example.com"},
                        {"kind": "slack", "url": slack.url},
                        {"kind": "webhook", "url": hook.url, "secret": SECRET},
                    ]
                },
            }
        )
        told = "`<b>&co` is null in 34% of 1,000 records."
        await ground.look(0, finding("<b>&co", told=told, figures={"share": 0.34}))
        await delivered(ground)

    (mail,) = mailbox.mails
    text = mail.get_content()
    assert mail["Subject"].startswith("[Headwater] Broken: orders.v1: `<b>&co` is missing")
    assert told in text
    assert "https://headwater.example/alerts/link/1" in text
    assert f"{TEAM} owns orders.v1" in text
    ((_, body),) = slack.came
    blocks = orjson.loads(body)["blocks"]
    assert "&lt;b&gt;&amp;co" in blocks[2]["text"]["text"]
    assert blocks[3]["elements"][0]["url"] == "https://headwater.example/alerts/link/1"
    ((headers, _),) = hook.came
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert "x-headwater-signature" in headers


async def test_what_is_found_of_the_same_cause_within_seconds_is_in_the_first_message(
    ground: Ground, hook: Hook
) -> None:
    ground.settings = to_hook(hook)
    broken = [finding(f"f{number}", since=number) for number in range(6)]
    outbox = Outbox(ground.pool, ground.settings, no_links, link_of)
    for number in range(6):
        await ground.look(number, *broken[: number + 1])
        assert await outbox.deliver_due() == 0

    await delivered(ground)

    (only,) = came(hook)
    assert [each["field"] for each in only["data"]["findings"]] == [f"f{n}" for n in range(6)]
    assert "f0" in only["data"]["title"]


async def test_a_muted_alert_reaches_nobody(ground: Ground, hook: Hook) -> None:
    ground.settings = to_hook(hook)
    await ground.look(0, finding())
    (alert,) = await ground.all()
    until = datetime.now(UTC) + timedelta(hours=1)
    await ground.book.mute(alert.id, "user:default/jane", until, None)
    await ground.look(10, holding(finding()))
    await ground.look(40, holding(finding()))

    await delivered(ground)

    assert events(hook) == ["opened"]
    assert [event.kind for event in await ground.events()] == ["opened", "muted", "resolved"]
