"""A sentence that a model wrote is shown only when the tools' results bear it out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from graph.findings import Findings, names_in
from graph.models.choice import UnusableReplyError
from tools.sources import SearchFindings

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"`([^`]+)`")


def check(lead: str, question: str, found: Iterable[Findings]) -> None:
    """Every number and every `name` in the lead must be in the question or in a tool's result.

    Raises UnusableReplyError, which does not repeat the model's text.
    """
    found = list(found)
    evidence = " ".join(
        [question, *map(_counts, found), *(each.model_dump_json() for each in found)]
    )
    known = {_bare(number) for number in _NUMBER.findall(evidence)}
    if any(_bare(number) not in known for number in _NUMBER.findall(lead)):
        raise UnusableReplyError("it stated a number that no tool had returned")
    if any(name not in evidence for name in _NAME.findall(lead)):
        raise UnusableReplyError("it named a source that no tool had returned")


def _counts(findings: Findings) -> str:
    """The sizes of all lists, which a result holds without naming them, and of parts of one."""
    sizes = set(_sizes(findings.model_dump(mode="json")))
    if isinstance(findings, SearchFindings):
        sizes |= set(range(len(names_in(findings)) + 1))
    return " ".join(map(str, sizes))


def _sizes(value: object) -> Iterator[int]:
    if isinstance(value, list):
        yield len(value)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from _sizes(each)


def _bare(number: str) -> str:
    """`12,400` and `12400` are one number."""
    return number.replace(",", "").rstrip(".")
