"""`headwater demo` where nothing runs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from server.cli import demo
from server.cli.fault import said
from server.demo.faults.account import Phase, Planted, Span
from server.demo.faults.fault import Fault
from server.embedded.errors import UnreachableError
from server.embedded.port_claims import free_port
from server.endpoints import StackNotRunningError

RUNNER = CliRunner()


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    app.command("other")(lambda: None)
    demo.register(app)
    return app


@pytest.mark.parametrize(
    "arguments",
    [
        ["demo", "seed"],
        ["demo", "live", "--rate", "5"],
        ["demo", "--live"],
        ["demo", "--live", "--fault", "null-burst"],
        ["demo", "live", "--fault", "type-flip", "--topic", "supplier-events", "--share", "0.2"],
    ],
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


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["--live", "--topic", "supplier-events"], "--fault"),
        (["live", "--json"], "--fault"),
        (["--fault", "null-burst"], "--live"),
        (["--live", "--fault", "gremlins"], "stuck-sensor"),
        (["live", "--fault", "null-burst", "--share", "0"], "share"),
    ],
)
def test_options_of_a_fault_that_make_no_sense_are_wrong_usage(
    app: typer.Typer, arguments: list[str], advice: str
):
    result = RUNNER.invoke(app, ["demo", *arguments], env={"COLUMNS": "400", "TERM": "dumb"})
    assert result.exit_code == 2
    assert advice in result.output


PLANTED = Planted(
    phase=Phase.PLANNED,
    fault=Fault.NULL_BURST,
    topic="orders.order-lines.v4",
    event="OrderLine",
    field="lineTotal",
    share=0.5,
    begins=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
    ends=datetime(2026, 3, 4, 5, 7, 7, tzinfo=UTC),
)


def test_the_terminal_says_where_and_when_a_fault_is_and_how_many_it_hit():
    assert said(PLANTED) == (
        "Planned: null-burst on orders.order-lines.v4, field lineTotal, from 05:06:07 to 05:07:07 "
        "UTC, 50% of its records."
    )
    hit = {"messages": 75, "hit": 37, "offsets": {1: Span(first=12, last=40, count=37)}}
    ended = said(PLANTED.model_copy(update={"phase": Phase.ENDED, **hit}))
    assert "37 of 75 messages were hit (offsets by partition 1: 12-40)" in ended
    assert ended.endswith("Sound data goes on.")
    short = said(PLANTED.model_copy(update={"phase": Phase.CUT_SHORT, "undelivered": 3, **hit}))
    assert "cut short" in short
    assert "3 more" in short
    assert "goes on" not in short
