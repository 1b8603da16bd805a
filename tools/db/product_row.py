"""Products and their versions as rows of tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import DictRow
from psycopg.types.json import Json, Jsonb

from core.contract.document import OdcsDocument
from core.product import DataProduct, OutputPort
from core.versioning import Difference

UNVERSIONED = frozenset(
    {"revision", "created_at", "updated_at", "deleted_at", "deleted_by", "deleted_reason"}
)
"""What a version does not keep of a product."""


@dataclass(frozen=True, slots=True)
class ProductVersion:
    """A product as it was in a version, with how it differs from the version before."""

    version: str
    product: DataProduct
    contract: OdcsDocument | None
    differences: tuple[Difference, ...]
    created_by: str
    created_at: datetime


def product_of(row: DictRow) -> DataProduct:
    ports = tuple(OutputPort(cluster=cluster, topic=topic) for cluster, topic in row["ports"])
    facts = {**row, "tags": tuple(row["tags"]), "ports": ports, "revision": row["etag"]}
    return DataProduct(**facts)


def version_of(row: DictRow) -> ProductVersion:
    contract = row["contract"]
    return ProductVersion(
        version=row["version"],
        product=DataProduct.model_validate(row["content"]),
        contract=None if contract is None else OdcsDocument(contract),
        differences=tuple(map(Difference.model_validate, row["diff"])),
        created_by=row["created_by"],
        created_at=row["created_at"],
    )


def content_of(product: DataProduct) -> dict[str, Any]:
    """What a version and the audit log keep of a product."""
    return product.model_dump(mode="json", exclude=set(UNVERSIONED))


def given(product: DataProduct) -> dict[str, Any]:
    """A product as parameters of the queries."""
    ports = list(dict.fromkeys(product.ports))
    return {
        **product.model_dump(include=_COLUMNS),
        "tags": list(product.tags),
        "clusters": [port.cluster for port in ports],
        "topics": [port.topic for port in ports],
    }


_COLUMNS = {"id", "name", "description", "owner", "domain", "lifecycle", "version", "documentation"}


def version_given(
    product: DataProduct,
    contract: OdcsDocument | None,
    differences: tuple[Difference, ...],
    by: str,
) -> Mapping[str, Any]:
    return {
        "id": product.id,
        "version": product.version,
        "content": Jsonb(content_of(product)),
        "contract": None if contract is None else Json(contract.document),
        "diff": Jsonb([each.model_dump() for each in differences]),
        "by": by,
    }
