"""A compound request cut into what it asks for, in the order in which the work is to be done.

A cut is made only between two clauses that each ask for something: "a topic with door id and time"
stays whole, as does what is told before a question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from graph.models.offline.courtesy import bare
from graph.models.offline.orders import is_question

IsOrder = Callable[[str], bool]

_ITEMS = re.compile(
    r"(?:^|[\s,;:])(?:\(?(?:\d|[a-d])[.)]|step \d[:.)]?|[-*•](?=\s))\s+", re.IGNORECASE
)
_SENTENCES = re.compile(r"(?:[.?!…;]+|\s[-–—])\s+|\n+")
_DONE = r"(?:done|finished|ready|complete[d]?|over|through|clear|settled|known|sorted|found|there)"
_NEXT = (
    r"(?:then|afterwards?|after (?:that|this|which|it)|subsequently|finally|lastly|also"
    r"|next(?! (?:week|month|quarter|year|day|time|release|sprint|spring|summer|autumn|winter)\b)"
    r"|additionally|plus|in addition|besides|on top of that|as a next step|following that"
    r"|at the end"
    r"|(?:once|when|as soon as) (?:that|this|it|you)(?:['’](?:s|re|ve)| is| are| has been| have)?"
    rf" ?{_DONE}?"
    r"|if (?:not|so|yes|none|no|there['’]s none|there is none|there['’]s nothing|nothing)"
    r"|otherwise|or else|failing that|in case not|dann|danach|anschließend|ensuite|puis|luego"
    r"|después)"
)
_MARKED = re.compile(
    rf"(?:[,;]\s*|\s+)(?:and\s+|but\s+|or\s+)?(?:{_NEXT})(?:\s*[,:]\s*|\s+)", re.IGNORECASE
)
_THEN = re.compile(
    r"\b(?:then|after(?:wards?| that)|subsequently|finally|lastly|failing that"
    r"|if (?:not|so|yes|none|no))\b",
    re.IGNORECASE,
)
"""Says outright that a piece of work follows, whatever word it begins with."""

_NO_WORK = re.compile(
    r"(?:the|an?|its?|this|that|these|those|they|them|we|i|you|he|she|there|with|without|in|on|for"
    r"|by|of|to|at|from|no|not|data|my|our|your|all|some|per|as|keep|owner|owned|retention|\w+[._-]\w+|\w+s)\b",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"\s*,\s*(?:and|but|und|et|y)\s+|\s+(?:and|und|et|y)\s+"
    r"|\s*,?\s+or\s+(?!\w+ (?:i|we|you|it|they|the|this|that|some\w*|any\w*)\b)"
    r"|\s*,\s+(?!(?:and|but|or|und|et|y)\b)",
    re.IGNORECASE,
)
_ASKS_IF = re.compile(
    r"\b(?:check|see|tell|verify|know|wonder|ask|out|sure|test|look|clear|me|us)\W*$", re.IGNORECASE
)
_RELATIVE = re.compile(
    r"(?:which(?! (?:of|one|team|topics?|streams?|feeds?)\b)|who|where|when)\b", re.IGNORECASE
)
_BEGIN = r"^(?:\W*(?:please|ok(?:ay)?|so|and|then|but)\b)*\W*"
_DOING = r"(?:(?:you|we|i)(?: (?:can|do|go and|start to))? |(?=\w+ing\b))"
_WORK = re.compile(
    r"(?:creat|draft|build|sett|promot|mak|generat|design|merg|compar|unify|consolidat|approv|reject"
    r"|search|check|list|find|look)ing\b",
    re.IGNORECASE,
)
_REVERSED = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        rf"{_BEGIN}(?:before|prior to)\s+{_DOING}(?P<later>[^,]+?),\s*(?P<first>.+)$",
        r"^(?P<later>.+?)[,;.]?\s+(?:but|though|only)\s+(?P<first>.+?)"
        r"\s+(?:first|beforehand|before(?: that)?)\W*$",
        r"^(?P<later>.+?)[,;.]?\s+(?:but|and|though|only)?\s*"
        r"(?:before (?:that|doing so|you do(?: so| that| it)?)|first(?: of all)?|beforehand)"
        r"[,:]?\s+(?!and\b|then\b)(?P<first>.+)$",
        rf"^(?P<first>.+?),?\s+(?:before|prior to)\s+{_DOING}(?P<later>.+)$",
        r"^(?P<later>.+?),?\s+(?:but )?(?:only )?after\s+(?=\w+ing\b)(?P<first>.+)$",
    )
)
"""Y is named after X, and is to be done before it."""

_IF = (
    r"(?:after|once|as soon as|when|whenever|if|in case|provided|given|assuming|unless|as long as"
    r"|now)"
)
_LEADING = re.compile(
    rf"{_BEGIN}{_IF}(?: that)?\s+(?P<told>[^,]{{6,}}?)"
    r"(?:,\s*(?:then\s+)?|\s+then\s+|\s+(?=please\s))(?P<rest>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_TRAILING = re.compile(
    rf"^(?P<rest>.+?),?\s+(?P<told>{_IF}(?: that)?\s+.{{6,}})$", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Part:
    """What is asked for; the condition that it hangs on and what is told first may need a look."""

    text: str
    condition: str = ""
    told: str = ""
    then: bool = False
    """Whether a word like "then" says that it is work of its own."""

    @property
    def whole(self) -> str:
        asked = f"{self.condition}, {self.text}" if self.condition else self.text
        return f"{self.told}. {asked}" if self.told else asked


def parts(text: str, is_order: IsOrder) -> list[Part]:
    """The clauses that ask for something of their own, or the whole text when it is but one."""
    found = [part for item in _items(text) for part in _item(item, is_order)]
    return _asking(found, is_order) or [Part(text)]


def _items(text: str) -> list[str]:
    """The entries of a numbered list."""
    entries = [entry for entry in _ITEMS.split(text) if entry.strip()]
    return entries if len(_ITEMS.findall(text)) > 1 else [text]


def _item(text: str, is_order: IsOrder) -> Iterator[Part]:
    """Reversed order is looked for in the item as a whole, then within each of its sentences."""
    for side in _in_order(text, is_order):
        for sentence in _SENTENCES.split(side):
            for turned in _in_order(sentence, is_order):
                yield from _sentence(turned, is_order)


def _in_order(text: str, is_order: IsOrder) -> Sequence[str]:
    for pattern in _REVERSED:
        found = pattern.match(text)
        if found is not None and is_order(found["first"]) and _is_doing(found["later"], is_order):
            return found["first"], found["later"]
    return (text,)


def _is_doing(text: str, is_order: IsOrder) -> bool:
    return is_order(text) or _WORK.match(bare(text)) is not None


def _sentence(text: str, is_order: IsOrder) -> Iterator[Part]:
    condition = ""
    follows = False
    if (found := _LEADING.match(text)) is not None and _follows(found["rest"], is_order):
        condition, text, follows = found["told"], found["rest"], True
    for piece, then in _pieces(text):
        then, follows = then or follows, False
        for clause in _coordinated(piece, is_order):
            if clause.strip(" ,.;:!?"):
                hanging = _hanging(clause, is_order)
                yield replace(hanging, condition=condition or hanging.condition, then=then)
                condition, then = "", False


def _follows(text: str, is_order: IsOrder) -> bool:
    return is_order(text) or _is_work(text)


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """What stands between words like "then", and whether it is work by these words alone."""
    marks = list(_MARKED.finditer(text))
    ends = [mark.start() for mark in marks] + [len(text)]
    starts = [0, *(mark.end() for mark in marks)]
    certain = [_THEN.search(mark[0]) is not None for mark in marks]
    for start, end, before, after in zip(
        starts, ends, [False, *certain], [*certain, False], strict=True
    ):
        piece = text[start:end]
        yield piece, (before or after) and _is_work(piece)


def _is_work(text: str) -> bool:
    """Whether a clause may begin with a verb that nobody has listed."""
    rest = bare(text)
    return len(rest.split()) > 1 and _NO_WORK.match(rest) is None


def _hanging(clause: str, is_order: IsOrder) -> Part:
    found = _TRAILING.match(clause)
    if found is None or not is_order(found["rest"]) or _ASKS_IF.search(found["rest"]):
        return Part(clause)
    if is_question(bare(found["rest"])):
        return Part(clause)
    return Part(found["rest"], found["told"])


def _coordinated(text: str, is_order: IsOrder) -> list[str]:
    """Cut at the commas and "and"s that an order or a question follows."""
    cuts = [found for found in _JOINED.finditer(text) if _goes_on(found, text, is_order)]
    places = [0, *(place for found in cuts for place in found.span()), len(text)]
    return [text[start:end] for start, end in zip(places[::2], places[1::2], strict=True)]


def _goes_on(joint: re.Match[str], text: str, is_order: IsOrder) -> bool:
    after = text[joint.end() :]
    relative = joint[0].strip() == "," and _RELATIVE.match(after) is not None
    return not relative and is_order(after)


def _asking(found: Sequence[Part], is_order: IsOrder) -> list[Part]:
    """Joins what only tells something with what is asked after it, or else before it."""
    joined: list[Part] = []
    told = ""
    for part in found:
        if not (part.then or _is_doing(part.text, is_order)):
            told = f"{told} {part.whole}".strip()
            continue
        joined.append(replace(part, told=told))
        told = ""
    if told and joined:
        joined[-1] = replace(joined[-1], text=f"{joined[-1].text} {told}")
    return joined
