"""What a new recommendation is told to the owning team about, and what the team's answer does."""

from __future__ import annotations

import re

from core.generation import SAYS_SOMETHING
from core.notices.notice import Answer, Notice
from core.notices.overlap import fact_of, overlap_notice
from core.recommendations.facts import FleetFacts
from core.recommendations.recommendation import Recommendation, RecommendationStatus
from tools.db import audit
from tools.db.notices import NoticeRepository
from tools.db.pool import Connection, Pool
from tools.db.recommendations import RecommendationRepository
from tools.notifications.channel import Notifications

_OUTCOMES = {
    Answer.SWITCH: RecommendationStatus.ACCEPTED,
    Answer.PROMOTE: RecommendationStatus.DISMISSED,
    Answer.EXPLAIN: RecommendationStatus.DISMISSED,
}
_REASONS = {
    Answer.SWITCH: "They switch to the product.",
    Answer.PROMOTE: "It becomes a product of its own.",
    Answer.EXPLAIN: "It stays beside the product.",
}


class ExplanationMissingError(ValueError):
    """The answer is to explain, and nothing is explained."""

    def __init__(self) -> None:
        super().__init__("Say why the topic is kept beside the product: `comment` is empty.")


class Noticing:
    """Of one cluster."""

    def __init__(self, pool: Pool, cluster: str, settings: Notifications) -> None:
        self._pool = pool
        self._cluster = cluster
        self._settings = settings
        self._notices = NoticeRepository(pool)
        self._recommendations = RecommendationRepository(pool)

    async def tell(self, connection: Connection, opened: Recommendation, fleet: FleetFacts) -> None:
        """Within the transaction that opened it. Topics that were there by the end of the cluster's
        first analysis are no news: they are listed, and nobody is told of all of them at once."""
        text = overlap_notice(opened.proposal, fleet)
        known = await self._notices.first_analysis(connection, self._cluster)
        if text is None or known is None or fleet.by_name[text.source].first_seen <= known:
            return
        channels = dict.fromkeys(channel.key for channel in self._settings.of(text.team))
        await self._notices.add(
            connection, self._cluster, fact_of(opened.proposal), opened.id, text, channels
        )

    async def answer(self, notice_id: int, answer: Answer, by: str, comment: str | None) -> Notice:
        """Keep the answer, and do to the recommendation what it says; the same again changes
        nothing.

        Raises NoticeNotFoundError, ExplanationMissingError, and RecommendationClosedError where
        the overlap is no more.
        """
        if answer is Answer.EXPLAIN and not re.search(SAYS_SOMETHING, comment or ""):
            raise ExplanationMissingError
        async with self._pool.connection() as connection, connection.transaction():
            known = await self._notices.locked(connection, notice_id)
            before = known.answered
            if before is not None and (before.answer, before.comment) == (answer, comment):
                return known
            reason = " ".join(filter(None, (_REASONS[answer], comment)))
            await self._recommendations.decide_in(
                connection, known.recommendation_id, _OUTCOMES[answer], by, reason
            )
            await audit.record(
                connection,
                actor=by,
                action=f"notice.{answer.value}",
                target=f"notice:{notice_id}",
                before=None if before is None else before.model_dump(mode="json"),
                after={"answer": answer.value, "comment": comment},
            )
            return await self._notices.answer(connection, notice_id, answer, by, comment)
