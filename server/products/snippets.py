"""/products/{id}/snippets: code to produce to a product and to consume it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from core.snippets import Language, Role, Snippet, snippets_of
from server.openapi import answers
from server.products import examples
from server.products.records import Id
from server.products.shelf import AtShelf, Shelf
from server.products.views import NO_NULL
from tools.db.products import Stored

router = APIRouter(tags=["snippets"])


class Snippets(BaseModel):
    model_config = ConfigDict(frozen=True)
    items: tuple[Snippet, ...]


@router.get(
    "/products/{product_id}/snippets",
    operation_id="getSnippets",
    summary="Ready producer and consumer code",
    responses=answers(examples.SNIPPETS, 404, 410, 503),
)
async def get_snippets(
    product_id: Id,
    shelf: AtShelf,
    language: Language | None = None,
    role: Role | None = None,
    topic: Annotated[str | None, Query(max_length=249, pattern=NO_NULL)] = None,
) -> Snippets:
    """With the product's real topics, fields and settings, and an example that keeps its rules.

    A topic whose schema is not known has consumers alone.
    """
    found = await snippets_for(await shelf.products.stored(product_id), shelf)
    fits = {"language": language, "role": role, "topic": topic}
    given = {name: value for name, value in fits.items() if value is not None}
    items = [each for each in found if all(getattr(each, n) == v for n, v in given.items())]
    return Snippets(items=tuple(items))


async def snippets_for(stored: Stored, shelf: Shelf) -> list[Snippet]:
    """In every language and role, of each of its topics."""
    return [
        snippet
        for view in await shelf.ports(stored)
        for snippet in snippets_of(stored.product, view, shelf.endpoint)
    ]
