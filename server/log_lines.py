"""How the server's log is written: lines for people, or a JSON object a line for machines.

No line quotes what was read or said. Errors of this project are worded without it; of others'
errors only the kind and the places are told, as their texts may quote a value, a row, an address.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import orjson
import psycopg

from core.request import current
from tools.tracing import trace_id

OWN_PACKAGES = ("core", "graph", "tools", "server", "headwater")
"""Their loggers tell everything from INFO on; others' warnings and errors alone."""

REQUEST_FIELDS = ("api", "method", "route", "status", "duration_ms", "principal")
"""What a record may carry beside its text."""

_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_LEFT_OUT = "(its text is left out, as it may quote data)"


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


class TextLines(logging.Formatter):
    def __init__(self) -> None:
        super().__init__(_TEXT)

    def formatException(self, ei: Any) -> str:  # noqa: N802 (logging's own name)
        return told_of(ei[1])


class JsonLines(logging.Formatter):
    """`time`, `level`, `logger`, `message`; where there are some `request_id`, `trace_id`, `error`
    with its `traceback`, and of a request's line `REQUEST_FIELDS`."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": current.get(),
            "trace_id": trace_id(),
            **{name: getattr(record, name, None) for name in REQUEST_FIELDS},
        }
        if record.exc_info and (error := record.exc_info[1]) is not None:
            told |= {"error": type(error).__name__, "traceback": told_of(error)}
        return orjson.dumps(
            {key: value for key, value in told.items() if value is not None}
        ).decode()


def lines_of(form: LogFormat) -> logging.Formatter:
    return JsonLines() if form is LogFormat.JSON else TextLines()


def log_to(*handlers: logging.Handler) -> None:
    """From now on, for the whole process."""
    logging.basicConfig(level=logging.WARNING, handlers=handlers, force=True)
    logging.captureWarnings(True)
    for package in OWN_PACKAGES:
        logging.getLogger(package).setLevel(logging.INFO)


def log_to_stderr(form: LogFormat) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(lines_of(form))
    log_to(handler)


def told_of(error: BaseException) -> str:
    """Its traceback, and those of what it comes from, oldest first."""
    return "\n".join(_told(each) for each in reversed([*_chain(error)]))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    later: BaseException | None = error
    while later is not None and id(later) not in seen:
        seen.add(id(later))
        yield later
        context = None if later.__suppress_context__ else later.__context__
        later = later.__cause__ or context


def _told(error: BaseException) -> str:
    places = "".join(traceback.format_tb(error.__traceback__))
    line = f"{type(error).__module__}.{type(error).__name__}: {_text(error)}"
    parts: Sequence[BaseException] = getattr(error, "exceptions", ())
    return "\n".join([f"{places}{line}", *(told_of(part) for part in parts)])


def _text(error: BaseException) -> str:
    if isinstance(error, psycopg.Error):
        return f"SQLSTATE {error.sqlstate}"
    package = type(error).__module__.partition(".")[0]
    worded = package in OWN_PACKAGES or isinstance(error, OSError)
    return str(error) if worded else _LEFT_OUT
