from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from server.log_lines import JsonLines, LogFormat, TextLines, lines_of
from server.request_id import current

SECRET = "4929-0000-1111-2222"


class OwnError(Exception):
    """As this project's are."""


OwnError.__module__ = "core.made_up"


def parse(text: str) -> int:
    return int(text)


def chained() -> None:
    try:
        parse(SECRET)
    except ValueError as error:
        raise KeyError(SECRET) from error


def grouped() -> None:
    raise ExceptionGroup("several", [ValueError(SECRET), OwnError("say what to do")])


def of_postgres() -> None:
    raise psycopg.errors.UniqueViolation(f"Key (card)=({SECRET}) already exists.")


def logged(form: LogFormat, act: Callable[[], object]) -> str:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(lines_of(form))
    log = logging.getLogger(f"server.test.{act.__name__}")
    log.addHandler(handler)
    try:
        act()
    except Exception:
        log.exception("it failed")
    log.removeHandler(handler)
    return written.getvalue()


@pytest.mark.parametrize("form", LogFormat)
@pytest.mark.parametrize("act", [chained, grouped, of_postgres])
def test_tracebacks_tell_where_and_what_kind_and_never_what_was_read(
    form: LogFormat, act: Callable[[], object]
) -> None:
    written = logged(form, act)

    assert SECRET not in written
    assert act.__name__ in written
    assert "Error" in written or "SQLSTATE" in written


def test_our_own_errors_keep_their_advice() -> None:
    assert "say what to do" in logged(LogFormat.TEXT, grouped)


def test_a_cause_is_told_before_what_it_caused() -> None:
    written = logged(LogFormat.TEXT, chained)

    assert 0 < written.index("ValueError") < written.index("KeyError")


def line_of(**more: Any) -> dict[str, Any]:
    record = logging.makeLogRecord(
        {"name": "headwater.requests", "msg": "done", "levelname": "INFO", **more}
    )
    told: dict[str, Any] = json.loads(JsonLines().format(record))
    return told


def test_a_line_is_one_json_object_with_what_is_known_of_its_request() -> None:
    token = current.set("request-1")
    told = line_of(route="/search", status=200, principal="user:default/jane", body="secret")
    current.reset(token)

    assert told.pop("time").endswith("+00:00")
    assert told == {
        "level": "INFO",
        "logger": "headwater.requests",
        "message": "done",
        "request_id": "request-1",
        "route": "/search",
        "status": 200,
        "principal": "user:default/jane",
    }


def test_a_line_stays_one_line_whatever_it_says() -> None:
    record = logging.makeLogRecord({"msg": "a\nb", "levelname": "INFO"})

    assert "\n" not in JsonLines().format(record)
    assert isinstance(lines_of(LogFormat.TEXT), TextLines)
