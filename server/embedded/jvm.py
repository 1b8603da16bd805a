"""How a server is run on Java: flags that all of them share."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from server.embedded.java import Java


@dataclass(frozen=True, slots=True)
class Jvm:
    """A Java for one server. `folder` is the server's own, `heap_megabytes` its limit."""

    java: Java
    folder: Path
    heap_megabytes: int

    def arguments(self, *program: str, flags: tuple[str, ...] = ()) -> tuple[str, ...]:
        return (
            str(self.java.executable),
            "-Xms64m",
            f"-Xmx{self.heap_megabytes}m",
            # Few cores, small heaps: the serial collector starts fastest and takes least.
            "-XX:+UseSerialGC",
            # The simple compiler alone halves what a start takes of a core.
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            f"-Djava.io.tmpdir={self._scratch()}",
            *flags,
            *program,
        )

    def _scratch(self) -> Path:
        """Native libraries are unpacked there; what a killed JVM left behind goes."""
        scratch = self.folder / "tmp"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        return scratch
