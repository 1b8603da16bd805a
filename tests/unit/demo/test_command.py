"""`headwater demo` where nothing runs."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from server.cli import demo
from server.embedded.errors import UnreachableError
from server.endpoints import StackNotRunningError

RUNNER = CliRunner()


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    app.command("other")(lambda: None)
    demo.register(app)
    return app


@pytest.mark.parametrize(
    "arguments", [["demo", "seed"], ["demo", "live", "--rate", "5"], ["demo", "--live"]]
)
def test_without_addresses_and_stack_it_says_what_to_do(
    app: typer.Typer, arguments: list[str], tmp_path: Path
):
    result = RUNNER.invoke(app, [*arguments, "--data-dir", str(tmp_path)])
    assert isinstance(result.exception, StackNotRunningError)
    assert "headwater up" in str(result.exception)
    assert "--bootstrap-servers" in str(result.exception)


def test_a_stack_that_was_stopped_is_told_from_a_wrong_address(app: typer.Typer, tmp_path: Path):
    port = free_port()
    (tmp_path / "ports.json").write_text(json.dumps({"kafka": port, "registry": port}))
    (tmp_path / "postgres.json").write_text(json.dumps({"folder": None, "password": "s3cret/@"}))
    stopped = RUNNER.invoke(app, ["demo", "seed", "--data-dir", str(tmp_path)])
    assert isinstance(stopped.exception, StackNotRunningError)
    given = ["--bootstrap-servers", f"127.0.0.1:{port}", "--schema-registry", "http://127.0.0.1:1"]
    wrong = RUNNER.invoke(app, ["demo", "live", *given])
    assert isinstance(wrong.exception, UnreachableError)


def test_without_a_word_it_shows_its_help(app: typer.Typer):
    result = RUNNER.invoke(app, ["demo"])
    assert result.exit_code == 0
    assert "seed" in result.output
    assert "--live" in result.output


def test_a_rate_of_nothing_is_refused(app: typer.Typer):
    assert RUNNER.invoke(app, ["demo", "live", "--rate", "0"]).exit_code == 2


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
