"""A request as a model reads it, fenced, since people wrote it; the offline one reads it back."""

from __future__ import annotations

import re

from core.generation import GenerationRequest
from tools.typed import fenced

_FENCED = re.compile(r"<data>\n(.*?)\n</data>", re.DOTALL)


def brief(request: GenerationRequest) -> str:
    return f"Draft the data product that is asked for here.\n{fenced(request)}"


def read_brief(text: str) -> GenerationRequest:
    """What `brief` wrote. Raises ValueError where the text holds no request."""
    found = _FENCED.search(text)
    if found is None:
        raise ValueError("the text holds no request for a data product")
    return GenerationRequest.model_validate_json(found[1])
