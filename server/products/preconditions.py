"""If-Match: a change is made to the revision that its author has seen, or not at all."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, Response
from pydantic import WithJsonSchema

from core.product import DataProduct
from server.problems import ProblemError

_TAG = re.compile(r'"(\d{1,18})"')
_NEVER = -1

_SAYS = (
    "The ETag of the product as you know it; `*` means whatever is there. A change of another "
    "revision is refused with 412."
)

_SHOWN = WithJsonSchema({"type": "string", "example": "*"})

IfMatch = Annotated[str | None, _SHOWN, Header(alias="If-Match", max_length=200, description=_SAYS)]


def required(if_match: IfMatch = None) -> int | None:
    """The revision that must be in force, None for any. Raises a problem (428) without If-Match."""
    if if_match is None:
        raise ProblemError(
            HTTPStatus.PRECONDITION_REQUIRED,
            "if-match-required",
            "Say which revision you change: GET the product and send its ETag as If-Match, or "
            "If-Match: * to change whatever is there.",
        )
    return _revision(if_match)


def optional(if_match: IfMatch = None) -> int | None:
    return None if if_match is None else _revision(if_match)


Expected = Annotated[int | None, Depends(required)]
MaybeExpected = Annotated[int | None, Depends(optional)]


def _revision(if_match: str) -> int | None:
    """A tag that is none of ours, a weak one included, is the tag of no revision."""
    if if_match.strip() == "*":
        return None
    found = _TAG.fullmatch(if_match.strip())
    return _NEVER if found is None else int(found[1])


def tagged(response: Response, product: DataProduct) -> None:
    response.headers["ETag"] = f'"{product.revision}"'
