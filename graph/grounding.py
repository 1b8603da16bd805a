"""A sentence that a model wrote is shown only when it invents nothing.

That a number stands somewhere in the results does not make it the right one, so a lead has no
numbers of its own: the facts below it have them, from the tools. Nor does a team that stands
somewhere own the source of the sentence: what is said of a source must stand in its own record.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from graph.findings import Looked, names_in, records_in
from graph.models.choice import UnusableReplyError
from tools.quality import QualityFindings
from tools.sources import SourceFindings

_NUMBER = re.compile(
    r"\d+(?:[.,]\d+)*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|"
    r"hundreds?|thousands?|millions?)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"`([^`]+)`")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_MOST = 2
"""Sentences of a lead: small models go on and on."""


def borne_out(lead: str, question: str, found: Iterable[Looked]) -> str:
    """The first sentences of the lead that the results bear out.

    Raises UnusableReplyError where none is; it does not repeat the model's text.
    """
    results = list(found)
    known = " ".join([question, *map(_named, results)])
    records = _records(results)
    asked = set(_NUMBER.findall(question.lower()))
    kept, wrong = [], "it said nothing"
    for sentence in filter(None, _SENTENCE.split(lead.strip())):
        if problem := _problem(sentence, known, asked, records):
            wrong = problem
        else:
            kept.append(sentence)
    if not kept:
        raise UnusableReplyError(wrong)
    return " ".join(kept[:_MOST])


def _problem(sentence: str, known: str, asked: set[str], records: Mapping[str, str]) -> str | None:
    names = _NAME.findall(sentence)
    if any(name not in known for name in names):
        return "it named a source that no tool had returned"
    if set(_NUMBER.findall(_NAME.sub("", sentence).lower())) - asked:
        return "it stated a number that is not measured"
    told = [name for name in names if name not in records]
    of = [records[name] for name in names if name in records]
    if any(name not in record for name in told for record in of):
        return "it said of a source what its record does not hold"
    return None


def _records(found: Iterable[Looked]) -> dict[str, str]:
    """All that the tools returned of each source, by its name."""
    records: defaultdict[str, str] = defaultdict(str)
    for findings in found:
        for name, record in records_in(findings):
            records[name] += record.model_dump_json()
    return dict(records)


def _named(findings: Looked) -> str:
    """All names and texts of a result: sources, fields, owners, teams."""
    if isinstance(findings, SourceFindings) and findings.source is None:
        return " ".join([findings.name, *findings.near])
    if isinstance(findings, QualityFindings) and findings.sheet is None:
        return " ".join([findings.name, *findings.near])
    return " ".join([*names_in(findings), findings.model_dump_json()])
