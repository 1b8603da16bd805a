"""The choice of model: a hosted one where configured, else the offline one; and who wrote what."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import openai
from langchain.agents.structured_output import StructuredOutputError
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.exceptions import OutputParserException
from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
from langgraph.errors import GraphRecursionError
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from graph.models.offline.model import OFFLINE
from tools.tracing import span

T = TypeVar("T")

log = logging.getLogger(__name__)

REST_SECONDS = 30.0
"""How long a hosted model that could not be reached is left alone before it is tried again."""


MAX_TOKENS = 800
"""A small model may repeat itself for ever; no route or answer of ours is that long."""


class UnusableReplyError(Exception):
    """A model answered, but not with something that can be used or that the tools bear out."""


TRIES = 2
"""How often a hosted model may answer before another stands in: a wrong form may be a slip."""

AWAY = (openai.APIConnectionError, openai.RateLimitError, openai.InternalServerError, TimeoutError)
SLIPS = (
    OutputParserException,
    StructuredOutputError,
    GraphRecursionError,
    ValidationError,
    UnusableReplyError,
)
UNUSABLE = (openai.OpenAIError, *SLIPS)


class Fallback(BaseModel):
    """The model that should have written, and why it did not."""

    model_config = ConfigDict(frozen=True)
    model: str
    reason: str


class Author(BaseModel):
    """Which model wrote something; `fallback` says so when it stood in for another."""

    model_config = ConfigDict(frozen=True)
    model: str = OFFLINE
    fallback: Fallback | None = None


@dataclass(frozen=True, slots=True)
class Hosted:
    """An OpenAI-compatible model under its configured name."""

    name: str
    model: BaseChatModel
    timeout: float


@dataclass(frozen=True, slots=True)
class Written(Generic[T]):
    value: T
    author: Author


def _to_nobody(author: Author) -> None:
    """Nobody counts who wrote what."""


@dataclass(slots=True)
class Models:
    """Serves a piece of work by the hosted model, else by the offline one; `tell` hears who did."""

    offline: BaseChatModel
    hosted: Hosted | None = None
    tell: Callable[[Author], None] = _to_nobody
    _resting_until: float = field(default=0.0, init=False)
    _last_failure: str = field(default="", init=False)

    async def write(
        self, work: Callable[[BaseChatModel], Awaitable[T]], tries: int = TRIES
    ) -> Written[T]:
        """Do `work` with the model that serves; it may run several times, so it must only read.

        Errors of the work itself, such as an unreachable database, are the caller's.
        """
        with span("model work") as told:
            written = await self._written(work, tries)
            told.set_attribute("gen_ai.response.model", written.author.model)
            told.set_attribute("headwater.fallback", written.author.fallback is not None)
        self.tell(written.author)
        return written

    async def _written(
        self, work: Callable[[BaseChatModel], Awaitable[T]], tries: int
    ) -> Written[T]:
        if self.hosted is None:
            return Written(await work(self.offline), Author())
        try:
            value = await self._by_hosted(self.hosted, work, tries)
        except (*AWAY, *UNUSABLE) as error:
            reason = _reason(error, self.hosted)
            log.warning("model %s failed, the offline model serves: %s", self.hosted.name, reason)
            fallback = Fallback(model=self.hosted.name, reason=reason)
            return Written(await work(self.offline), Author(fallback=fallback))
        return Written(value, Author(model=self.hosted.name))

    async def _by_hosted(
        self, hosted: Hosted, work: Callable[[BaseChatModel], Awaitable[T]], tries: int
    ) -> T:
        if time.monotonic() < self._resting_until:
            raise UnusableReplyError(self._last_failure)
        try:
            async with asyncio.timeout(hosted.timeout * 2):
                return await _tried(hosted, work, tries)
        except AWAY as error:
            self._last_failure = (
                f"{_reason(error, hosted)}; not asked again within {REST_SECONDS:.0f} s"
            )
            self._resting_until = time.monotonic() + REST_SECONDS
            raise


async def _tried(hosted: Hosted, work: Callable[[BaseChatModel], Awaitable[T]], tries: int) -> T:
    for attempt in range(1, tries):
        try:
            return await work(hosted.model)
        except SLIPS as error:
            kind = type(error).__name__
            log.info("model %s slipped at attempt %s: %s", hosted.name, attempt, kind)
    return await work(hosted.model)


def hosted_model(
    *,
    base_url: str | None,
    model: str,
    api_key: SecretStr | None,
    timeout: float,
    max_tokens: int = MAX_TOKENS,
    callbacks: Sequence[BaseCallbackHandler] = (),
) -> Hosted:
    """A client for any OpenAI-compatible endpoint; connects at the first use.

    `base_url` None is OpenAI's own. `timeout` is in seconds and for one attempt of two. `callbacks`
    hear of each call.
    """
    client = ChatOpenAI(
        model=model,
        base_url=base_url,
        api_key=api_key or SecretStr("none"),
        timeout=timeout,
        max_retries=1,
        max_completion_tokens=max_tokens,
        temperature=0,
        callbacks=list(callbacks),
    )
    return Hosted(model, client, timeout)


def _reason(error: Exception, hosted: Hosted) -> str:
    """Short enough to show, and without the texts that the endpoint sent back."""
    match error:
        case openai.APITimeoutError() | TimeoutError():
            return f"no answer within {hosted.timeout:g} s"
        case openai.APIConnectionError():
            return "the endpoint could not be reached"
        case openai.RateLimitError():
            return "the endpoint limits our rate (429)"
        case openai.APIStatusError():
            return f"the endpoint answered {error.status_code}"
        case UnusableReplyError():
            return str(error)
        case GraphRecursionError():
            return "it did not come to an answer within its step budget"
        case _:
            return "its reply did not have the form that was asked for"
