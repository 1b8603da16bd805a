"""Notices from the moment a topic is found to the channel of the team that owns it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from starlette.responses import Response

from core.notices.forms import Links
from core.notices.notice import Answer, Notice
from core.recommendations.recommendation import RecommendationKind
from tests.integration.notifications.overlap import (
    NEW,
    PRODUCT_TEAM,
    TEAM,
    analysis_ended,
    found,
    proposal,
)
from tests.integration.notifications.receivers import Hook, Mailbox, mail_server, web_server
from tools.db.deliveries import Delivery, DeliveryRepository
from tools.db.notices import NoticeRepository
from tools.db.pool import Pool, open_pool
from tools.notifications.channel import Notifications
from tools.notifications.outbox import PAUSES, Outbox

SECRET = "a secret of this test"


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    pool = await open_pool(database_url)
    await analysis_ended(pool)
    yield pool
    await pool.close()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    async with web_server() as server:
        yield server


def to_hook(hook: Hook, **more: object) -> Notifications:
    channel = {"kind": "webhook", "url": hook.url, "secret": SECRET}
    return Notifications.model_validate({"channels": {TEAM: [channel]}, **more})


async def links(notice: Notice) -> Links:
    return {answer: f"https://headwater.example/{notice.id}/{answer.value}" for answer in Answer}


async def delivered(pool: Pool, settings: Notifications) -> int:
    return await Outbox(pool, settings, links).deliver_due()


async def deliveries(pool: Pool) -> tuple[Delivery, ...]:
    page = await NoticeRepository(pool).list("default")
    return await DeliveryRepository(pool).of_notices([notice.id for notice in page.items])


async def time_passes(pool: Pool) -> None:
    async with pool.connection() as connection:
        await connection.execute("update deliveries set next_at = now()")


async def test_each_channel_of_the_team_gets_it_in_its_form(
    pool: Pool, mailbox: Mailbox, hook: Hook
) -> None:
    async with web_server() as slack:
        settings = Notifications.model_validate(
            {
                "smtp": {
                    "host": "127.0.0.1",
                    "port": mailbox.port,
                    "sender": "headwater@example.com",
                    "security": "none",
                },
                "channels": {
                    TEAM: [
                        {"kind": "email", "to": "logistics@example.com"},
                        {"kind": "slack", "url": slack.url},
                        {"kind": "webhook", "url": hook.url, "secret": SECRET},
                    ]
                },
            }
        )
        await found(pool, settings, proposal())

        assert await delivered(pool, settings) == 3
        assert await delivered(pool, settings) == 0

    assert {each.status for each in await deliveries(pool)} == {"sent"}
    (mail,) = mailbox.mails
    text = mail.get_content()
    assert mail["To"] == "logistics@example.com"
    assert mail["Subject"] == f"[Headwater] Supplier Master has most of what {NEW} has"
    assert "82% similar" in text
    assert "https://headwater.example/1/switch" in text
    assert f"{TEAM} seems to own {NEW}" in text
    ((_, body),) = slack.came
    told = orjson.loads(body)
    facts = told["blocks"][1]["text"]["text"]
    assert "&lt;vendors&gt;&amp;co" in facts
    assert "<" not in facts
    assert [one["url"][-6:] for one in told["blocks"][3]["elements"]] == [
        "switch",
        "romote",
        "xplain",
    ]
    ((headers, body),) = hook.came
    event = orjson.loads(body)
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert (event["specversion"], event["id"], event["subject"]) == ("1.0", "notice-1", NEW)
    assert [option["answer"] for option in event["data"]["options"]] == list(Answer)
    signed = f"{headers['x-headwater-timestamp']}.".encode() + body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["x-headwater-signature"] == f"sha256={expected}"


async def test_what_the_first_analysis_finds_is_no_news(database_url: str, hook: Hook) -> None:
    async with await open_pool(database_url) as pool:
        await found(pool, to_hook(hook), proposal())

        assert (await NoticeRepository(pool).list("default")).items == ()


async def test_a_topic_that_was_there_before_is_no_news(pool: Pool, hook: Hook) -> None:
    """Though the product that has most of it is new."""
    before = datetime.now(UTC) - timedelta(hours=1)

    await found(pool, to_hook(hook), proposal(), first_seen=before)

    assert (await NoticeRepository(pool).list("default")).items == ()


async def test_one_fact_is_told_once(pool: Pool, hook: Hook) -> None:
    settings = to_hook(hook)
    await found(pool, settings, proposal())
    assert await found(pool, settings) == (0, 1)
    assert await found(pool, settings, proposal()) == (1, 0)

    assert await delivered(pool, settings) == 1

    assert await found(pool, settings) == (0, 1)
    await found(pool, settings, proposal(gist="0.9"))
    assert await delivered(pool, settings) == 1
    first, second = (orjson.loads(body)["id"] for _, body in hook.came)
    assert first != second


async def test_other_advice_is_told_to_nobody(pool: Pool, hook: Hook) -> None:
    await found(pool, to_hook(hook), proposal(kind=RecommendationKind.CONSOLIDATE))

    assert (await NoticeRepository(pool).list("default")).items == ()


async def test_of_a_topic_that_nobody_owns_the_products_team_hears(pool: Pool, hook: Hook) -> None:
    channel = {"kind": "webhook", "url": hook.url}
    settings = Notifications.model_validate({"channels": {"*": [channel]}})

    await found(pool, settings, proposal(), owner=None)

    assert await delivered(pool, settings) == 1
    data = orjson.loads(hook.came[0][1])["data"]
    assert data["team"] == PRODUCT_TEAM
    assert data["why_them"] == f"nobody is known to own {NEW}; {PRODUCT_TEAM} owns the product"


async def test_a_team_without_a_channel_has_its_notice_listed(pool: Pool) -> None:
    await found(pool, Notifications(), proposal())

    (notice,) = (await NoticeRepository(pool).list("default")).items
    assert notice.text.team == TEAM
    assert await deliveries(pool) == ()


async def test_a_channel_that_is_down_gets_it_later(pool: Pool, hook: Hook) -> None:
    settings = to_hook(hook)
    hook.answers = [
        Response(status_code=503),
        Response(status_code=429, headers={"Retry-After": "600"}),
        Response(),
    ]
    await found(pool, settings, proposal())

    before = datetime.now(UTC)
    assert await delivered(pool, settings) == 1
    (first,) = await deliveries(pool)
    assert (first.status, first.error) == ("queued", "attempt 1: answered 503")
    assert first.next_at >= before + PAUSES[0]
    assert await delivered(pool, settings) == 0

    await time_passes(pool)
    await delivered(pool, settings)
    (second,) = await deliveries(pool)
    assert second.next_at >= before + timedelta(seconds=600)

    await time_passes(pool)
    await delivered(pool, settings)
    (third,) = await deliveries(pool)
    assert (third.status, third.attempts, third.error) == ("sent", 3, None)
    assert len({orjson.loads(body)["id"] for _, body in hook.came}) == 1


@pytest.mark.parametrize(
    ("answer", "told"),
    [(Response(status_code=404), "answered 404"), (Response(status_code=307), "answered 307")],
)
async def test_what_a_channel_refuses_for_good_is_given_up_at_once(
    pool: Pool, hook: Hook, answer: Response, told: str
) -> None:
    hook.answers = [answer]
    await found(pool, to_hook(hook), proposal())

    await delivered(pool, to_hook(hook))

    (only,) = await deliveries(pool)
    assert (only.status, only.error) == ("failed", f"attempt 1: {told}")


async def test_it_is_given_up_after_the_last_pause(pool: Pool, hook: Hook) -> None:
    hook.answers = [Response(status_code=500)]
    await found(pool, to_hook(hook), proposal())

    for _ in range(len(PAUSES) + 3):
        await delivered(pool, to_hook(hook))
        await time_passes(pool)

    (only,) = await deliveries(pool)
    assert (only.status, only.attempts) == ("failed", len(PAUSES) + 1)


async def test_mails_are_tried_again_or_given_up_as_the_server_says(
    pool: Pool, mailbox: Mailbox
) -> None:
    settings = Notifications.model_validate(
        {
            "smtp": {
                "host": "127.0.0.1",
                "port": mailbox.port,
                "sender": "headwater@example.com",
                "security": "none",
            },
            "channels": {TEAM: [{"kind": "email", "to": "logistics@example.com"}]},
        }
    )
    await found(pool, settings, proposal())

    mailbox.refusal = "451 later"
    await delivered(pool, settings)
    (later,) = await deliveries(pool)
    assert (later.status, later.error) == ("queued", "attempt 1: the server answered 451")
    mailbox.refusal = "550 no such box"
    await time_passes(pool)
    await delivered(pool, settings)

    (gone,) = await deliveries(pool)
    assert (gone.status, gone.error) == ("failed", "attempt 2: the server answered 550")


async def test_a_channel_gets_its_share_of_an_hour_and_the_rest_waits(
    pool: Pool, hook: Hook
) -> None:
    settings = to_hook(hook, per_hour=2)
    for number in range(4):
        await found(pool, settings)
        await found(pool, settings, proposal(gist=str(number)))

    assert await delivered(pool, settings) == 2
    assert await delivered(pool, settings) == 0
    async with pool.connection() as connection:
        await connection.execute("update deliveries set sent_at = sent_at - interval '1 hour'")
    assert await delivered(pool, settings) == 2
    assert len(hook.came) == 4


async def test_what_a_killed_worker_had_claimed_is_delivered_by_another(
    pool: Pool, hook: Hook
) -> None:
    settings = to_hook(hook)
    await found(pool, settings, proposal())
    claimed = await DeliveryRepository(pool).claim(20, timedelta(seconds=60))
    assert claimed is not None
    assert await delivered(pool, settings) == 0

    await time_passes(pool)

    assert await delivered(pool, settings) == 1
    assert len(hook.came) == 1


async def test_a_channel_that_is_configured_no_longer_is_given_up(pool: Pool, hook: Hook) -> None:
    await found(pool, to_hook(hook), proposal())

    await delivered(pool, Notifications())

    (only,) = await deliveries(pool)
    assert (only.status, only.error) == ("failed", "the channel is configured no longer")
