"""Calls of hosted models: how many, how long, with how many tokens, and who wrote in the end."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, LLMResult
from prometheus_client import CollectorRegistry, Counter, Histogram

from graph.models.choice import Author

_BUCKETS = (0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120)


class ModelFigures:
    """Told by whoever had something written; `calls_of` listens to a model's client."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.calls = Counter(
            "headwater_model_calls",
            "Calls of a hosted model by outcome: answered, or the kind of error",
            ["model", "outcome"],
            registry=registry,
        )
        self.seconds = Histogram(
            "headwater_model_call_seconds",
            "Time of one call of a hosted model",
            ["model"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self.tokens = Counter(
            "headwater_model_tokens",
            "Tokens by direction (input, output), as the endpoint counted them",
            ["model", "direction"],
            registry=registry,
        )
        self._written = Counter(
            "headwater_model_writings",
            "Pieces of work (routes, answers, drafts) by the model that wrote them",
            ["model"],
            registry=registry,
        )
        self._fallbacks = Counter(
            "headwater_model_fallbacks",
            "Pieces of work that the offline model wrote in place of this hosted one",
            ["model"],
            registry=registry,
        )

        self.failing: dict[str, tuple[datetime, str]] = {}
        """Models that another stands in for: since when, and why at last."""

    def wrote(self, author: Author) -> None:
        self._written.labels(author.model).inc()
        self.failing.pop(author.model, None)
        if (stood_in := author.fallback) is not None:
            self._fallbacks.labels(stood_in.model).inc()
            since, _ = self.failing.get(stood_in.model, (datetime.now(UTC), ""))
            self.failing[stood_in.model] = (since, stood_in.reason)

    def calls_of(self, model: str) -> BaseCallbackHandler:
        return _Calls(self, model)


class _Calls(BaseCallbackHandler):
    """Hears of each call of one model; of what was said only the count of tokens."""

    run_inline = True

    def __init__(self, figures: ModelFigures, model: str) -> None:
        self._figures = figures
        self._model = model
        self._began: dict[UUID, float] = {}

    def on_chat_model_start(self, *told: Any, run_id: UUID, **more: Any) -> None:
        self._began[run_id] = time.perf_counter()

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **more: Any) -> None:
        self._ended(run_id, "answered")
        for generation in response.generations[0] if response.generations else ():
            message = generation.message if isinstance(generation, ChatGeneration) else None
            if isinstance(message, AIMessage) and (usage := message.usage_metadata):
                tokens = self._figures.tokens
                tokens.labels(self._model, "input").inc(usage["input_tokens"])
                tokens.labels(self._model, "output").inc(usage["output_tokens"])

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **more: Any) -> None:
        self._ended(run_id, type(error).__name__)

    def _ended(self, run_id: UUID, outcome: str) -> None:
        self._figures.calls.labels(self._model, outcome).inc()
        if (began := self._began.pop(run_id, None)) is not None:
            self._figures.seconds.labels(self._model).observe(time.perf_counter() - began)
