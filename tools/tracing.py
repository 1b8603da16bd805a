"""Spans of what is done, for OpenTelemetry. Until a server turns them on, each is one look at a
variable. Names and attributes come from the code, never from messages or chats.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import ParamSpec, TypeVar

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanContext, SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

P = ParamSpec("P")
R = TypeVar("R")

Attribute = str | int | float | bool

_PROPAGATOR = TraceContextTextMapPropagator()
_NOTHING: AbstractContextManager[Span] = nullcontext(trace.INVALID_SPAN)


class _Switch:
    tracer: Tracer | None = None


@contextmanager
def turned_on(tracer: Tracer) -> Iterator[None]:
    """Spans are made by `tracer` until this is left."""
    before, _Switch.tracer = _Switch.tracer, tracer
    try:
        yield
    finally:
        _Switch.tracer = before


def on() -> bool:
    return _Switch.tracer is not None


def span(
    name: str,
    kind: SpanKind = SpanKind.INTERNAL,
    *,
    parent: Context | None = None,
    **attributes: Attribute,
) -> AbstractContextManager[Span]:
    """The current span until it is left; `__` in an attribute's name stands for a point. A client's
    span is made within another one alone: workers that look for work every second make none.

    Of an error that leaves it only the kind is told: its text may quote what was read.
    """
    tracer = _Switch.tracer
    if tracer is None or (kind is SpanKind.CLIENT and not _current().is_valid):
        return _NOTHING
    named = {key.replace("__", "."): value for key, value in attributes.items()}
    return _started(tracer, name, kind, parent, named)


@contextmanager
def _started(
    tracer: Tracer,
    name: str,
    kind: SpanKind,
    parent: Context | None,
    attributes: dict[str, Attribute],
) -> Iterator[Span]:
    with tracer.start_as_current_span(
        name,
        parent,
        kind,
        attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as started:
        try:
            yield started
        except Exception as error:
            started.set_attribute("error.type", type(error).__name__)
            started.set_status(Status(StatusCode.ERROR))
            raise


def traced(name: str, function: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """`function` as a span; itself where tracing is off."""
    if not on():
        return function

    @functools.wraps(function)
    async def called(*args: P.args, **kwargs: P.kwargs) -> R:
        with span(name):
            return await function(*args, **kwargs)

    return called


def headers() -> dict[str, str]:
    """What carries the current trace to another process (W3C Trace Context); nothing when off."""
    carrier: dict[str, str] = {}
    if on():
        _PROPAGATOR.inject(carrier)
    return carrier


def parent_of(carrier: dict[str, str]) -> Context:
    """The context that a caller's headers, in lower case, carry."""
    return _PROPAGATOR.extract(carrier)


def trace_id() -> str | None:
    """Of the current span, in hex."""
    context = _current() if on() else trace.INVALID_SPAN_CONTEXT
    return trace.format_trace_id(context.trace_id) if context.is_valid else None


def _current() -> SpanContext:
    return trace.get_current_span().get_span_context()
