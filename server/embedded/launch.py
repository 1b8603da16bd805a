"""Turns this process into another program that ends when the starter does.

Run as a script: `launch.py SIGNAL STARTER USER PROGRAM ARGUMENTS...`, USER "-" for no change.
On Linux the kernel sends SIGNAL when the starter dies, however it dies; the program inherits
that through exec, which is why this stands between. Elsewhere the next start cleans up.
"""

from __future__ import annotations

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1


def _become(user: str) -> None:
    import pwd

    entry = pwd.getpwnam(user)
    os.initgroups(user, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def main() -> None:
    signal, starter, user, *command = sys.argv[1:]
    if user != "-":
        _become(user)
    if sys.platform == "linux":
        # After the change of user, which would clear it.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal), 0, 0, 0)
    if os.getppid() == int(starter):
        os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main()
