"""Decisions by a signed link: from a tool that has no account here."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.approval import Approval, ApprovalStatus, Verdict
from server.approvals.link import Link, LinkInvalidError, read_token
from server.gate import Gate, Via
from server.principal import Principal, Principals, reference
from server.refusals import AlreadyDecidedError, ApprovalExpiredError, DecisionForbiddenError
from server.signing import LinkSecret
from tools.db.approvals import ApprovalRepository
from tools.db.callbacks import Callback, CallbackRepository, CallbackUsedError
from tools.db.pool import Connection, Pool


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that is good, and what it is for."""

    callback: Callback
    approval: Approval


class Callbacks:
    """Mints links and takes the decisions that come by them, through the gate."""

    def __init__(
        self, pool: Pool, gate: Gate, principals: Principals, secret: str | None = None
    ) -> None:
        self._approvals = ApprovalRepository(pool)
        self._callbacks = CallbackRepository(pool)
        self._gate = gate
        self._principals = principals
        self._secret = LinkSecret(pool, secret)

    async def mint(
        self, approval_id: str, principal: Principal, lifetime: timedelta, decider: str | None
    ) -> tuple[str, Callback]:
        """A token for whoever could approve themselves: a link could be used under any name.

        It ends with its approval at the latest. Raises what the gate raises, and
        InvalidReferenceError.
        """
        approval = await self._approvals.get(approval_id)
        self._gate.permit(approval, principal, Verdict.APPROVE, Via.API)
        _refuse_ended(approval)
        ends = min(approval.expires_at, datetime.now(UTC) + lifetime)
        link = Link(
            approval.id, approval.plan_hash, int(ends.timestamp()), secrets.token_urlsafe(24)
        )
        callback = Callback(
            nonce=link.nonce,
            approval_id=approval.id,
            plan_hash=approval.plan_hash,
            expires_at=link.expires_at,
            decider=None if decider is None else reference(decider),
        )
        await self._callbacks.mint(callback, principal.ref)
        return link.token(await self._secret.key()), callback

    async def open(self, token: str) -> Opened:
        """Raises LinkInvalidError, LinkExpiredError and CallbackUsedError. Decides nothing."""
        link = read_token(token, await self._secret.key(), datetime.now(UTC))
        callback = await self._callbacks.get(link.nonce)
        if callback is None or callback.approval_id != link.approval_id:
            raise LinkInvalidError
        if callback.used_at is not None:
            raise CallbackUsedError
        return Opened(callback, await self._approvals.get(link.approval_id))

    async def decide(
        self,
        token: str,
        verdict: Verdict,
        decided_by: str,
        comment: str = "",
        changes: Mapping[str, Any] | None = None,
    ) -> Approval:
        """The link is used up by a decision that stands; raises as `open` and the gate do."""
        callback = (await self.open(token)).callback
        decider = self._principals.declared(decided_by)
        if callback.decider not in (None, decider.ref):
            raise DecisionForbiddenError.not_for(decider.ref)

        async def use(conn: Connection) -> None:
            await self._callbacks.use(conn, callback.nonce)

        return await self._gate.decide(
            callback.approval_id,
            decider,
            verdict,
            comment,
            changes,
            Via.CALLBACK,
            plan_hash=callback.plan_hash,
            with_claim=use,
        )


def _refuse_ended(approval: Approval) -> None:
    if approval.decision is not None:
        raise AlreadyDecidedError(approval)
    if approval.status is not ApprovalStatus.PENDING:
        raise ApprovalExpiredError(approval)
