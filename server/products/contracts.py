"""/products/{id}/contract and its other forms: ODCS in and out, ODPS and AsyncAPI out."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response

from core.contract.asyncapi import asyncapi_of
from core.contract.entries import not_watched
from core.contract.odps import odps_of
from core.contract.reading import read_contract
from server.openapi import Responses, answers
from server.principal import Writer
from server.products import examples
from server.products.authority import deed, require
from server.products.negotiation import YAML, Wanted, document_response
from server.products.preconditions import Expected, tagged
from server.products.records import Id
from server.products.shelf import AtShelf
from server.products.views import ContractView, product_view

router = APIRouter(tags=["contracts"])

_OBJECT: dict[str, Any] = {"type": "object"}
_CONTRACT = {"$ref": "#/components/schemas/OdcsContract"}


def _documents(example: dict[str, Any], *problems: int) -> Responses:
    told = answers(example, *problems)
    told[200]["content"]["application/json"]["schema"] = _OBJECT
    told[200]["content"][YAML] = {"schema": _OBJECT, "example": example}
    return told


_BODY = {
    "requestBody": {
        "required": True,
        "description": "An ODCS v3.1.0 document, checked by the standard's own JSON Schema.",
        "content": {
            "application/json": {
                "schema": _CONTRACT,
                "example": examples.CONTRACT,
            },
            YAML: {"schema": _CONTRACT, "example": examples.CONTRACT},
        },
    }
}


@router.get(
    "/products/{product_id}/contract",
    operation_id="getContract",
    summary="The contract, as ODCS v3.1.0",
    response_class=Response,
    responses=_documents(examples.CONTRACT, 404, 410, 503),
)
async def get_contract(product_id: Id, shelf: AtShelf, form: Wanted) -> Response:
    """As it was put, every member of it; JSON or YAML."""
    product = await shelf.products.get(product_id)
    contract = await shelf.products.contract(product_id)
    return document_response(contract.document, form, {"ETag": f'"{product.revision}"'})


@router.put(
    "/products/{product_id}/contract",
    operation_id="putContract",
    summary="Put a contract: ODCS v3.1.0",
    openapi_extra=_BODY,
    responses=answers(examples.STORED_CONTRACT, 401, 403, 404, 409, 410, 412, 413, 415, 428, 503),
)
async def put_contract(
    product_id: Id,
    request: Request,
    shelf: AtShelf,
    writer: Writer,
    expected: Expected,
    response: Response,
) -> ContractView:
    """Takes JSON and YAML, keeps all of it, and answers with the product.

    Its topics are output ports of the product. The rules in it become the product's quality rules,
    and the product's version rises by what changed, or to the contract's where that is higher.
    An entry of its quality that says it can be watched (a metric of the standard, or `engine:
    headwater`) and cannot be is refused with its place and what to mend; `not_watched` are those
    that are text, SQL or for other engines.
    """
    await require(shelf.products, writer, product_id)
    contract = await asyncio.to_thread(read_contract, await request.body())
    product = await shelf.products.put_contract(
        product_id, contract, deed(writer, "contract"), expected
    )
    tagged(response, product)
    return ContractView(**dict(product_view(product)), not_watched=not_watched(contract))


@router.get(
    "/products/{product_id}/odps",
    operation_id="getOdps",
    summary="The product, as Bitol ODPS v1.0.0",
    response_class=Response,
    responses=_documents(examples.ODPS, 404, 410, 503),
)
async def get_odps(product_id: Id, shelf: AtShelf, form: Wanted) -> Response:
    """Its input ports are the products that its contract's `inputTopics` belong to."""
    stored = await shelf.products.stored(product_id)
    document = odps_of(stored.product, stored.contract, await shelf.inputs(stored))
    return document_response(document, form)


@router.get(
    "/products/{product_id}/asyncapi",
    operation_id="getAsyncApi",
    summary="The product, as AsyncAPI 3.1.0",
    response_class=Response,
    responses=_documents(examples.ASYNCAPI, 404, 410, 503),
)
async def get_asyncapi(product_id: Id, shelf: AtShelf, form: Wanted) -> Response:
    """With Kafka bindings 0.5.0; partitions and settings are asked of Kafka where it answers."""
    stored = await shelf.products.stored(product_id)
    ports = await shelf.ports(stored)
    return document_response(asyncapi_of(stored.product, ports, shelf.endpoint), form)
