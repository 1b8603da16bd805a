"""The standard's own JSON Schema: what is a contract by it, and where one is not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema_rs import Draft201909Validator

_SHOWN = 10
_MOST_TEXT = 300


@dataclass(frozen=True, slots=True)
class Flaw:
    """`at` is a path such as `schema.0.name`, or empty for the whole document."""

    at: str
    detail: str

    def __str__(self) -> str:
        return f"{self.at or 'the document'}: {self.detail}"


class InvalidContractError(ValueError):
    """The document is no ODCS contract; `flaws` say where and why."""

    def __init__(self, flaws: tuple[Flaw, ...]) -> None:
        self.flaws = flaws
        told = "; ".join(map(str, flaws[:3]))
        super().__init__(
            f"This is no contract of the Open Data Contract Standard v3.1.0: {told}. What the "
            "standard has no member for belongs under customProperties."
        )


def check(document: Mapping[str, Any]) -> None:
    """Raises InvalidContractError where the official JSON Schema of ODCS v3.1.0 says no."""
    flaws = [
        Flaw(".".join(map(str, error.instance_path)), error.message[:_MOST_TEXT])
        for error, _ in zip(_validator().iter_errors(document), range(_SHOWN), strict=False)
    ]
    if flaws:
        raise InvalidContractError(tuple(flaws))


@cache
def json_schema() -> Mapping[str, Any]:
    """The official JSON Schema (2019-09), as the package of the standard carries it."""
    text = (files("open_data_contract_standard") / "schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


@cache
def _validator() -> Draft201909Validator:
    return Draft201909Validator(dict(json_schema()), validate_formats=False)
