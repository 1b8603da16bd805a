"""/products/{id}/versions: how a product came to be what it is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from core.product_diff import product_diff
from server.catalog.sources import Cursor, Limit, Page
from server.openapi import answers
from server.products import examples
from server.products.records import Id
from server.products.shelf import AtShelf
from server.products.views import (
    DiffView,
    VersionSummary,
    VersionView,
    diff_view,
    version_summary,
    version_view,
)

router = APIRouter(tags=["versions"])

Version = Annotated[
    str, Path(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9.+_-]+$", examples=["1.0.0"])
]


@router.get(
    "/products/{product_id}/versions",
    operation_id="listProductVersions",
    summary="List the versions of a product",
    responses=answers({"items": [examples.VERSION], "next_cursor": None}, 400, 404, 503),
)
async def list_versions(
    product_id: Id, shelf: AtShelf, limit: Limit = 50, cursor: Cursor = None
) -> Page[VersionSummary]:
    """Newest first, each with its changes in readable lines; of deleted products too."""
    page = await shelf.products.versions(product_id, limit=limit, cursor=cursor)
    return Page(items=tuple(map(version_summary, page.items)), next_cursor=page.next_cursor)


@router.get(
    "/products/{product_id}/versions/{version}",
    operation_id="getProductVersion",
    summary="One version of a product, whole",
    responses=answers(examples.WHOLE_VERSION, 404, 503),
)
async def get_version(product_id: Id, version: Version, shelf: AtShelf) -> VersionView:
    """With the contract that was in force."""
    return version_view(await shelf.products.version(product_id, version))


@router.get(
    "/products/{product_id}/versions/{before}/diff/{after}",
    operation_id="compareProductVersions",
    summary="What changed between two versions",
    responses=answers(examples.DIFF, 404, 503),
)
async def compare(product_id: Id, before: Version, after: Version, shelf: AtShelf) -> DiffView:
    """Breaking changes first; `bump` is the rise of the version that they ask for."""
    old = await shelf.products.version(product_id, before)
    new = await shelf.products.version(product_id, after)
    changes = product_diff(old.product, new.product, old.contract, new.contract)
    return diff_view(before, after, changes)
