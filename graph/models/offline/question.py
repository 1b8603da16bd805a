"""What a discovery question asks for, read off its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from core.lineage.walk import Direction
from core.source import SourceChangeKind, SourceKind
from graph.draft import Aspect
from graph.models.offline import phrases
from graph.models.offline.lineage_question import LineageQuestion, described, lineage_asked
from graph.models.offline.when import since


class Ask(StrEnum):
    SEARCH = "search"
    DESCRIBE = "describe"
    LIST = "list"
    CHANGES = "changes"
    LINEAGE = "lineage"
    IMPACT = "impact"


@dataclass(frozen=True, slots=True)
class Question:
    """`text` is the question without its politeness: what a search looks for."""

    ask: Ask
    text: str
    name: str | None = None
    aspect: Aspect = Aspect.OVERVIEW
    kind: SourceKind | None = None
    place: str | None = None
    """A team or domain."""
    data_format: str | None = None
    has_schema: bool | None = None
    has_owner: bool | None = None
    one: bool = False
    """Whether it asks about one source, be it by a rough name."""
    change: SourceChangeKind | None = None
    since: datetime | None = None
    direction: Direction | None = None
    """Of lineage; None is both."""
    field: str | None = None
    """Of which the impact is asked for."""


def read(text: str, mentioned: Sequence[Sequence[str]], now: datetime) -> Question:
    """`mentioned` are the sources of earlier answers, the latest first, for "it" and so on."""
    if (lineage := lineage_asked(text)) is not None:
        return _lineage(lineage, mentioned)
    name = named_source(text) or referred_source(text, mentioned)
    aspect = aspect_of(text)
    if phrases.CHANGES.search(text) and not (name and aspect is Aspect.CONSUMERS):
        kind = next((kind for kind, cue in phrases.CHANGE_KINDS if cue.search(text)), None)
        return Question(Ask.CHANGES, text, name=name, change=kind, since=since(text, now))
    if name and (aspect is not Aspect.OVERVIEW or _about_one(text, name)):
        return Question(Ask.DESCRIBE, text, name=name, aspect=aspect)
    if phrases.NO_OWNER.search(text):
        return _unowned(phrases.NO_OWNER.sub(" ", text))
    if phrases.LISTING.search(text) and (listing := _listing(text)) is not None:
        return listing
    return _search(text, aspect)


def _lineage(asked: LineageQuestion, mentioned: Sequence[Sequence[str]]) -> Question:
    """Of the topic that is named; else of the one that is described; else of the last one."""
    name, words = named_source(asked.rest), described(asked.rest)
    if name is None and mentioned and (not words or phrases.PRONOUN.search(asked.rest)):
        name = mentioned[0][0]
    return Question(
        Ask.IMPACT if asked.impact else Ask.LINEAGE,
        words or asked.rest,
        name=name,
        one=True,
        direction=asked.direction,
        field=asked.field,
    )


def named_source(text: str) -> str | None:
    """The first word that looks like a topic's name: quoted, or joined by `.`, `-` or `_`."""
    for quoted, joined in phrases.NAME.findall(text):
        if quoted:
            return str(quoted)
        if not phrases.ORDINARY_HYPHENS.match(joined) and re.search(r"[^\W\d]{2}", joined):
            return str(joined)
    return None


def referred_source(text: str, mentioned: Sequence[Sequence[str]]) -> str | None:
    """The source that "it" or "the second one" means: of the latest answer with as many."""
    if not mentioned or not phrases.PRONOUN.search(text) or _content(text) > 1:
        return None
    ordinal = phrases.ORDINAL.search(text)
    place = phrases.ORDINALS[ordinal[1].lower()] if ordinal else 0
    return next((names[place] for names in mentioned if place < len(names)), None)


def _content(text: str) -> int:
    """How many words tell what data is meant, other than the sides of a source and "it"."""
    for cue in (
        phrases.PRONOUN,
        phrases.OVERVIEW,
        phrases.CHANGES,
        *dict(phrases.ASPECTS).values(),
    ):
        text = cue.sub(" ", text)
    return len(re.findall(r"\w+", phrases.FILLER.sub(" ", text)))


def aspect_of(text: str) -> Aspect:
    return next((aspect for aspect, cue in phrases.ASPECTS if cue.search(text)), Aspect.OVERVIEW)


def _about_one(text: str, name: str) -> bool:
    """Whether a named source is what the whole question is about."""
    rest = text.replace(name, " ")
    return (
        bool(phrases.OVERVIEW.search(text))
        or len(re.findall(r"\w+", rest)) <= 3
        or (name not in text)
    )


def _unowned(text: str) -> Question:
    """Sources without an owner: all of a kind, place or format, or those about a subject."""
    bare = phrases.PLACE.sub(" ", text)
    for cue in (phrases.SAID_OF_SOURCES, phrases.FORMATS, *dict(phrases.KINDS).values()):
        bare = cue.sub(" ", bare)
    if _content(bare):
        about = _search(phrases.ASKING.sub("", text), Aspect.OVERVIEW)
        return replace(about, has_owner=False, one=False)
    return replace(_listed(text), has_owner=False)


def _listing(text: str) -> Question | None:
    """A list by kind, place, format or schema; None when it is about a subject instead."""
    about = re.search(r"\b(?:about|on|with|contain|mention|have|has|for)\b", text, re.IGNORECASE)
    listed = _listed(text)
    return None if listed.place is None and about and listed.has_schema is None else listed


def _listed(text: str) -> Question:
    kind = next((kind for kind, cue in phrases.KINDS if cue.search(text)), None)
    has_schema = _schema_filter(text)
    cue = phrases.FORMAT_CUE.search(text)
    named = phrases.FORMATS.search(cue[0]) if cue else None
    data_format = named[0].lower() if named else None
    place = _place(text.replace(cue[0], " ") if cue else text)
    return Question(
        Ask.LIST, text, kind=kind, place=place, data_format=data_format, has_schema=has_schema
    )


def _schema_filter(text: str) -> bool | None:
    if phrases.NO_SCHEMA.search(text):
        return False
    return True if phrases.WITH_SCHEMA.search(text) else None


def _place(text: str) -> str | None:
    found = phrases.PLACE_DOES.search(text) or phrases.PLACE.search(text)
    if found is None:
        return None
    name = found["name"].strip()
    return (
        None
        if re.fullmatch(rf"{phrases.NOUN}|kafka|total|all|the|(?:re)?view", name, re.I)
        else name
    )


def _search(text: str, aspect: Aspect) -> Question:
    wanted = phrases.SECOND_CLAUSE.sub("", text.strip()) or text
    for _ in range(3):
        wanted = phrases.PREAMBLE.sub("", wanted).strip(" \t\n?!.,") or wanted
    wanted = phrases.TRAILING_NOUN.sub("", wanted) or wanted
    kind = next((kind for kind, cue in phrases.KINDS[:1] if cue.search(text)), None)
    return Question(
        Ask.SEARCH,
        wanted or text,
        aspect=aspect,
        kind=kind,
        has_schema=_schema_filter(text),
        one=aspect is not Aspect.OVERVIEW or phrases.OVERVIEW.search(text) is not None,
    )
