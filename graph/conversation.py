"""The messages of a thread: what a model is shown of them, and what an answer keeps."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage

from graph.models.choice import Author
from graph.models.offline.discovery import MENTIONED

RECENT = 12
"""Messages of a thread that a model is shown; the thread itself keeps all."""

AUTHOR = "author"


def recent(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    return list(messages[-RECENT:])


def question_in(messages: Sequence[BaseMessage]) -> str:
    """The text of the latest request."""
    return next((said.text for said in reversed(messages) if isinstance(said, HumanMessage)), "")


def reworded(messages: Sequence[AnyMessage], text: str) -> list[AnyMessage]:
    """The same talk with another text as its latest request."""
    last = max(place for place, said in enumerate(messages) if isinstance(said, HumanMessage))
    return [*messages[:last], HumanMessage(text), *messages[last + 1 :]]


def answer_message(
    text: str, agent: str, author: Author, mentioned: Sequence[str] = ()
) -> AIMessage:
    """An agent's answer, with who wrote it and the sources that "it" may mean from now on."""
    kept = {AUTHOR: author.model_dump(mode="json"), MENTIONED: list(mentioned)}
    return AIMessage(text, name=agent, additional_kwargs=kept)


def author_of(said: AIMessage) -> Author:
    return Author.model_validate(said.additional_kwargs.get(AUTHOR, {}))


def answered_before(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """The same talk with the latest request at its end: what another agent has just answered of it
    is what "them" means."""
    last = max(place for place, said in enumerate(messages) if isinstance(said, HumanMessage))
    return [*messages[:last], *messages[last + 1 :], messages[last]]
