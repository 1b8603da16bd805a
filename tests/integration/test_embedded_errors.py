"""What a person is told when the stack cannot start."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from server.embedded.port_claims import free_port


def _up(data_dir: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "server.cli.main", "up", "--data-dir", str(data_dir), *options],
        env={"PATH": "/usr/bin:/bin", "HEADWATER_CATALOG_PORT": str(free_port()), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _says(ran: subprocess.CompletedProcess[str], *parts: str) -> bool:
    """An error of one named kind: exit code 1, no traceback, and all the parts."""
    print(ran.stderr)
    return (
        ran.returncode == 1
        and "Traceback" not in ran.stderr
        and all(part in ran.stderr for part in parts)
    )


@pytest.mark.parametrize("option", ["--port", "--kafka-port"])
def test_a_taken_port_is_named_with_the_option_that_changes_it(tmp_path: Path, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert _says(_up(tmp_path, option, port), f"Port {port}", f"{option} or HEADWATER_")


@pytest.mark.parametrize(
    ("option", "address", "what"),
    [
        ("--bootstrap-servers", "127.0.0.1:1", "Kafka"),
        ("--schema-registry", "http://127.0.0.1:1/apis", "Schema Registry"),
        ("--schema-registry", "nonsense", "Schema Registry"),
        ("--database-url", "postgresql://u:s3cret@127.0.0.1:1/db", "Postgres"),
        ("--database-url", "nonsense", "Postgres"),
    ],
)
def test_an_address_where_nothing_answers_is_named_with_its_option(
    new_data_dir: Callable[[], Path], option: str, address: str, what: str
) -> None:
    ran = _up(new_data_dir(), option, address)
    assert _says(ran, f"No {what} answers at", option)
    assert "s3cret" not in ran.stderr


def test_without_maven_and_repository_it_says_what_to_install(
    tmp_path: Path, new_data_dir: Callable[[], Path]
) -> None:
    ran = _up(new_data_dir(), PATH="/nowhere", HEADWATER_CACHE_DIR=str(tmp_path / "cache"))
    assert _says(ran, "no mvn", "HEADWATER_MAVEN_REPOSITORY", "--bootstrap-servers")


def test_a_repository_out_of_reach_is_an_error_that_says_so(
    tmp_path: Path, new_data_dir: Callable[[], Path]
) -> None:
    ran = _up(
        new_data_dir(),
        HEADWATER_MAVEN_REPOSITORY="http://127.0.0.1:1/maven",
        HEADWATER_CACHE_DIR=str(tmp_path / "cache"),
    )
    assert _says(ran, "could not be downloaded", "HEADWATER_MAVEN_REPOSITORY")


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert _says(_up(tmp_path / "file" / "data"), "cannot be written", "--data-dir")
