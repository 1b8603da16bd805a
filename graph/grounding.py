"""A sentence that a model wrote is shown only when it invents nothing.

That a number stands somewhere in the results does not make it the right one, so a lead has no
numbers of its own: the facts below it have them, from the tools.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from graph.findings import Findings, names_in
from graph.models.choice import UnusableReplyError
from tools.sources import SourceFindings

_NUMBER = re.compile(
    r"\d+(?:[.,]\d+)*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|"
    r"hundreds?|thousands?|millions?)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"`([^`]+)`")


def check(lead: str, question: str, found: Iterable[Findings]) -> None:
    """Names in backticks must be in a tool's result, numbers in the question.

    Raises UnusableReplyError, which does not repeat the model's text.
    """
    known = " ".join([question, *map(_named, found)])
    if any(name not in known for name in _NAME.findall(lead)):
        raise UnusableReplyError("it named a source that no tool had returned")
    asked = set(_NUMBER.findall(question.lower()))
    if set(_NUMBER.findall(_NAME.sub("", lead).lower())) - asked:
        raise UnusableReplyError("it stated a number that is not measured")


def _named(findings: Findings) -> str:
    """All names and texts of a result: sources, fields, owners, teams."""
    if isinstance(findings, SourceFindings) and findings.source is None:
        return " ".join([findings.name, *findings.near])
    return " ".join([*names_in(findings), findings.model_dump_json()])
