"""The three HTTP APIs: what each is called, which routes it has, on which port it listens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from fastapi import APIRouter

from server import health
from server.access import audit, keys
from server.alerts import explanation
from server.alerts import routes as alerts
from server.approvals import inbox, links
from server.backstage import routes as backstage
from server.catalog import (
    bridges,
    comparison,
    consolidations,
    conversations,
    promotion,
    quality,
    recommendations,
    rules,
    scans,
    search,
    sources,
)
from server.costs import routes as costs
from server.dashboard import routes as dashboard
from server.generator import routes as generations
from server.grants import routes as grants
from server.lineage import routes as lineage
from server.notices import routes as notices
from server.products import contracts, records, transitions, versions
from server.products import snippets as product_snippets
from server.settings import Settings
from server.usage import routes as usage

_MANNERS = """
Errors are RFC 9457 problem documents whose `detail` says what to do. Lists are paged: hand
`next_cursor` back as `cursor`. Times are UTC, RFC 3339. Every answer carries an X-Request-Id.
"""


class ApiName(StrEnum):
    CATALOG = "catalog"
    GENERATOR = "generator"
    PRODUCTS = "products"

    @property
    def setting(self) -> str:
        """The setting that holds its port."""
        return f"{self.value}_port"


@dataclass(frozen=True, slots=True)
class Api:
    """`purpose` in a sentence; `routers` are listed in the order of the documentation."""

    name: ApiName
    purpose: str
    routers: tuple[APIRouter, ...]

    @property
    def title(self) -> str:
        return f"Headwater {self.name.value}"

    @property
    def description(self) -> str:
        return f"{self.purpose}\n{_MANNERS}"

    def port(self, settings: Settings) -> int:
        return int(getattr(settings, self.name.setting))


def _routers(parts: Iterable[object]) -> tuple[APIRouter, ...]:
    return tuple(part.router for part in parts)  # type: ignore[attr-defined]


APIS = {
    api.name: api
    for api in (
        Api(
            ApiName.CATALOG,
            "Finds every topic on a Kafka cluster, says what is in it and answers for it.",
            _routers(
                (
                    search,
                    dashboard,
                    sources,
                    quality,
                    rules,
                    comparison,
                    recommendations,
                    alerts,
                    explanation,
                    notices,
                    consolidations,
                    bridges,
                    promotion,
                    usage,
                    costs,
                    scans,
                    lineage,
                    conversations,
                    inbox,
                    links,
                    backstage,
                    keys,
                    audit,
                    health,
                )
            ),
        ),
        Api(
            ApiName.GENERATOR,
            "Drafts a data product from a sentence and has people decide on it.",
            _routers((generations, inbox, links, health)),
        ),
        Api(
            ApiName.PRODUCTS,
            "Keeps data products: versions, contracts, owners and topics.",
            _routers((records, versions, contracts, transitions, product_snippets, grants, health)),
        ),
    )
}
