"""What a server needs, whether it is there, since when not, and what to do about it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

PROBE_SECONDS = 5.0
"""How long a server may take to answer before it counts as away."""

Question = Callable[[], Awaitable[object]]


class PartState(StrEnum):
    READY = "ready"
    UNREACHABLE = "unreachable"
    NOT_CONFIGURED = "not_configured"


class Part(BaseModel):
    """One server that Headwater needs. `since` is when this process first found it as it is;
    `reason` and `advice` say why it is not ready, and what to do."""

    model_config = ConfigDict(frozen=True)
    state: PartState
    since: datetime
    reason: str | None = None
    advice: str | None = None


class Impaired(BaseModel):
    """Something that does not keep the server from working, but from doing all of its work."""

    model_config = ConfigDict(frozen=True)
    what: str
    since: datetime
    reason: str
    advice: str


class ReadyStatus(StrEnum):
    READY = "ready"
    DEGRADED = "degraded"
    UNREADY = "unready"


class Readiness(BaseModel):
    """`ready` is whether requests are to be sent here: every part that is configured answers. What
    else fails is `impaired`, and makes the status degraded."""

    model_config = ConfigDict(frozen=True)
    ready: bool
    status: ReadyStatus
    postgres: Part
    kafka: Part
    schema_registry: Part
    impaired: tuple[Impaired, ...] = Field(
        description="what fails though the server is ready: workers, models, what is not configured"
    )


ADVICE = {
    "postgres": "Start Postgres, or correct HEADWATER_DATABASE_URL. Until it is back requests "
    "answer 503 and workers wait; nothing needs to be restarted.",
    "kafka": "Start the brokers, or correct HEADWATER_BOOTSTRAP_SERVERS and "
    "HEADWATER_KAFKA_CONFIG. The catalog is served meanwhile; scans, watchers, plans and alerts' "
    "events wait.",
    "schema_registry": "Start the registry, or correct HEADWATER_SCHEMA_REGISTRY. The catalog is "
    "served meanwhile; plans, and records that need a schema that is not known yet, wait.",
}
_UNSET = (
    "Set HEADWATER_SCHEMA_REGISTRY to a registry's URL: without one, Avro and Protobuf cannot be "
    "read, and no product can be provisioned."
)


class Probes:
    """Asks each part, and remembers since when it is as it is. `questions` are by the names of
    `Readiness`; None is a part that is not configured."""

    def __init__(self, questions: Mapping[str, Question | None]) -> None:
        self._questions = questions
        self._found: dict[str, Part] = {}

    async def ask(self, impaired: tuple[Impaired, ...] = ()) -> Readiness:
        """Asks all at once; `impaired` is told beside the answers."""
        parts = await asyncio.gather(
            *(self._ask(name, question) for name, question in self._questions.items())
        )
        ready = all(part.state is not PartState.UNREACHABLE for part in parts)
        told = dict(zip(self._questions, parts, strict=True))
        impaired = (*_unset(told), *impaired)
        sound = ReadyStatus.DEGRADED if impaired else ReadyStatus.READY
        status = sound if ready else ReadyStatus.UNREADY
        return Readiness(ready=ready, status=status, **told, impaired=impaired)

    async def _ask(self, name: str, question: Question | None) -> Part:
        state, reason = await _answered(question)
        before = self._found.get(name)
        same = before is not None and before.state is state
        since = before.since if before is not None and same else datetime.now(UTC)
        advice = ADVICE[name] if state is PartState.UNREACHABLE else None
        self._found[name] = Part(state=state, since=since, reason=reason, advice=advice)
        return self._found[name]


def _unset(parts: Mapping[str, Part]) -> list[Impaired]:
    return [
        Impaired(what=name, since=part.since, reason="it is not configured", advice=_UNSET)
        for name, part in parts.items()
        if part.state is PartState.NOT_CONFIGURED
    ]


async def _answered(question: Question | None) -> tuple[PartState, str | None]:
    if question is None:
        return PartState.NOT_CONFIGURED, None
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            await question()
    except TimeoutError:
        return PartState.UNREACHABLE, f"no answer in {PROBE_SECONDS:g} s"
    except Exception as error:
        return PartState.UNREACHABLE, str(error) or type(error).__name__
    return PartState.READY, None
