"""Descriptions of sources by a hosted model; rules serve where it fails."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from langchain_core.messages import HumanMessage, SystemMessage
from pydantic import BaseModel, Field

import prompts
from core.source import Description
from graph.markdown import plain
from graph.models.choice import AWAY, UNUSABLE, Hosted, UnusableReplyError
from graph.models.structured import structured
from tools.discovery.describer import RuleDescriber, Undescribed
from tools.sheet import field_lines

MAX_FIELDS = 60
"""Fields of a topic that the model is shown."""

AT_ONCE = 4
"""Topics that the model is asked about at the same time."""

_MARKUP = re.compile(r"[<>`*\[\]{}|]|://|www\.", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")

log = logging.getLogger(__name__)


class SourceSentence(BaseModel):
    """One sentence that says what a topic holds."""

    sentence: str = Field(min_length=20, max_length=400)


@dataclass(frozen=True, slots=True)
class ModelDescriber:
    """Asks `hosted` once per topic; once it is away, rules write the rest of that batch."""

    hosted: Hosted
    rules: RuleDescriber = field(default_factory=RuleDescriber)

    async def describe(self, topics: tuple[Undescribed, ...]) -> tuple[Description, ...]:
        by_rules = await self.rules.describe(topics)
        asking = _Asking(self.hosted)
        pairs = zip(topics, by_rules, strict=True)
        return tuple(await asyncio.gather(*(asking.describe(t, rule) for t, rule in pairs)))


@dataclass(slots=True)
class _Asking:
    """One batch's questions to the model."""

    hosted: Hosted
    away: bool = False
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def describe(self, topic: Undescribed, by_rules: Description) -> Description:
        if topic.schema is None or by_rules.by == "registry":
            return by_rules
        async with self.slots:
            if self.away:
                return by_rules
            try:
                sentence = await self._ask(topic)
            except (*AWAY, *UNUSABLE) as error:
                self.away = isinstance(error, AWAY)
                log.warning("rules describe a topic, the model failed: %s", type(error).__name__)
                return by_rules
        return Description(text=sentence, by=f"model:{self.hosted.name}")

    async def _ask(self, topic: Undescribed) -> str:
        system = SystemMessage(prompts.load("describe_source"))
        question = HumanMessage("\n".join(["<data>", *_lines(topic), "</data>"]))
        async with asyncio.timeout(self.hosted.timeout * 2):
            reply = await structured(self.hosted.model, SourceSentence, [system, question])
        return _checked(reply, topic)


def _lines(topic: Undescribed) -> Iterator[str]:
    """Names and types only; `plain` keeps a name from closing the fence."""
    yield f"topic: {plain(topic.topic)}"
    lines = field_lines(topic.schema) if topic.schema is not None else ()
    for line in lines[:MAX_FIELDS]:
        doc = f" ({plain(line.doc, 120)})" if line.doc else ""
        yield f"field: {plain(line.path)}: {line.type}{doc}"


def _checked(reply: SourceSentence, topic: Undescribed) -> str:
    """One plain line whose numbers stand in the topic's names. Raises UnusableReplyError."""
    sentence = " ".join(reply.sentence.split())
    if _MARKUP.search(sentence):
        raise UnusableReplyError("its sentence has markup or a link")
    if set(_NUMBER.findall(sentence)) - set(_NUMBER.findall(" ".join(_lines(topic)))):
        raise UnusableReplyError("its sentence has a number that no name has")
    return sentence
