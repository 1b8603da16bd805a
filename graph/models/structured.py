"""Asking a model for a typed result: that, or an error that says what it did instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from pydantic import BaseModel

from graph.models.choice import UnusableReplyError

R = TypeVar("R", bound=BaseModel)


async def structured(model: BaseChatModel, wanted: type[R], messages: Sequence[BaseMessage]) -> R:
    """The model's reply as `wanted`.

    Raises UnusableReplyError for an empty reply or a call of a tool that nobody offered, and what
    the client raises.
    """
    try:
        asked = model.with_structured_output(wanted, method="json_schema")
        reply = await asked.ainvoke([*messages])
    except ValueError as error:
        if type(error) is not ValueError:
            raise
        # The client's own, for a reply without content.
        raise UnusableReplyError("its reply was empty") from error
    if not isinstance(reply, wanted):
        raise UnusableReplyError(f"it wrote no {wanted.__name__}")
    return reply
