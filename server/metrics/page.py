"""All figures of a process on one page, the same on each of its ports."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from server.metrics import catalog, process
from server.metrics.models import ModelFigures
from server.metrics.requests import RequestFigures
from tools.db.errors import DatabaseConflictError, DatabaseUnreachableError
from tools.db.figures import FigureRepository

if TYPE_CHECKING:
    from server.services import Services

CONTENT_TYPE = CONTENT_TYPE_LATEST

_SECONDS = 5.0
"""What Postgres has not told by then is left out: Prometheus does not wait for ever."""

log = logging.getLogger(__name__)


class Metrics:
    """One for each process. Requests and calls of models are counted as they come."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = RequestFigures(self.registry)
        self.models = ModelFigures(self.registry)

    async def page(self, services: Services) -> bytes:
        """The exposition. Where Postgres is away it has what the process knows by itself, and
        `headwater_database_up` is 0."""
        known = await _known(services)
        read = [*process.families(services), _database_up(known is not None), *(known or ())]
        return generate_latest(self.registry) + generate_latest(_Read(read))

    def described(self) -> Iterator[Metric]:
        """Every family there can be, for documentation and checks."""
        yield from self.registry.collect()
        yield from process.families(None)
        yield _database_up(up=True)
        yield from catalog.families({})


async def _known(services: Services) -> list[Metric] | None:
    settings = services.settings
    figures = FigureRepository(services.pool, settings.cluster, settings.metrics_topics)
    try:
        async with asyncio.timeout(_SECONDS):
            return catalog.families(await figures.read(catalog.QUERIES))
    except (TimeoutError, DatabaseUnreachableError, DatabaseConflictError) as error:
        why = str(error) or "no answer in time"
        log.warning("figures are told without Postgres: %s", why)
        return None


def _database_up(up: bool) -> Metric:
    text = "Whether Postgres answered when this page was made"
    return GaugeMetricFamily("headwater_database_up", text, value=float(up))


class _Read(Collector):
    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families
