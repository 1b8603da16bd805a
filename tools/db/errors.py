"""Postgres' errors in our words, translated once at the pool's border."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

_AWAY = ("08", "57P")
"""SQLSTATE prefixes: connection lost or refused; server shutting down, crashed or starting."""


_CONFLICT = "40"
"""SQLSTATE prefix: deadlock or serialisation failure."""


class DatabaseUnreachableError(Exception):
    """Postgres did not answer. Check that it runs and that the database URL is right; the
    connection is tried again with the next request."""

    def __init__(self, cause: Exception) -> None:
        first_line = (str(cause).strip().splitlines() or [type(cause).__name__])[0]
        super().__init__(
            f"Postgres did not answer ({first_line}). Check that it runs and that the database URL "
            "is right; the next request tries again."
        )


class DatabaseConflictError(Exception):
    """Two transactions stood in each other's way and Postgres undid this one; try again."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(f"Postgres undid a transaction ({str(cause).splitlines()[0]}). Try again.")


class DatabaseNotMigratedError(Exception):
    """A table is missing: the database was not migrated."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(
            f"{str(cause).splitlines()[0]}. The database lacks Headwater's tables: start "
            "`headwater up` or `headwater serve` once, which migrates it."
        )


class DatabaseMigratedError(Exception):
    """Another process migrated the database under this one's prepared statements; try again."""

    def __init__(self) -> None:
        super().__init__(
            "The database was migrated by another process while this one used it. The connection "
            "is renewed: try again."
        )


class InvalidCursorError(ValueError):
    """The cursor is not one that this list returned; leave it out to start from the first page."""

    def __init__(self, cursor: str) -> None:
        super().__init__(
            f"The cursor {cursor[:80]!r} is not one that this list returned. "
            "Leave it out to start from the first page."
        )


@contextmanager
def translated() -> Iterator[None]:
    """Raise our named errors instead of psycopg's where the caller can do something about it."""
    try:
        yield
    except psycopg.errors.FeatureNotSupported as error:
        raise DatabaseMigratedError from error
    except psycopg.errors.UndefinedTable as error:
        raise DatabaseNotMigratedError(error) from error
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        if error.sqlstate is None or error.sqlstate.startswith(_AWAY):
            raise DatabaseUnreachableError(error) from error
        if error.sqlstate.startswith(_CONFLICT):
            raise DatabaseConflictError(error) from error
        raise
