"""What a team answers, over HTTP and by the links that it was sent, and what follows from it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from core.notices.notice import Answer
from core.recommendations.recommendation import RecommendationStatus
from server.app import catalog_app
from server.embedded.stack import EmbeddedStack
from server.notices.link import NoticeLinks
from tests.integration.catalog.conftest import client_of, settings_of
from tests.integration.notifications.overlap import NEW, TEAM, analysis_ended, found, proposal
from tools.db.audit import AuditLog
from tools.db.notices import NoticeRepository
from tools.db.pool import Pool, open_pool
from tools.db.recommendations import RecommendationRepository
from tools.notifications.channel import Notifications

SECRET = "the secret of these links, long enough"
JANE = {"X-Headwater-Principal": "user:default/jane"}


@dataclass
class Told:
    """A running catalog in which one team was told of one topic."""

    client: httpx.AsyncClient
    pool: Pool
    notice: int = 1

    async def recommendation(self) -> Any:
        notice = await NoticeRepository(self.pool).get(self.notice)
        return await RecommendationRepository(self.pool).get(notice.recommendation_id)

    async def answer(self, answer: str, comment: str | None = None) -> httpx.Response:
        body = {"answer": answer, "comment": comment}
        return await self.client.post(f"/notices/{self.notice}/answer", json=body, headers=JANE)

    async def link(self, *, base: str = "", secret: str = SECRET) -> str:
        notice = await NoticeRepository(self.pool).get(self.notice)
        return (await NoticeLinks(self.pool, base, secret).links_of(notice))[Answer.SWITCH]


@pytest.fixture
async def told(stack: EmbeddedStack, database_url: str) -> AsyncIterator[Told]:
    settings = settings_of(stack, database_url, callback_secret=SECRET)
    async with await open_pool(database_url) as pool, client_of(catalog_app(settings)) as client:
        await analysis_ended(pool)
        await found(pool, Notifications(), proposal())
        yield Told(client, pool)


async def test_a_notice_is_listed_with_what_can_be_done(told: Told) -> None:
    listed = (await told.client.get("/notices", params={"team": TEAM, "answered": False})).json()
    (notice,) = listed["items"]

    assert notice["text"]["title"] == f"Supplier Master has most of what {NEW} has"
    assert set(notice["text"]["options"]) == {"switch", "promote", "explain"}
    assert (await told.client.get("/notices/1")).json() == notice
    promote = next(action for action in notice["actions"] if action["name"] == "promote")
    assert promote["path"] == "/sources/%3Cvendors%3E%26co/promote"
    assert (await told.client.get("/notices", params={"source": "other"})).json()["items"] == []


@pytest.mark.parametrize(
    ("answer", "comment", "status", "reason"),
    [
        ("switch", None, RecommendationStatus.ACCEPTED, "They switch to the product."),
        ("promote", "It has its own life.", RecommendationStatus.DISMISSED,
         "It becomes a product of its own. It has its own life."),
        ("explain", "Kept apart by law.", RecommendationStatus.DISMISSED,
         "It stays beside the product. Kept apart by law."),
    ],
)  # fmt: skip
async def test_an_answer_is_kept_and_changes_the_recommendation(
    told: Told, answer: str, comment: str | None, status: RecommendationStatus, reason: str
) -> None:
    response = await told.answer(answer, comment)

    answered = response.json()["answered"]
    assert (answered["answer"], answered["by"]) == (answer, "user:default/jane")
    changed = await told.recommendation()
    assert (changed.status, changed.reason) == (status, reason)
    again = await told.answer(answer, comment)
    assert again.json() == response.json()
    entries = (await AuditLog(told.pool).list("notice:1")).items
    assert [entry.action for entry in entries] == [f"notice.{answer}"]
    assert await found(told.pool, Notifications(), proposal()) == (0, 0)
    assert (await told.recommendation()).status is status


async def test_a_team_may_think_better_of_it(told: Told) -> None:
    await told.answer("explain", "We need it.")
    later = await told.answer("switch")

    assert later.json()["answered"]["answer"] == "switch"
    assert (await told.recommendation()).status is RecommendationStatus.ACCEPTED
    entries = (await AuditLog(told.pool).list("notice:1")).items
    assert [entry.action for entry in entries] == ["notice.switch", "notice.explain"]


async def test_bad_answers_are_refused_and_change_nothing(told: Told) -> None:
    unexplained = await told.answer("explain", " ")
    unknown = await told.answer("ignore")
    nowhere = await told.client.post("/notices/999/answer", json={"answer": "switch"})

    assert (unexplained.status_code, unknown.status_code, nowhere.status_code) == (422, 422, 404)
    assert "`comment` is empty" in unexplained.json()["detail"]
    assert (await told.recommendation()).status is RecommendationStatus.OPEN


async def test_where_the_overlap_is_no_more_there_is_nothing_to_answer(told: Told) -> None:
    await found(told.pool, Notifications())

    late = await told.answer("switch")

    assert late.status_code == 409
    assert (await NoticeRepository(told.pool).get(1)).answered is None


async def test_a_link_shows_a_page_and_takes_the_answer(told: Told) -> None:
    link = await told.link()

    page = await told.client.get(link, headers={"Accept": "text/html"})
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "Supplier Master has most of what &lt;vendors&gt;&amp;co has" in page.text
    assert "<vendors>" not in page.text
    assert 'value="switch" required checked' in page.text
    assert (await told.recommendation()).status is RecommendationStatus.OPEN

    body = {"answer": "explain", "comment": "By law.", "answered_by": "User:Default/Bob"}
    answered = await told.client.post(link.partition("?")[0], json=body)
    assert answered.json()["answered"]["by"] == "user:default/bob"
    again = await told.client.get(link, headers={"Accept": "text/html"})
    assert "Answered by user:default/bob" in again.text


async def test_a_link_that_this_server_did_not_sign_opens_nothing(told: Told) -> None:
    forged = await told.client.get(await told.link(secret="another secret than the server's"))
    cut = await told.client.get((await told.link()).partition("?")[0][:-3])
    nobody = await told.client.post(
        (await told.link()).partition("?")[0], json={"answer": "switch", "answered_by": "me"}
    )

    assert (forged.status_code, cut.status_code, nobody.status_code) == (403, 403, 422)


async def test_a_link_ends(told: Told) -> None:
    notice = await NoticeRepository(told.pool).get(1)
    old = notice.model_copy(update={"created_at": datetime.now(UTC) - timedelta(days=31)})
    link = (await NoticeLinks(told.pool, "", SECRET).links_of(old))[Answer.SWITCH]

    late = await told.client.get(link)

    assert late.status_code == 410
    assert "POST /notices/{id}/answer" in late.json()["detail"]
