"""Whether a question is about lineage: where data comes from, or who breaks if it changes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.lineage.walk import Direction
from graph.models.offline import phrases


@dataclass(frozen=True, slots=True)
class LineageQuestion:
    """`rest` is the question without what was read off it, in which the topic is named or
    described."""

    impact: bool
    rest: str
    direction: Direction | None = None
    field: str | None = None


_FIELD = re.compile(
    r"(?:\bthe )?\b(?:field|column|attribute)s?\s+(?:called |named )?"
    r"[`'\"“]?(?P<after>[\w.\[\]]+)[`'\"”]?"
    r"|(?:\bthe |\bits )?[`'\"“]?(?P<before>\b\w[\w.\[\]]*)[`'\"”]?"
    r"\s+\b(?:field|column|attribute)\b",
    re.IGNORECASE,
)
_OF = re.compile(r"\s*\b(?:of|in|from|on)\b\s*", re.IGNORECASE)

_IMPACT = re.compile(
    r"\b(?:who|what|which|whom|whose|anyone|anybody|anything|everyone|everybody|teams?|groups?"
    r"|someone|somebody)\b.*\b(?:breaks?|broken|affected|impacted|hurt|suffers?|notices?"
    r"|would fail|will fail|is hit|be hit|needs? to know|must be told)\b.*\b(?:if|when|by|once)\b"
    r"|\b(?:if|when|once)\b.*\b(?:who|what|which|whom|teams?|groups?)\b.*"
    r"\b(?:breaks?|affected|impacted|hurt|suffers?|fails?|notices?|hit)\b"
    r"|\bimpact(?:s|ed)?\b.*\b(?:of|if|when)\b|\bblast radius\b|\bknock-on\b"
    r"|\bconsequences? (?:of|if)\b|\bdepend(?:s|ents?|encies|ing)?\b(?: (?:on|of|upon))\b"
    r"|\brel(?:y|ies) on\b|\bwer (?:ist|wäre) betroffen\b|\bqui serait (?:touché|affecté)\b",
    re.IGNORECASE,
)
_UPSTREAM = re.compile(
    r"\bwhere\b.*\b(?:come|comes|came|coming|originates?)\b(?: from)?"
    r"|\bupstream\b|\borigins?\b|\bprovenance\b|\bwhat feeds\b|\bfed by\b|\b(?:which|what) "
    r"(?:topics?|jobs?|streams?|data|applications?|services?) feeds?\b"
    r"|\b(?:made|built|derived|computed|produced|generated|created) (?:from|out of|by)\b"
    r"|\bwho (?:produces|writes|publishes|fills)\b|\bwoher\b|\bd['’]où vien",
    re.IGNORECASE,
)
_DOWNSTREAM = re.compile(
    r"\bdownstream\b|\bwhere\b.*\b(?:go|goes|end up|ends up|flow|flows) ?(?:to)?\b"
    r"|\bwhat is (?:made|built|derived|computed) (?:from|of|out of)\b"
    r"|\bwhat (?:does|do) .* feed\b|\bwohin\b",
    re.IGNORECASE,
)
_BOTH = re.compile(r"\blineage\b|\bdata flows?\b|\bdependency graph\b", re.IGNORECASE)

_CUES = re.compile(
    r"\b(?:if|when|once|would|will|happens?|break(?:s|ing)?|broken|affected|impact(?:ed|s)?|hurt"
    r"|suffers?|fails?|notices?|hit|changes?|changed|changing|renam\w+|remov\w+|alter\w*|goes"
    r"|go|gone|away|vanish\w*|disappear\w*|drop(?:s|ped)?|switch\w*|depends?|depending|dependents?"
    r"|dependencies|rel(?:y|ies)|upon|where|come[s]?|came|coming|originates?|origins?|provenance"
    r"|upstream|downstream|lineage|feeds?|fed|made|built|derived|computed|produced|produces"
    r"|generated|created|writes?|publishes|fills|flows?|ends?|up|out|blast|radius|knock-on"
    r"|effects?|consequences?|everyone|everybody|anyone|anybody|someone|somebody|anything"
    r"|everything|data|needs?|must|told|know|draw|graph|tomorrow|type|schema)\b",
    re.IGNORECASE,
)


def lineage_asked(text: str) -> LineageQuestion | None:
    """None for a question that is about something else."""
    if _IMPACT.search(text):
        return _impact(text)
    if _UPSTREAM.search(text) and not _DOWNSTREAM.search(text):
        return LineageQuestion(False, text, Direction.UPSTREAM)
    if _DOWNSTREAM.search(text):
        return LineageQuestion(False, text, Direction.DOWNSTREAM)
    return LineageQuestion(False, text) if _BOTH.search(text) else None


def _impact(text: str) -> LineageQuestion:
    found = _FIELD.search(text)
    if found is None:
        return LineageQuestion(True, text)
    path = found["after"] or found["before"]
    if _OF.fullmatch(f" {path} ") or path.lower() in {"a", "the", "any", "one", "some", "which"}:
        return LineageQuestion(True, text)
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    return LineageQuestion(True, rest, field=path)


def described(rest: str) -> str:
    """What is left of a question without what it says of lineage and of asking."""
    for cue in (_CUES, phrases.PRONOUN, phrases.FILLER):
        rest = cue.sub(" ", rest)
    return " ".join(re.findall(r"[^\W\d_][\w'-]*", rest))
