"""A small catalog that is searched with the real model."""

from collections.abc import Mapping

import numpy as np

from core.search import SearchHit, SearchQuery, SearchResult
from tools.db.pool import Pool
from tools.embeddings.minilm import MiniLM
from tools.embeddings.model import Encoded, Vectors
from tools.search.document import SearchDocument
from tools.search.index import SearchIndex
from tools.search.search import Search

TOPICS: Mapping[str, tuple[str, str]] = {
    "supplier-events": ("Changes of suppliers.", "supplier_id name vat_number country"),
    "supplier_data_raw": ("", "vendorNo vendorName taxId iban"),
    "Supplier.RiskScores": ("How likely a supplier is to fail.", "supplier_id risk_score model"),
    "com.acme.order.created": ("An order was placed.", "order_id customer_id total currency"),
    "com.acme.order.cancelled": ("An order was called off.", "order_id reason cancelled_at"),
    "payments.refunds.v1": ("Money given back to buyers.", "refund_id payment_id amount currency"),
    "clickstream": ("Pages that visitors viewed.", "url referrer user_agent session_id"),
    "fleet-positions": ("Where trucks are.", "vehicle_id latitude longitude speed"),
    "hr.payroll": ("Salaries paid to staff.", "employee_id salary bonus month"),
    "support-tickets": ("Questions of customers.", "ticket_id subject body priority"),
    "iot.temperature": ("Readings of cold-store sensors.", "sensor_id celsius measured_at"),
    "mail.bounced": ("Mails that came back.", "recipient smtp_code reason"),
}
"""Name -> description and field names."""


class CountingMiniLM(MiniLM):
    """The real model; embeds each text once for all tests, and counts what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self._done: dict[str, Encoded] = {}

    async def vectors(self, texts: list[str]) -> Vectors:
        return np.stack([row.vector for row in await self.encoded(texts)])

    async def encoded(self, texts: list[str]) -> list[Encoded]:
        self.asked += texts
        missing = [text for text in texts if text not in self._done]
        self._done |= dict(zip(missing, self.encode(missing), strict=True))
        return [self._done[text] for text in texts]


class Catalog:
    """Sources in the database with their index and search."""

    def __init__(self, pool: Pool, model: CountingMiniLM) -> None:
        self.pool, self.model = pool, model
        self.index, self.searching = SearchIndex(pool, model), Search(pool, model)
        self.ids: dict[str, int] = {}

    async def add(self, name: str, **columns: object) -> int:
        row = {"cluster": "default", "kind": "discovered", "status": "present", **columns}
        names = ", ".join(("name", *row))
        places = ", ".join(f"%({column})s" for column in ("name", *row))
        statement = f"insert into sources ({names}) values ({places}) returning id"  # noqa: S608
        async with self.pool.connection() as connection:
            found = await (await connection.execute(statement, {"name": name, **row})).fetchone()
        self.ids[name] = found["id"]
        return self.ids[name]

    async def search(self, text: str, **query: object) -> list[SearchHit]:
        """The hits of both lists in one order."""
        return hits_of(await self.searching.search(SearchQuery(text=text, **query)))

    async def names(self, text: str, **query: object) -> list[str]:
        return [hit.source.name for hit in await self.search(text, **query)]


def hits_of(result: SearchResult) -> list[SearchHit]:
    return sorted((*result.managed, *result.discovered), key=lambda hit: -hit.score)


def document(name: str, description: str = "", fields: str = "") -> SearchDocument:
    return SearchDocument(name, description, tuple((f, "string", "") for f in fields.split()))
