"""The catalog as one may see it who does not own all of it: the same reads, masked.

Whatever a request, a page or an agent reads for somebody goes through these, so that there is one
place that decides what is shown of sensitive fields.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from core.alerts.alert import Alert
from core.consolidation import Consolidation
from core.contract.sensitivity import classified_paths
from core.masking import (
    TAGS,
    masked_alert,
    masked_lines,
    masked_rule,
    masked_schema,
    masked_score,
    masked_unification,
    sensitive_paths,
    tells_symbols,
)
from core.product import OutputPort
from core.quality.score import Score
from core.schema.model import Schema
from core.source import Owner, SchemaVersion, SourceChange, SourceDetail
from tools.db.alerts import AlertRepository
from tools.db.consolidations import ConsolidationRepository
from tools.db.cursor import Page
from tools.db.pool import Pool
from tools.db.products import ProductRepository
from tools.db.quality import QualityRepository
from tools.db.rules import RuleRepository, StoredRule
from tools.db.sources import SourceNotFoundError, SourceRepository

Owns = Callable[[str], bool]
"""Whether an owner's data may be seen whole."""

Mask = Callable[[tuple[str, ...]], tuple[str, ...]]


class Sight:
    """Which fields of a source are hidden from somebody."""

    def __init__(self, pool: Pool, owns: Owns) -> None:
        self._sources = SourceRepository(pool)
        self._products = ProductRepository(pool)
        self._owns = owns

    def whole(self, owner: Owner | None) -> bool:
        """A guessed owner has proved nothing."""
        return owner is not None and owner.guessed_from is None and self._owns(owner.ref)

    async def of(self, source: SourceDetail) -> frozenset[str]:
        """By path, in the schema that is in force."""
        if source.schema is None or self.whole(source.summary.owner):
            return frozenset()
        return sensitive_paths(source.schema, await self.declared(source))

    async def named(self, name: str, cluster: str) -> frozenset[str]:
        """Of a source by its name; nothing of one that is not there, which has no schema."""
        try:
            return await self.of(await self._sources.get(name, cluster))
        except SourceNotFoundError:
            return frozenset()

    async def declared(self, source: SourceDetail) -> frozenset[str]:
        """What the contract of its product calls sensitive, whoever asks."""
        at = source.summary
        if at.product_id is None:
            return frozenset()
        found = await self._products.of_topic(OutputPort(cluster=at.cluster, topic=at.name))
        contract = None if found is None else found.contract
        return frozenset() if contract is None else classified_paths(contract, at.name, TAGS)


class MaskedConsolidations(ConsolidationRepository):
    def __init__(self, pool: Pool, sight: Sight) -> None:
        super().__init__(pool)
        self._sight = sight

    async def get(self, consolidation_id: str) -> Consolidation:
        return await self._masked(await super().get(consolidation_id))

    async def list(
        self,
        cluster: str,
        *,
        in_progress: bool | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[Consolidation]:
        page = await super().list(cluster, in_progress=in_progress, limit=limit, cursor=cursor)
        items = [await self._masked(each) for each in page.items]
        return Page(tuple(items), page.next_cursor)

    async def _masked(self, made: Consolidation) -> Consolidation:
        """A unified field is hidden where any that it comes from is."""
        hidden: set[str] = set()
        for source in made.current:
            below = await self._sight.named(source.name, made.cluster)
            hidden |= {
                field.path
                for field in made.unified.fields
                if field.sources.get(source.name) in below
            }
        unified = masked_unification(made.unified, hidden)
        return made.model_copy(update={"unified": unified})


class MaskedSources(SourceRepository):
    def __init__(self, pool: Pool, sight: Sight) -> None:
        super().__init__(pool)
        self._sight = sight

    async def get(self, name: str, cluster: str = "default") -> SourceDetail:
        source = await super().get(name, cluster)
        hidden = await self._sight.of(source)
        if source.schema is None or not hidden:
            return source
        return replace(source, schema=masked_schema(source.schema, hidden))

    async def versions(
        self, name: str, cluster: str = "default", *, limit: int = 50, cursor: str | None = None
    ) -> Page[SchemaVersion]:
        page = await super().versions(name, cluster, limit=limit, cursor=cursor)
        source = await super().get(name, cluster)
        if self._sight.whole(source.summary.owner):
            return page
        declared = await self._sight.declared(source)
        items = (
            replace(each, schema=masked_schema(each.schema, sensitive_paths(each.schema, declared)))
            for each in page.items
        )
        return Page(tuple(items), page.next_cursor)

    async def changes(
        self, name: str | None = None, cluster: str | None = None, **more: Any
    ) -> Page[SourceChange]:
        page = await super().changes(name, cluster, **more)
        telling = {(each.name, each.cluster) for each in page.items if tells_symbols(each.lines)}
        masks = {at: await self._mask(*at) for at in sorted(telling)}
        items = (_masked(each, masks.get((each.name, each.cluster))) for each in page.items)
        return Page(tuple(items), page.next_cursor)

    async def _mask(self, name: str, cluster: str) -> Mask | None:
        """What is done to the lines of a source's changes; None where nothing is."""
        try:
            source = await super().get(name, cluster)
        except SourceNotFoundError:
            return partial(masked_lines, schema=None)
        if self._sight.whole(source.summary.owner):
            return None
        declared = await self._sight.declared(source)
        return partial(masked_lines, schema=source.schema, declared=declared)


def _masked(change: SourceChange, mask: Mask | None) -> SourceChange:
    return change if mask is None else change.model_copy(update={"lines": mask(change.lines)})


class MaskedQuality(QualityRepository):
    def __init__(self, pool: Pool, sight: Sight) -> None:
        super().__init__(pool)
        self._sight = sight
        self._sources = SourceRepository(pool)

    async def score(
        self, source: str, cluster: str, *, schema: Schema | None, **more: Any
    ) -> Score:
        """By the schema as it is: a masked one would ask less of the records."""
        known = await self._sources.get(source, cluster)
        score = await super().score(source, cluster, schema=known.schema, **more)
        return masked_score(score, await self._sight.of(known))


class MaskedRules(RuleRepository):
    def __init__(self, pool: Pool, sight: Sight) -> None:
        super().__init__(pool)
        self._sight = sight

    async def of_topic(self, topic: str, cluster: str = "default") -> tuple[StoredRule, ...]:
        hidden = await self._sight.named(topic, cluster)
        return tuple(
            replace(each, rule=masked_rule(each.rule, hidden))
            for each in await super().of_topic(topic, cluster)
        )


class MaskedAlerts(AlertRepository):
    def __init__(self, pool: Pool, sight: Sight) -> None:
        super().__init__(pool)
        self._sight = sight

    async def get(self, alert_id: int) -> Alert:
        alert = await super().get(alert_id)
        return masked_alert(alert, await self._sight.named(alert.source, alert.cluster))

    async def list(self, cluster: str, **more: Any) -> Page[Alert]:
        page = await super().list(cluster, **more)
        names = {alert.source for alert in page.items if any(each.field for each in alert.findings)}
        hidden = {name: await self._sight.named(name, cluster) for name in sorted(names)}
        items = (masked_alert(each, hidden.get(each.source, frozenset())) for each in page.items)
        return Page(tuple(items), page.next_cursor)


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody reads by."""

    sources: SourceRepository
    quality: QualityRepository
    rules: RuleRepository
    alerts: AlertRepository
    consolidations: ConsolidationRepository


def seen_through(sight: Sight, pool: Pool) -> Seen:
    return Seen(
        MaskedSources(pool, sight),
        MaskedQuality(pool, sight),
        MaskedRules(pool, sight),
        MaskedAlerts(pool, sight),
        MaskedConsolidations(pool, sight),
    )
