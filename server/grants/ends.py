"""The ends of grants: by their date, or by hand; whatever happens meanwhile, each comes."""

from __future__ import annotations

import logging

from core.grant_life import Grant, GrantStatus
from graph.provisioning.grants import Granting
from tools.db.grants import GrantRepository, note
from tools.db.pool import Pool
from tools.kafka.errors import KafkaFailedError, KafkaUnreachableError

EXPIRY = "system:headwater/expiry"

log = logging.getLogger(__name__)


class GrantNotActiveError(Exception):
    """It cannot be revoked as it stands; the text says how it stands."""

    def __init__(self, grant: Grant) -> None:
        advice = (
            "It is being given just now: try again in a moment."
            if grant.status is GrantStatus.GIVING
            else "There is nothing to take back."
        )
        super().__init__(f"The grant {grant.id} is {grant.status}. {advice}")


class GrantEnds:
    """Any number of processes may do it at once: each end is done once."""

    def __init__(self, pool: Pool, granting: Granting) -> None:
        self._pool = pool
        self._granting = granting
        self._grants = GrantRepository(pool)

    async def revoke(self, grant_id: str, by: str, reason: str) -> Grant:
        """Take it back now; a Kafka that is away does so once it is back, and until then the grant
        is `ending`. The same again changes nothing.

        Raises GrantNotFoundError and GrantNotActiveError.
        """
        async with self._pool.connection() as conn, conn.transaction():
            asked = await self._grants.ask_end(conn, grant_id, by, reason)
            if asked is not None:
                await note(conn, asked, by, "grant.revoke")
        if asked is None:
            known = await self._grants.get(grant_id)
            if GrantStatus.REVOKED not in (known.status, known.ending_as):
                raise GrantNotActiveError(known)
        await self._end(grant_id)
        return await self._grants.get(grant_id)

    async def end_due(self) -> None:
        """End those whose time has come, and those whose end was not done yet."""
        await self._grants.expire(EXPIRY)
        for grant_id in await self._grants.ending():
            if isinstance(await self._end(grant_id), KafkaUnreachableError):
                return

    async def _end(self, grant_id: str) -> KafkaFailedError | None:
        """What kept it from being done; it is tried again."""
        try:
            await self._granting.end(grant_id)
        except KafkaFailedError as error:
            if await self._grants.delayed(grant_id, str(error)):
                log.warning("the grant %s ends later: %s", grant_id, error)
            return error
        return None
