"""What the search index still lacks: sources that a product changed, or that a scan which broke
off had written but not indexed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.ownership import OwnerEvidence, OwnerRules, guess_owner
from core.source import Description, Owner
from tools.db.finding import Unindexed, Written
from tools.db.findings import FindingRepository
from tools.db.patience import patiently
from tools.discovery.describer import Describer, Undescribed
from tools.search.document import document_of
from tools.search.index import SearchIndex

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Indexes them at the end of a scan; `patience` as in a scan."""

    findings: FindingRepository
    search: SearchIndex
    describer: Describer
    rules: OwnerRules
    patience: float

    async def index(self) -> None:
        """Put every present source whose text the index lacks into it."""
        after = 0
        while batch := await self._after(after):
            await self._index(batch)
            after = batch[-1].id

    async def _after(self, source_id: int) -> Sequence[Unindexed]:
        return await patiently(lambda: self.findings.unindexed(source_id, _AT_ONCE), self.patience)

    async def _index(self, batch: Sequence[Unindexed]) -> None:
        put = [await self._described(source) for source in batch]
        items = [
            (written.id, document_of(written.name, written.description or "", source.schema))
            for written, source in zip(put, batch, strict=True)
        ]
        await patiently(lambda: self.search.put(items), self.patience)
        await patiently(lambda: self.findings.mark_indexed(put), self.patience)

    async def _described(self, source: Unindexed) -> Written:
        """A source that lost its product lost its description with it: write one again."""
        text = source.description
        if text is None and not source.managed:
            undescribed = Undescribed(source.name, source.schema, source.report)
            (text,) = await self.describer.describe((undescribed,))
            await self._redescribe(source, text)
        return Written(source.id, source.name, text.text if text else None)

    async def _redescribe(self, source: Unindexed, text: Description) -> None:
        owner = self._owner(source)
        await patiently(lambda: self.findings.redescribe(source.id, text, owner), self.patience)

    def _owner(self, source: Unindexed) -> Owner | None:
        properties = source.schema.extra if source.schema else {}
        return guess_owner(OwnerEvidence(source.name, properties=properties), self.rules)
