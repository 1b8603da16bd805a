"""Schemas inferred from messages, against published ones.

The folder holds `topics/<id>.jsonl`, `truth/<id>.json` and `noise/<id>.txt` (raw lines to mix in).
Each line goes the way of a Kafka record: decoded from bytes, profiled, inferred, rendered.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from core.decoding.message import Message
from core.decoding.payload import decode
from core.inference.render import infer
from core.inference.topic import TopicProfile
from core.schema import json_schema
from core.schema.model import Schema
from evals.schema_figures import Figures, judged


def run(data: Path, out: Path, noisy: bool = False) -> None:
    """Write `{topic: {"json_schema": ...}}` and print the mean figures over the topics."""
    predictions: dict[str, Any] = {}
    figures = Figures()
    for name, lines in topics(data, noisy):
        schema = inferred(name, lines)
        written = json_schema.write(schema)
        predictions[name] = {"json_schema": written}
        truth = orjson.loads((data / "truth" / f"{name}.json").read_bytes())
        figures.add(judged(truth["fields"], json_schema.read(written)))
    out.write_bytes(orjson.dumps(predictions))
    print(f"schema_inference, {'noisy' if noisy else 'plain'}, {len(predictions)} topics")
    print(figures)


def topics(data: Path, noisy: bool) -> Iterator[tuple[str, list[bytes]]]:
    """Each topic's name and lines, with its noise lines after them where `noisy`."""
    for path in sorted((data / "topics").glob("*.jsonl")):
        lines = _lines(path)
        noise = data / "noise" / f"{path.stem}.txt"
        if noisy and noise.is_file():
            lines += _lines(noise)
        yield path.stem, lines


def inferred(name: str, lines: list[bytes]) -> Schema:
    """The schema of the topic `name` whose messages are `lines`."""
    messages = [Message(0, offset, -1, None, line) for offset, line in enumerate(lines)]
    profile = TopicProfile.of(decode(messages, {}))
    return infer(profile.value_profile, name).schema


def _lines(path: Path) -> list[bytes]:
    return [line for line in path.read_bytes().splitlines() if line.strip()]
