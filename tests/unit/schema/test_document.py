"""Schema documents that are none are refused."""

from __future__ import annotations

from typing import Any

import pytest

from core.schema.document import DocumentUnreadableError, from_document


def _deep(depth: int) -> dict[str, Any]:
    field: dict[str, Any] = {"name": "a", "kinds": ["string"]}
    for _ in range(depth):
        field = {"name": "a", "kinds": ["object"], "children": [field]}
    return {"root": field}


@pytest.mark.parametrize(
    "document",
    [{}, {"root": 3}, {"root": {"kinds": ["strnig"]}}, {"root": {"bounds": {"x": 1}}},
     {"root": {"evidence": {}}}, _deep(500)],
)  # fmt: skip
def test_what_is_no_document_is_refused(document: Any) -> None:
    with pytest.raises(DocumentUnreadableError):
        from_document(document)
