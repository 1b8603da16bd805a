from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from server.cli.main import COMMANDS, app


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    ran = CliRunner().invoke(app, [command, "--help"])
    assert ran.exit_code == 0
    assert "Usage" in ran.output


def test_the_help_lists_every_command() -> None:
    output = CliRunner().invoke(app, ["--help"]).output
    assert all(f" {command} " in output for command in COMMANDS)


@pytest.mark.parametrize("wrong", [["serch"], ["up", "--prt", "1"], ["up", "--port", "eight"]])
def test_wrong_usage_exits_2(wrong: list[str]) -> None:
    assert CliRunner().invoke(app, wrong).exit_code == 2


def test_a_named_error_is_printed_without_a_traceback_and_exits_1() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "server.cli.main", "config"],
        env={"HEADWATER_CATALOG_PORT": "eight"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert ran.stderr.startswith("Error: Wrong settings: catalog_port")
    assert "Traceback" not in ran.stderr
