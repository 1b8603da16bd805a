"""Words that hint at a capability: the verbs that begin a request for it, and its nouns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from core.arrays import Numbers
from graph.models.offline.courtesy import bare
from prompts import RouteExamples

_ENOUGH = 2
"""More words of one capability than this tell nothing more."""

_AUX = (
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|may|should|would|will|am)(?:n['’]?t)?"
)
_SOMEONE = (
    r"(?:it|its|the|this|that|these|those|there|they|we|i|you|our|my|any\w*|some\w*|both"
    r"|\w+[._-]\w+)"
)
_ASKING = re.compile(
    r"(?:show|list|display|tell (?:me|us)|let me know|give me|get me|check|verify|make sure|explain"
    r"|see|suggest|propose|recommend|report|outline|summari[sz]e|calculate|estimate|assess|evaluate"
    r"|judge|name the)\s+\S"
    rf"|(?:which|who|whom|whose|why|who['’]s|what['’]s|how['’]s|whats|{_AUX} {_SOMEONE})\b"
    rf"|(?:how|where|when|what) {_AUX}\b|how \w+ {_AUX}\b|what \w+ {_AUX}\b(?! that)"
    r"|how (?:many|much) (?!(?:it|he|she|they|we)\b)"
    r"|(?:analy[sz]e|arrange|assemble|assign|audit|bundle|calculate|collect|compile|configure"
    r"|confirm|count|derive|determine|examine|extract|fetch|figure out|flag|gather|grab|highlight"
    r"|inform|join|link|notify|organi[sz]e|pick|pinpoint|plan|point (?:me|us)|prep|produce|pull|put"
    r"|rank|read|run|scan|select|send|ship|sort|spell|spot|state|study|take|test|trace|weigh|work"
    r"|write)(?: \w{2,4})? (?:a|an|the|one|it|them|this|that|these|those|me|us|my|our|any|every"
    r"|which|who|what|how|whether|if|\w+[._-]\w+)\b"
    r"|what (?:about|else|broke|happened|changed|went|exists|waits|went|caused|remains|needs)\b"
    r"|any (?:topics?|streams?|feeds?|data|news|products?)\b|any \w+.*\?"
    rf"|how \w+ {_SOMEONE} {_AUX}\b|whether\b"
    rf"|{_AUX} (?:\w+ing|(?!be\b|been\b|also\b|only\b)\w+ .*\?)"
    r"|(?:i|we)(?:['’](?:m|d|re|ve))? (?:am |are |would |have )?"
    r"(?:need|want|like|lack|require|look|search|after\b|interested|keen|curious|seek|hunt|chas"
    r"|approve|reject|decline|agree|accept)\w*\b"
    r"(?! to be)|there(?:['’]s| is) no\b|i['’]d\b",
    re.IGNORECASE,
)
_GAP = r"(?:\s+\S+){1,4}?\s+"
_ONE_WORD = re.compile(r"\W*[\w-]+\W*$")


class Cues:
    """Compiled from the `verbs` and `words` of `prompts/routes.yaml`."""

    def __init__(self, routes: Mapping[str, RouteExamples]) -> None:
        self._verbs = [_pattern(entry.verbs, r"^") for entry in routes.values()]
        self._words = [_pattern(entry.words, r"\b") for entry in routes.values()]
        self._any_verb = _pattern([verb for entry in routes.values() for verb in entry.verbs], "^")

    def is_order(self, text: str) -> bool:
        """Whether a clause begins as an order, a need or a question does, courtesies aside."""
        rest = bare(text)
        if _ONE_WORD.match(rest):
            return False
        return self._any_verb.match(rest) is not None or _ASKING.match(rest) is not None

    def view(self, texts: Sequence[str]) -> Numbers:
        """A row a text: which capabilities' verbs begin it, then how many of their words it has."""
        return np.array([self._row(text) for text in texts], dtype=np.float64)

    def _row(self, text: str) -> list[float]:
        rest = bare(text)
        begun = [float(verb.match(rest) is not None) for verb in self._verbs]
        hints = [
            min(_ENOUGH, len(set(word.findall(text.lower())))) / _ENOUGH for word in self._words
        ]
        return [*begun, *hints]


def _pattern(entries: Sequence[str], before: str) -> re.Pattern[str]:
    """Matches any entry as whole words; one that ends in `*` may go on, ` ... ` is one to four."""
    ends = [
        _GAP.join(map(re.escape, entry.rstrip("*").split(" ... ")))
        + ("" if entry.endswith("*") else r"\b")
        for entry in entries
    ]
    return re.compile(f"{before}(?:{'|'.join(ends) or '(?!)'})", re.IGNORECASE)
