"""A product as a Bitol ODPS v1.0.0 document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.contract.document import COST, OdcsDocument
from core.contract.odcs import STATUS
from core.product import DataProduct

API_VERSION = "v1.0.0"


def odps_of(
    product: DataProduct,
    contract: OdcsDocument | None = None,
    inputs: Sequence[tuple[DataProduct, OdcsDocument]] = (),
) -> dict[str, Any]:
    """`inputs` are the products, with their contracts, that this one is made from."""
    document: dict[str, Any] = {
        "apiVersion": API_VERSION,
        "kind": "DataProduct",
        "id": product.id,
        "name": product.name,
        "version": product.version,
        "status": STATUS[product.lifecycle],
        "domain": product.domain,
        "description": _description(product),
        "tags": list(product.tags),
        "inputPorts": [_input(*each) for each in inputs],
        "outputPorts": list(_outputs(product, contract, inputs)),
        "team": {"name": product.owner},
        "customProperties": list(_custom(contract)),
    }
    if product.created_at is not None:
        document["productCreatedTs"] = product.created_at.isoformat()
    return {name: value for name, value in document.items() if value}


def _description(product: DataProduct) -> dict[str, str]:
    told = {"purpose": product.description, "usage": product.documentation}
    return {name: text for name, text in told.items() if text}


def _input(product: DataProduct, contract: OdcsDocument) -> dict[str, str]:
    return {"name": product.id, "version": product.version, "contractId": contract.id}


def _outputs(
    product: DataProduct,
    contract: OdcsDocument | None,
    inputs: Sequence[tuple[DataProduct, OdcsDocument]],
) -> Iterable[dict[str, Any]]:
    made_from = [{"id": each.id, "version": each.version} for _, each in inputs]
    covered = () if contract is None else contract.topics
    for port in product.ports:
        told: dict[str, Any] = {"name": port.topic, "version": product.version, "type": "kafka"}
        if contract is not None and port.topic in covered:
            told["contractId"] = contract.id
        if made_from:
            told["inputContracts"] = made_from
        yield told | {"customProperties": [_property("cluster", port.cluster)]}


def _custom(contract: OdcsDocument | None) -> Iterable[Mapping[str, Any]]:
    cost = None if contract is None else contract.custom(COST)
    if cost is not None:
        yield _property(COST, cost)


def _property(name: str, value: Any) -> dict[str, Any]:
    return {"property": name, "value": value}
