"""Recordings of a real model behind an OpenAI-compatible server, replayed by every other run.

A recording fits one text of the prompts and typed results. After changing those, record anew: run
the tests of this folder with HEADWATER_TEST_RECORD_MODEL set to the base URL of such a server.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
import vcr

from graph.models.choice import Hosted, hosted_model

RECORD = os.environ.get("HEADWATER_TEST_RECORD_MODEL")
MODEL = "recorded-model"

_FOLDER = Path(__file__).parent / "cassettes"
_ANYWHERE = "http://127.0.0.1:18082/v1"


@contextmanager
def recorded(name: str) -> Iterator[Any]:
    """Replays the recording, or makes it; a request that it does not hold is an error."""
    path = _FOLDER / f"{name}.yaml"
    if not RECORD and not path.exists():
        pytest.skip(f"nothing is recorded as {path.name}: set HEADWATER_TEST_RECORD_MODEL")
    recorder = vcr.VCR(
        record_mode="all" if RECORD else "none",
        match_on=["method", "path", "body"],
        before_record_request=_bare,
        before_record_response=_anonymous,
    )
    if RECORD:
        path.unlink(missing_ok=True)
    with recorder.use_cassette(str(path)) as cassette:
        yield cassette


def recorded_model(max_tokens: int = 800) -> Hosted:
    """Slow while it is recorded; replayed, an answer comes at once."""
    return hosted_model(
        base_url=RECORD or _ANYWHERE,
        model=MODEL,
        api_key=None,
        timeout=600.0 if RECORD else 10.0,
        max_tokens=max_tokens,
    )


def _bare(request: Any) -> Any:
    """Without headers: they tell of the machine, and of keys."""
    request.headers = {"content-type": "application/json"}
    return request


def _anonymous(response: Any) -> Any:
    """Without the server's headers, the path of the model's file and its timings."""
    reply = orjson.loads(response["body"]["string"])
    kept = {name: reply[name] for name in ("id", "object", "created", "choices", "usage")}
    response["body"]["string"] = orjson.dumps({**kept, "model": MODEL})
    response["headers"] = {"content-type": ["application/json"]}
    return response
