"""/products: list, draft, read, change and delete data products."""

from __future__ import annotations

import hashlib
import re
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.names import words
from core.product import DataProduct, Lifecycle
from core.search import refuse_unknown
from core.versioning import FIRST
from server.catalog.sources import Page
from server.openapi import answers
from server.principal import Writer, require_owner
from server.products import examples
from server.products.authority import deed, require
from server.products.preconditions import Expected, tagged
from server.products.shelf import AtShelf, Shelf
from server.products.views import (
    NO_NULL,
    NewProduct,
    ProductContent,
    ProductPatch,
    ProductView,
    content,
    ports_on,
    product_view,
)
from server.usage.viewing import Views
from tools.db.product_errors import ProductExistsError

router = APIRouter(tags=["products"])

Id = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$", examples=["fraud-scores"])]

_TRIES = 5


class ProductListQuery(BaseModel):
    """Every filter that is given holds; an unknown one is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    owner: str | None = Field(
        None, max_length=200, pattern=NO_NULL, examples=["group:default/fraud-team"]
    )
    domain: str | None = Field(None, max_length=63, pattern=NO_NULL)
    lifecycle: Lifecycle | None = None
    tag: str | None = Field(None, max_length=63, pattern=NO_NULL)
    topic: str | None = Field(None, max_length=249, pattern=NO_NULL)
    text: str | None = Field(
        None, max_length=200, pattern=NO_NULL, description="part of the id, name or description"
    )
    deleted: bool = Field(False, description="deleted ones as well")
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=2000, description="next_cursor of the page before")

    @model_validator(mode="before")
    @classmethod
    def _known(cls, given: Any) -> Any:
        return refuse_unknown(cls, given)


@router.get(
    "/products",
    operation_id="listProducts",
    summary="List data products by id",
    responses=answers({"items": [examples.PRODUCT], "next_cursor": None}, 400, 503),
)
async def list_products(
    shelf: AtShelf, query: Annotated[ProductListQuery, Query()]
) -> Page[ProductView]:
    """Those that were deleted only with `deleted`."""
    page = await shelf.products.list(**query.model_dump())
    return Page(items=tuple(map(product_view, page.items)), next_cursor=page.next_cursor)


@router.post(
    "/products",
    operation_id="createProduct",
    summary="Draft a data product",
    status_code=201,
    responses=answers(examples.PRODUCT, 401, 403, 409, 413, 415, 503, status=201),
)
async def create_product(
    asked: NewProduct,
    shelf: AtShelf,
    writer: Writer,
    response: Response,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255)] = None,
) -> ProductView:
    """A draft in version 1.0.0. The same Idempotency-Key gives the same product again.

    Nothing is created on Kafka: that is for the generator, whose plans people approve.
    """
    require_owner(writer, asked.owner)
    made = await _made(shelf, asked, deed(writer, "create"), idempotency_key)
    tagged(response, made)
    response.headers["Location"] = f"/products/{made.id}"
    return product_view(made)


async def _made(shelf: Shelf, asked: NewProduct, by: Any, key: str | None) -> DataProduct:
    """Two that take one free id at once: the second one takes the next."""
    digest = hashlib.sha256(asked.model_dump_json().encode()).hexdigest()[:16]
    for left in reversed(range(_TRIES)):
        product = _draft(asked, shelf, await _id(shelf, asked))
        try:
            if key is not None:
                return await shelf.products.create_once(key, digest, product, by)
            return await shelf.products.create(product, by)
        except ProductExistsError:
            if asked.id is not None or not left:
                raise
    raise AssertionError("the last try returns or raises")


async def _id(shelf: Shelf, asked: NewProduct) -> str:
    if asked.id is not None:
        return asked.id
    return await shelf.products.free_id(slug(asked.name))


def slug(name: str) -> str:
    """A readable id: `Fraud Scores (EU)` -> fraud-scores-eu."""
    plain = re.sub(r"[^a-z0-9-]", "", "-".join(words(name)))
    return plain[:90].strip("-") or "product"


def _draft(asked: NewProduct, shelf: Shelf, product_id: str) -> DataProduct:
    return DataProduct(
        **content(asked.model_dump(exclude={"id", "ports"})),
        id=product_id,
        ports=ports_on(asked.ports, shelf.endpoint.cluster),
        lifecycle=Lifecycle.DRAFT,
        version=FIRST,
    )


@router.get(
    "/products/{product_id}",
    operation_id="getProduct",
    summary="One data product",
    responses=answers(examples.PRODUCT, 404, 410, 503),
)
async def get_product(
    product_id: Id, shelf: AtShelf, views: Views, response: Response
) -> ProductView:
    """Its ETag goes into If-Match of a change. A deleted one is listed with `deleted`."""
    product = await shelf.products.get(product_id)
    views.product(shelf.endpoint.cluster, product.id)
    tagged(response, product)
    return product_view(product)


@router.put(
    "/products/{product_id}",
    operation_id="replaceProduct",
    summary="Replace what a product says",
    responses=answers(examples.PRODUCT, 401, 403, 404, 409, 410, 412, 413, 415, 428, 503),
)
async def replace_product(
    product_id: Id,
    asked: ProductContent,
    shelf: AtShelf,
    writer: Writer,
    expected: Expected,
    response: Response,
) -> ProductView:
    """Members that are left out take their defaults. The version rises by what changed."""
    return await _changed(shelf, product_id, asked, writer, expected, response)


@router.patch(
    "/products/{product_id}",
    operation_id="changeProduct",
    summary="Change some of what a product says",
    responses=answers(examples.PRODUCT, 401, 403, 404, 409, 410, 412, 413, 415, 428, 503),
)
async def change_product(
    product_id: Id,
    asked: ProductPatch,
    shelf: AtShelf,
    writer: Writer,
    expected: Expected,
    response: Response,
) -> ProductView:
    """A port that goes makes a major version, one that comes a minor one, texts a patch."""
    return await _changed(shelf, product_id, asked, writer, expected, response)


async def _changed(
    shelf: Shelf,
    product_id: str,
    asked: ProductContent | ProductPatch,
    writer: Writer,
    expected: int | None,
    response: Response,
) -> ProductView:
    await require(shelf.products, writer, product_id)
    if asked.owner is not None:
        require_owner(writer, asked.owner)
    cluster = shelf.endpoint.cluster
    product = await shelf.products.change(
        product_id, lambda found: asked.of(found, cluster), deed(writer, "update"), expected
    )
    tagged(response, product)
    return product_view(product)


@router.delete(
    "/products/{product_id}",
    operation_id="deleteProduct",
    summary="Delete a product, with a reason",
    responses=answers(examples.DELETED, 401, 403, 404, 409, 410, 412, 428, 503),
)
async def delete_product(
    product_id: Id,
    shelf: AtShelf,
    writer: Writer,
    expected: Expected,
    reason: Annotated[str, Query(min_length=1, max_length=500, pattern=NO_NULL)],
    response: Response,
) -> ProductView:
    """Refused with their names (409) while consumer groups have committed offsets on its topics.

    Its history stays, its topics are free for other products, and `restore` brings it back.
    """
    await require(shelf.products, writer, product_id)
    product = await shelf.lifecycle.delete(product_id, reason, deed(writer, "delete"), expected)
    tagged(response, product)
    return product_view(product)
