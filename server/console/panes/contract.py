"""The contract of the product that a topic belongs to, as the document that was put."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from core.product import DataProduct, OutputPort
from core.source import SourceDetail, SourceKind
from server.console.pane import Pane, Seen


@dataclass(frozen=True)
class ContractPane:
    product: DataProduct | None
    text: str | None


async def load(seen: Seen) -> ContractPane:
    port = OutputPort(cluster=seen.cluster, topic=seen.name)
    stored = await seen.services.products.of_topic(port)
    if stored is None:
        return ContractPane(None, None)
    text = None
    if stored.contract is not None:
        text = yaml.safe_dump(stored.contract.document, sort_keys=False, allow_unicode=True)
    return ContractPane(stored.product, text)


def _managed(source: SourceDetail) -> bool:
    return source.summary.kind is SourceKind.MANAGED


PANE = Pane("contract", "Contract", 40, load, applies=_managed)
