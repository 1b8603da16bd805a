"""`headwater infer`: what a person and a script see, and what bad files are answered with."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from server.cli import infer

_LINES = [
    json.dumps({"id": n, "status": ["NEW", "PAID"][n % 2], "at": "2026-01-01"} | (
        {"note": "x"} if n % 3 else {}
    ))
    for n in range(60)
]  # fmt: skip
_STRAY = '{"celsius": 2, "sensor": "s"}'


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    infer.register(app)

    @app.command()
    def other() -> None:
        """A second command, so that the first keeps its name."""

    return app


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "orders.jsonl"
    path.write_text("\n".join([*_LINES, _STRAY, '{"id": 3, "sta']))
    return path


def test_people_see_a_tree_with_strays_and_failures_beside(app: typer.Typer, file: Path) -> None:
    shown = CliRunner().invoke(app, ["infer", str(file)])

    assert shown.exit_code == 0
    for expected in ("status *", "NEW PAID", "note ", "67%", "date", "stray, not in the schema: 1",
                     "not read: 1 (broken payload)", "61 of 62 messages read"):  # fmt: skip
        assert expected in shown.output
    assert "celsius *" not in shown.output


@pytest.mark.parametrize(("form", "key"), [("json-schema", "properties"), ("avro", "fields")])
def test_a_schema_on_stdout_can_be_piped(app: typer.Typer, file: Path, form: str, key: str) -> None:
    shown = CliRunner().invoke(app, ["infer", str(file), "--format", form])

    assert key in json.loads(shown.stdout)
    assert "stray" in shown.stderr


def test_scripts_get_one_document(app: typer.Typer, file: Path) -> None:
    shown = CliRunner().invoke(app, ["infer", str(file), "--json"])
    report = json.loads(shown.stdout)

    assert (report["messages"], report["decoded"]) == (62, 61)
    assert report["failures"] == {"broken_payload": 1}
    assert report["strays"][0]["fields"] == ["celsius", "sensor"]
    assert report["schema"]["required"] == ["id", "status", "at"]


def test_zipped_files_and_stdin_are_read(app: typer.Typer, tmp_path: Path) -> None:
    data = "\n".join(_LINES).encode()
    zipped = tmp_path / "orders.jsonl.gz"
    zipped.write_bytes(gzip.compress(data, mtime=0))

    for arguments, stdin in ((str(zipped), None), ("-", data), ("-", gzip.compress(data, mtime=0))):
        shown = CliRunner().invoke(app, ["infer", arguments, "--json"], input=stdin)
        assert json.loads(shown.stdout)["decoded"] == 60


def test_the_limit_bounds_what_is_read(app: typer.Typer, file: Path) -> None:
    shown = CliRunner().invoke(app, ["infer", str(file), "--json", "--limit", "5"])

    assert json.loads(shown.stdout)["messages"] == 5


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "is empty"),
        (bytes(range(256)) * 40, "no records that can be read"),
        (b'{"a": \n{"b"', "no records that can be read"),
        (gzip.compress(b'{"a": 1}\n' * 9, mtime=0)[:-6], "cannot read"),
    ],
)
def test_a_file_without_records_is_refused_with_advice(
    app: typer.Typer, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    shown = CliRunner().invoke(app, ["infer", str(path)])

    assert shown.exit_code == 1
    assert isinstance(shown.exception, infer.UnreadableFileError)
    assert said in str(shown.exception)


def test_a_missing_file_and_a_folder_are_told_apart(app: typer.Typer, tmp_path: Path) -> None:
    missing = CliRunner().invoke(app, ["infer", str(tmp_path / "nowhere.jsonl")])
    folder = CliRunner().invoke(app, ["infer", str(tmp_path)])

    assert "No such file" in str(missing.exception)
    assert "is a folder" in str(folder.exception)


def test_names_cannot_move_the_cursor(app: typer.Typer, tmp_path: Path) -> None:
    path = tmp_path / "evil.jsonl"
    path.write_text(json.dumps({"\x1b[2J[red]x": 1}) + "\n")
    shown = CliRunner().invoke(app, ["infer", str(path)])

    assert "\x1b[2J" not in shown.output
    assert "[red]x" in shown.output
