"""The unprivileged user that Postgres runs as when Headwater is started by root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from server.embedded.errors import NoServiceUserError

NAME = "headwater-postgres"
HOME = Path("/var/lib/headwater")
"""For what such a user must reach when the data folder or the packages lie where it cannot go."""


@dataclass(frozen=True, slots=True)
class SystemUser:
    name: str

    @classmethod
    def needed(cls) -> SystemUser | None:
        """None unless this process is root's. Creates the user. Raises NoServiceUserError."""
        if os.geteuid() != 0:
            return None
        if not _exists(NAME):
            _create()
        return cls(NAME)

    def can_enter(self, folder: Path) -> bool:
        ran = subprocess.run(
            ["test", "-x", folder, "-a", "-r", folder],
            user=self.name,
            group=pwd.getpwnam(self.name).pw_gid,
            extra_groups=[],
            cwd="/",
            check=False,
        )
        return ran.returncode == 0

    def own(self, path: Path) -> None:
        shutil.chown(path, self.name, pwd.getpwnam(self.name).pw_gid)


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _create() -> None:
    if useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin"):
        command = [useradd, "--system", "--no-create-home", "--shell", "/bin/false", NAME]
    elif adduser := shutil.which("adduser", path="/usr/sbin:/sbin:/usr/bin:/bin"):
        command = [adduser, "-S", "-D", "-H", "-s", "/bin/false", NAME]
    else:
        raise NoServiceUserError(NAME, "there is no useradd")
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode != 0 and not _exists(NAME):
        raise NoServiceUserError(NAME, ran.stderr.strip() or f"exit code {ran.returncode}")
