"""Sends admin requests and waits for their answers off the event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from opentelemetry.trace import Span, SpanKind

from tools.kafka.connection import KafkaConnection, LastError
from tools.kafka.errors import KafkaConfigError, KafkaFailedError, KafkaUnreachableError, translated
from tools.tracing import span

Key = TypeVar("Key", bound=Hashable)

_GRACE_SECONDS = 5.0
"""librdkafka ends its requests itself; only a hung one is given up from outside."""
_LOOK_SECONDS = 0.1


class AdminRequests:
    """A client of one cluster; each request ends within `timeout` seconds."""

    def __init__(self, connection: KafkaConnection, timeout: float) -> None:
        self.timeout = timeout
        self._servers = connection.bootstrap_servers
        self._last_error = LastError()
        try:
            self.client = AdminClient(connection.config(self._last_error))
        except KafkaException as error:
            raise KafkaConfigError(error.args[0].str()) from error

    async def call(self, what: str, ask: Callable[[], Any]) -> Any:
        """The result of a blocking call, vendor errors translated."""
        try:
            with self._span(what):
                return await asyncio.to_thread(ask)
        except KafkaException as error:
            raise self.translated(error.args[0], what) from error

    async def all(self, what: str, start: Callable[[], Iterable[Future[Any]]]) -> list[Any]:
        """Every result in order, or the first error."""
        return list(await self.call(what, lambda: self._results(start())))

    async def each(
        self, what: str, start: Callable[[], Mapping[Key, Future[Any]]]
    ) -> tuple[dict[Key, Any], dict[Key, KafkaFailedError]]:
        """The results and the errors of independent requests by their keys."""
        with self._span(what):
            return await asyncio.to_thread(self._settled, what, start)

    async def settled(self, seen: Callable[[], Awaitable[bool]]) -> None:
        """Wait, but not for ever: brokers apply what the controller decided some time later."""
        until = time.monotonic() + self.timeout
        while time.monotonic() < until:
            if await seen():
                return
            await asyncio.sleep(_LOOK_SECONDS)

    @staticmethod
    def _span(what: str) -> AbstractContextManager[Span]:
        return span(
            f"kafka {what.split(maxsplit=1)[0]}", SpanKind.CLIENT, messaging__system="kafka"
        )

    def translated(self, error: KafkaError, what: str) -> KafkaFailedError:
        self.client.poll(0)  # hands the connections' latest complaint to `last_error`
        return translated(error, what, self._servers, self._last_error.text)

    def _results(self, futures: Iterable[Future[Any]]) -> list[Any]:
        try:
            return [future.result(self.timeout + _GRACE_SECONDS) for future in futures]
        except TimeoutError as error:
            raise KafkaUnreachableError(self._servers, "no answer in time") from error

    def _settled(
        self, what: str, start: Callable[[], Mapping[Key, Future[Any]]]
    ) -> tuple[dict[Key, Any], dict[Key, KafkaFailedError]]:
        results: dict[Key, Any] = {}
        errors: dict[Key, KafkaFailedError] = {}
        for key, future in start().items():
            try:
                results[key] = future.result(self.timeout + _GRACE_SECONDS)
            except KafkaException as error:
                errors[key] = self.translated(error.args[0], what)
            except TimeoutError:
                errors[key] = KafkaUnreachableError(self._servers, "no answer in time")
        return results, errors
