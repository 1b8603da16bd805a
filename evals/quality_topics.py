"""Messages of topics that nobody damaged: how many of them are called bad.

The topics are those of the set `schema_inference`, where it lies beside this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from core.quality.learning.judgement import SUSPECT
from core.quality.learning.learn import learn


def judge_topics(data: Path) -> tuple[dict[str, Any], list[str]]:
    """No predictions: nobody scores them."""
    paths = sorted((data.parent / "schema_inference" / "topics").glob("*.jsonl"))
    if not paths:
        return {}, []
    topics = [[orjson.loads(line) for line in path.read_bytes().splitlines()] for path in paths]
    messages = sum(map(len, topics))
    itself = sum(_called_bad(topic, topic) for topic in topics)
    halves = [(topic[: len(topic) // 2], topic[len(topic) // 2 :]) for topic in topics]
    later = sum(_called_bad(first, rest) for first, rest in halves)
    unseen = sum(len(rest) for _, rest in halves)
    return {}, [
        f"{len(topics)} undamaged topics   called bad {itself} of {messages} messages; "
        f"learnt on each first half, {later} of the {unseen} others"
    ]


def _called_bad(taught: Sequence[dict[str, Any]], judged: Sequence[dict[str, Any]]) -> int:
    return int((learn(taught).judge(judged).scores >= SUSPECT).sum())
