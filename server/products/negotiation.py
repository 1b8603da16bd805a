"""Documents as JSON or YAML, by `format` or by the Accept header."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Response

from core.contract.document import OdcsDocument
from core.contract.reading import as_yaml

JSON = "application/json"
YAML = "application/yaml"
YAMLS = (YAML, "application/x-yaml", "text/yaml", "text/x-yaml")


class DocumentFormat(StrEnum):
    JSON = "json"
    YAML = "yaml"


def wanted(
    given: Annotated[
        DocumentFormat | None, Query(alias="format", description="default: by Accept, else JSON")
    ] = None,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> DocumentFormat:
    if given is not None:
        return given
    yaml, plain = max(weight(accept, name) for name in YAMLS), weight(accept, JSON)
    return DocumentFormat.YAML if yaml > plain else DocumentFormat.JSON


Wanted = Annotated[DocumentFormat, Depends(wanted)]


def weight(accept: str, media_type: str) -> float:
    """How much a media type is wanted, 0 where it is not named; `*/*` names none."""
    for part in accept.lower().split(","):
        name, _, parameters = part.partition(";")
        if name.strip() == media_type:
            return _quality(parameters)
    return 0.0


def _quality(parameters: str) -> float:
    for each in parameters.split(";"):
        name, _, value = each.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def document_response(
    document: Mapping[str, Any], form: DocumentFormat, headers: Mapping[str, str] | None = None
) -> Response:
    if form is DocumentFormat.YAML:
        text, media_type = as_yaml(OdcsDocument(document)), YAML
    else:
        text, media_type = json.dumps(document, ensure_ascii=False, allow_nan=False), JSON
    return Response(text, media_type=media_type, headers={**(headers or {}), "Vary": "Accept"})
