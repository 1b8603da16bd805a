"""A sentence that a model wrote is shown only when the tools' results bear it out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from graph.findings import Findings, names_in
from graph.models.choice import UnusableReplyError
from tools.sources import SearchFindings

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"`([^`]+)`")


def check(lead: str, question: str, findings: Iterable[Findings]) -> None:
    """Every number and every `name` in the lead must be in the question or in a tool's result.

    Raises UnusableReplyError, which does not repeat the model's text.
    """
    found = list(findings)
    evidence = " ".join(
        [question, *map(_counts, found), *(each.model_dump_json() for each in found)]
    )
    known = {_bare(number) for number in _NUMBER.findall(evidence)}
    if any(_bare(number) not in known for number in _NUMBER.findall(lead)):
        raise UnusableReplyError("it stated a number that no tool had returned")
    if any(name not in evidence for name in _NAME.findall(lead)):
        raise UnusableReplyError("it named a source that no tool had returned")


def _counts(findings: Findings) -> str:
    """The sizes of the lists, which a result holds without naming them."""
    sizes = {len(names_in(findings))}
    if isinstance(findings, SearchFindings):
        sizes |= set(range(len(findings.result.managed) + 1))
        sizes |= set(range(len(findings.result.discovered) + 1))
    return " ".join(map(str, sizes))


def _bare(number: str) -> str:
    """`12,400` and `12400` are one number."""
    return number.replace(",", "").rstrip(".")
