"""`headwater infer`: the schema of a file of messages."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import orjson
import typer
from rich.console import Console

from core.decoding.decoded import Format
from core.decoding.message import Message
from core.decoding.payload import decode
from core.inference.render import Inferred, infer
from core.inference.topic import TopicProfile
from core.schema import avro, json_schema
from server.cli.field_table import field_table, remarks

_BATCH = 4096
_MAX_LINE = 16 * 1024 * 1024
_UNREADABLE = frozenset({Format.BINARY, Format.TEXT})


class Shape(StrEnum):
    """How the schema is printed."""

    TREE = "tree"
    JSON_SCHEMA = "json-schema"
    AVRO = "avro"


class UnreadableFileError(ValueError):
    """A file from which no schema can be inferred; the text says why and what would do."""


def register(app: typer.Typer) -> None:
    app.command("infer")(infer_file)


def infer_file(
    file: Annotated[str, typer.Argument(help="Messages, one a line; .gz is read too, - is stdin.")],
    shape: Annotated[Shape, typer.Option("--format", help="How to print the schema.")] = Shape.TREE,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document for scripts.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="Read at most so many messages.")] = 1_000_000,
) -> None:
    """Infer the schema of a file of messages: types, optional fields, enums, meanings, strays.

    Strays (messages of another kind) and broken lines are counted beside the schema, not in it.
    """
    profile = _profile(file, limit)
    inferred = infer(profile.value_profile, _name(file))
    if as_json:
        _print(_report(profile, inferred, shape))
    elif shape is Shape.TREE:
        console = Console()
        console.print(field_table(inferred.schema))
        _remark(profile, inferred, console)
    else:
        _print(_written(inferred, shape))
        _remark(profile, inferred, Console(stderr=True))


def _profile(file: str, limit: int) -> TopicProfile:
    """Raises `UnreadableFileError` where the file holds nothing to infer from."""
    profile = TopicProfile()
    try:
        with _opened(file) as stream:
            lines = islice(_lines(stream), limit)
            while batch := list(islice(lines, _BATCH)):
                start = profile.messages
                messages = [Message(0, start + i, -1, None, line) for i, line in enumerate(batch)]
                profile = profile.grown(decode(messages, {}))
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFileError(f"cannot read {file}: {_reason(error)}") from error
    _require_records(file, profile)
    return profile


def _reason(error: BaseException) -> str:
    """What the system says, without the file's name once more."""
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _require_records(file: str, profile: TopicProfile) -> None:
    if profile.messages == 0:
        raise UnreadableFileError(f"{file} is empty; give a file with one JSON message a line")
    if profile.decoded == 0 or profile.dominant_format in _UNREADABLE:
        raise UnreadableFileError(
            f"{file} holds no records that can be read ({profile.messages} lines tried); "
            "give a file with one JSON message a line"
        )


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    """The bytes of the file or of stdin, unzipped where they are gzip."""
    if file == "-":
        yield _unzipped(sys.stdin.buffer)
        return
    path = Path(file)
    if path.is_dir():
        raise UnreadableFileError(f"{file} is a folder; give a file with one JSON message a line")
    with path.open("rb") as stream:
        yield _unzipped(stream)


def _unzipped(stream: Any) -> BinaryIO:
    peekable = stream if hasattr(stream, "peek") else BufferedReader(stream)
    zipped = peekable.peek(2)[:2] == b"\x1f\x8b"
    return gzip.GzipFile(fileobj=peekable) if zipped else peekable  # type: ignore[return-value]


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines that are not blank; a line without end is cut at 16 MB and counts as broken."""
    while line := stream.readline(_MAX_LINE):
        if stripped := line.strip():
            yield stripped


def _name(file: str) -> str:
    """The file's name without its endings, for the schema's name."""
    return "messages" if file == "-" else Path(file).name.split(".jsonl")[0].split(".json")[0]


def _written(inferred: Inferred, shape: Shape) -> dict[str, Any]:
    write = avro.write if shape is Shape.AVRO else json_schema.write
    return write(inferred.schema)


def _report(profile: TopicProfile, inferred: Inferred, shape: Shape) -> dict[str, Any]:
    return {
        "messages": profile.messages,
        "decoded": profile.decoded,
        "formats": {form.value: count for form, count in profile.formats.items()},
        "failures": {reason.value: count for reason, count in profile.failures.items()},
        "kinds": inferred.kinds,
        "strays": inferred.strays,
        "schema": _written(inferred, shape),
    }


def _remark(profile: TopicProfile, inferred: Inferred, console: Console) -> None:
    for remark in remarks(profile, inferred):
        console.print(remark, markup=False, highlight=False)


def _print(document: dict[str, Any]) -> None:
    text = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    sys.stdout.write(text.decode())
