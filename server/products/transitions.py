"""/products/{id}/submit, activate, deprecate, retire, restore: a product's way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Response

from core.product import DataProduct
from server.openapi import answers
from server.principal import Principal, Writer
from server.products import examples
from server.products.authority import deed, require, require_decider
from server.products.preconditions import MaybeExpected, tagged
from server.products.records import Id
from server.products.shelf import AtShelf, Shelf
from server.products.views import ProductView, product_view
from tools.db.products import Deed

router = APIRouter(tags=["lifecycle"])

Move = Callable[[str, Deed, int | None], Awaitable[DataProduct]]

_PROBLEMS = (401, 403, 404, 409, 410, 412, 503)


async def _answer(
    shelf: Shelf,
    move: Move,
    action: str,
    product_id: str,
    writer: Principal,
    expected: int | None,
    response: Response,
) -> ProductView:
    await require(shelf.products, writer, product_id)
    product = await move(product_id, deed(writer, action), expected)
    tagged(response, product)
    return product_view(product)


@router.post(
    "/products/{product_id}/submit",
    operation_id="submitProduct",
    summary="Ask for a draft to become active",
    responses=answers({**examples.PRODUCT, "lifecycle": "pending"}, *_PROBLEMS),
)
async def submit(
    product_id: Id, shelf: AtShelf, writer: Writer, expected: MaybeExpected, response: Response
) -> ProductView:
    """From draft to pending."""
    move = shelf.lifecycle.submit
    return await _answer(shelf, move, "submit", product_id, writer, expected, response)


@router.post(
    "/products/{product_id}/activate",
    operation_id="activateProduct",
    summary="Make a product active",
    responses=answers({**examples.PRODUCT, "lifecycle": "active"}, *_PROBLEMS),
)
async def activate(
    product_id: Id, shelf: AtShelf, writer: Writer, expected: MaybeExpected, response: Response
) -> ProductView:
    """From draft, pending or deprecated; it takes a steward.

    Refused (409) while it has no port, no contract, or a topic that Kafka does not have.
    """
    require_decider(writer)
    move = shelf.lifecycle.activate
    return await _answer(shelf, move, "activate", product_id, writer, expected, response)


@router.post(
    "/products/{product_id}/deprecate",
    operation_id="deprecateProduct",
    summary="Deprecate a product",
    responses=answers({**examples.PRODUCT, "lifecycle": "deprecated"}, *_PROBLEMS),
)
async def deprecate(
    product_id: Id, shelf: AtShelf, writer: Writer, expected: MaybeExpected, response: Response
) -> ProductView:
    """From active; it is still served, and consumers shall move away."""
    move = shelf.lifecycle.deprecate
    return await _answer(shelf, move, "deprecate", product_id, writer, expected, response)


@router.post(
    "/products/{product_id}/retire",
    operation_id="retireProduct",
    summary="Retire a product",
    responses=answers({**examples.PRODUCT, "lifecycle": "retired"}, *_PROBLEMS),
)
async def retire(
    product_id: Id, shelf: AtShelf, writer: Writer, expected: MaybeExpected, response: Response
) -> ProductView:
    """From deprecated; refused with their names (409) while consumer groups read its topics."""
    move = shelf.lifecycle.retire
    return await _answer(shelf, move, "retire", product_id, writer, expected, response)


@router.post(
    "/products/{product_id}/restore",
    operation_id="restoreProduct",
    summary="Restore a product",
    responses=answers({**examples.PRODUCT, "lifecycle": "active"}, *_PROBLEMS),
)
async def restore(
    product_id: Id, shelf: AtShelf, writer: Writer, expected: MaybeExpected, response: Response
) -> ProductView:
    """A deleted one comes back as it was; a retired one is deprecated, a deprecated one active."""
    move = shelf.lifecycle.restore
    return await _answer(shelf, move, "restore", product_id, writer, expected, response)
