"""Data products: the shelf, each with its topics, contract, code and versions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, ClassVar

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field

from core.product import Lifecycle
from server.console.address import at
from server.console.entry import Entry
from server.console.form import Posted, see_other
from server.console.query import PageQuery
from server.console.rendering import page
from server.principal import Writer
from server.products import transitions
from server.products.records import Id, ProductListQuery, list_products
from server.products.shelf import AtShelf
from server.products.snippets import snippets_for
from server.products.versions import list_versions
from server.products.views import ProductView, product_view
from server.usage.viewing import Views

router = APIRouter()

ENTRY = Entry("Products", "/products", "product", 15)

_ROWS = 50

_MOVES: dict[str, Callable[..., Awaitable[ProductView]]] = {
    "submit": transitions.submit,
    "activate": transitions.activate,
    "deprecate": transitions.deprecate,
    "retire": transitions.retire,
    "restore": transitions.restore,
}

_OFFERED = {
    Lifecycle.DRAFT: ("submit", "activate"),
    Lifecycle.PENDING: ("activate",),
    Lifecycle.ACTIVE: ("deprecate",),
    Lifecycle.DEPRECATED: ("restore", "retire"),
    Lifecycle.RETIRED: ("restore",),
}


class ProductsForm(PageQuery):
    """The page's address."""

    place: ClassVar[str] = "products"
    text: str | None = Field(None, max_length=200)
    owner: str | None = Field(None, max_length=200)
    domain: str | None = Field(None, max_length=63)
    lifecycle: Lifecycle | None = None


@router.get("/products")
async def products(
    request: Request, shelf: AtShelf, form: Annotated[ProductsForm, Query()]
) -> HTMLResponse:
    found = await list_products(
        shelf, ProductListQuery(**form.given, limit=_ROWS, cursor=form.cursor)
    )
    return page(
        request,
        "pages/products.html",
        title="Products",
        form=form,
        found=found,
        lifecycles=tuple(Lifecycle),
        more=form.after(found.next_cursor),
    )


@router.get("/products/{product_id}")
async def product(request: Request, product_id: Id, shelf: AtShelf, views: Views) -> HTMLResponse:
    stored = await shelf.products.stored(product_id)
    views.product(shelf.endpoint.cluster, product_id)
    found = product_view(stored.product)
    versions = await list_versions(product_id, shelf, limit=20)
    return page(
        request,
        "pages/product.html",
        title=found.name,
        found=found,
        has_contract=stored.contract is not None,
        versions=versions.items,
        snippets=await snippets_for(stored, shelf),
        moves=_OFFERED[found.lifecycle],
    )


@router.post("/products/{product_id}/{move}")
async def move(
    product_id: Id,
    move: Annotated[str, Path(pattern="^(submit|activate|deprecate|retire|restore)$")],
    shelf: AtShelf,
    writer: Writer,
    form: Posted,
) -> RedirectResponse:
    revision = form.text("revision")
    expected = int(revision) if revision.isdigit() else None
    moved = await _MOVES[move](product_id, shelf, writer, expected, Response())
    return see_other(at("products", product_id), f"It is {moved.lifecycle.value} now.")
