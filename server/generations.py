"""Generations as a service: asked for, watched, and drafted in the background."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from collections.abc import AsyncIterator

from core.generation import Generation, GenerationRequest, GenerationStatus
from core.plan import Plan
from graph.flow import Flow
from graph.generation.generator import DraftFailedError, Generator
from graph.plan_words import summary_of
from server.gate import Gate
from server.workers.generation import GenerationQueue
from tools.db.cursor import Page
from tools.db.errors import DatabaseUnreachableError
from tools.db.generations import Drafted, GenerationRepository
from tools.db.pool import Pool
from tools.db.product_errors import KeyReusedError
from tools.embeddings.model import EmbeddingModelUnavailable
from tools.kafka.errors import KafkaFailedError

_LOOK_SECONDS = 0.25
_BROKE = (
    "Something in Headwater broke while it drafted this. The server's log has the cause under the "
    "generation's id."
)

log = logging.getLogger(__name__)


class Generations:
    """Starts and watches; `work` drafts what this process takes on."""

    def __init__(
        self,
        pool: Pool,
        generations: GenerationRepository,
        queue: GenerationQueue,
        flow: Flow,
        generator: Generator,
        gate: Gate,
    ) -> None:
        self._pool = pool
        self._generations = generations
        self._queue = queue
        self._flow = flow
        self._generator = generator
        self._gate = gate

    async def start(
        self, request: GenerationRequest, requested_by: str, key: str | None = None
    ) -> Generation:
        """Queue it. The same key of the same requester gives the same generation again.

        Raises KeyReusedError where the key came with another request.
        """
        generation_id = _id_of(requested_by, key)
        async with self._pool.connection() as conn, conn.transaction():
            if await self._generations.create(generation_id, request, requested_by, conn):
                await self._queue.defer(generation_id, conn)
        generation = await self._generations.get(generation_id)
        if generation.request != request:
            raise KeyReusedError(key or "")
        return generation

    async def get(self, generation_id: str) -> Drafted:
        """Raises GenerationNotFoundError."""
        return await self._generations.drafted(generation_id)

    async def list(self, *, limit: int = 50, cursor: str | None = None) -> Page[Generation]:
        """Newest first."""
        return await self._generations.list(limit=limit, cursor=cursor)

    async def changes(self, generation_id: str) -> AsyncIterator[Drafted]:
        """As it is now, then whenever it got further, until it has ended.

        Raises GenerationNotFoundError.
        """
        told: Drafted | None = None
        while told is None or not told.generation.status.ended:
            found = await self._generations.drafted(generation_id)
            if found != told:
                told = found
                yield found
                continue
            await asyncio.sleep(_LOOK_SECONDS)

    async def drafted(self, generation_id: str, seconds: float) -> Generation:
        """Once it waits for a decision or has ended; as it is when the seconds are over."""
        generation = await self._generations.get(generation_id)
        until = asyncio.get_running_loop().time() + seconds
        while generation.status in (GenerationStatus.QUEUED, GenerationStatus.DRAFTING):
            if asyncio.get_running_loop().time() > until:
                break
            await asyncio.sleep(_LOOK_SECONDS / 5)
            generation = await self._generations.get(generation_id)
        return generation

    async def work(self) -> None:
        """Draft what is queued, until cancelled."""
        await self._queue.run(self._draft)

    async def _draft(self, generation_id: str) -> None:
        if not await self._generations.begin(generation_id):
            return
        generation = await self._generations.get(generation_id)
        try:
            await self._propose(generation)
        except (asyncio.CancelledError, DatabaseUnreachableError):
            raise
        except (DraftFailedError, EmbeddingModelUnavailable, KafkaFailedError) as error:
            await self._generations.fail(generation_id, str(error))
        except Exception:
            log.exception("the draft of %s failed", generation_id)
            await self._generations.fail(generation_id, _BROKE)

    async def _propose(self, generation: Generation) -> None:
        request, asker = generation.request, generation.requested_by

        async def tell(stage: str) -> None:
            await self._generations.tell(generation.id, stage)

        async def draft() -> Plan:
            return await self._generator.draft(request, asker, tell)

        approval = await self._flow.start_by(f"generation-{generation.id}", draft, asker)
        stage = f"waits for a decision on {approval.id}"
        if generation.request.auto_provision:
            stage += f": {(await self._gate.decide_by_policy(approval.id)).why}"
        await self._generations.finish_draft(
            generation.id,
            approval.id,
            approval.plan.product.id,
            summary_of(approval.plan),
            stage,
        )


def _id_of(requested_by: str, key: str | None) -> str:
    if key is None:
        return f"gen-{secrets.token_hex(6)}"
    once = hashlib.sha256(f"{requested_by} {key}".encode()).hexdigest()
    return f"gen-{once[:12]}"
