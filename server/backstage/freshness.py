"""If-None-Match: what the caller has already is not sent again."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header

IfNoneMatch = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        max_length=4_000,
        description="The ETag of an earlier answer: where nothing has changed the answer is 304.",
    ),
]


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Whether the caller names this tag; for reading, weak ones count too (RFC 9110, 13.1.2)."""
    if if_none_match is None:
        return False
    given = [part.strip().removeprefix("W/") for part in if_none_match.split(",")]
    return tag in given or given == ["*"]
