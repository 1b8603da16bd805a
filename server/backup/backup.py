"""Backing up: one consistent picture of the database, as a file that is whole or not there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from server.backup.programs import Programs


@dataclass(frozen=True, slots=True)
class Backup:
    """What was written: `bytes` is its size, `taken_at` when its picture was begun."""

    file: str
    bytes: int
    taken_at: datetime


class CannotWriteError(Exception):
    """The backup's folder cannot be written to."""

    def __init__(self, file: Path, cause: OSError) -> None:
        super().__init__(f"{file} cannot be written ({cause.strerror}). Choose another place.")


async def back_up(url: str, file: Path, programs: Programs) -> Backup:
    """Everything in the database, in one transaction's view: offsets and counts of watchers belong
    together in it. Servers may go on meanwhile.

    Raises ProgramFailedError, CannotWriteError. An older file of that name is replaced at the end.
    """
    unfinished = file.with_name(f"{file.name}.unfinished")
    taken_at = datetime.now(UTC)
    try:
        # It has all that was ever found out about people's topics: for its owner alone.
        unfinished.touch(mode=0o600)
    except OSError as error:
        raise CannotWriteError(file, error) from error
    try:
        await programs.run(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--file={unfinished}",
            url=url,
        )
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return Backup(str(file), await asyncio.to_thread(_size, file), taken_at)


def _size(file: Path) -> int:
    return file.stat().st_size
