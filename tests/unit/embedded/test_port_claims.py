from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from server.embedded.port_claims import NoPortsError, PortClaims

ONE = range(20_000, 20_040, 40)
HOLDS = f"""
import sys
from pathlib import Path
from server.embedded.port_claims import PortClaims
claims = PortClaims(Path(sys.argv[1]), {ONE})
print(claims.take(), flush=True)
sys.stdin.read()
"""


def test_none_is_handed_out_twice_or_while_it_is_taken(tmp_path: Path) -> None:
    claims = PortClaims(tmp_path)
    first = claims.take()
    with socket.create_server(("127.0.0.1", first + 1)):
        more = [claims.take() for _ in range(100)]

    assert len({first, first + 1, *more}) == 102


def test_two_processes_have_none_in_common_until_one_ends(tmp_path: Path) -> None:
    holds = [sys.executable, "-c", HOLDS, str(tmp_path)]
    with subprocess.Popen(holds, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert int(other.stdout.readline()) in range(20_000, 20_040)
        with pytest.raises(NoPortsError, match="held by processes that run"):
            PortClaims(tmp_path, ONE).take()
        other.kill()

    assert PortClaims(tmp_path, ONE).take() in range(20_000, 20_040)
