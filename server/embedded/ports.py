"""Which ports the embedded servers listen on: chosen once, then kept in the data folder."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path

import psutil

from server.embedded.errors import PortTakenError

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Ports:
    """`kafka_controller` and `registry_management` are for the servers' own use."""

    kafka: int = 9092
    registry: int = 8081
    postgres: int = 5432
    kafka_controller: int = 9192
    registry_management: int = 8181

    @classmethod
    def near(cls, given: Mapping[str, int]) -> Ports:
        """Those given, and for the rest the usual ones or the next free after them."""
        chosen = dict(given)
        for name, usual in asdict(cls()).items():
            if name not in chosen:
                following = (port for port in count(usual) if port not in chosen.values())
                chosen[name] = next(filter(is_free, following))
        return cls(**chosen)


def kept_ports(file: Path, given: Mapping[str, int]) -> Ports:
    """The ports that this data folder had before, else free ones; those given come first."""
    if file.exists():
        ports = replace(Ports(**json.loads(file.read_text())), **given)
    else:
        ports = Ports.near(given)
    file.write_text(json.dumps(asdict(ports), indent=1))
    return ports


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def require_free(port: int, purpose: str, advice: str, host: str = LOOPBACK) -> None:
    """Raises PortTakenError, naming the process that holds the port where that can be known."""
    if not is_free(port, host):
        raise PortTakenError(purpose, port, _holder(port), advice)


def _holder(port: int) -> str:
    with contextlib.suppress(psutil.Error, PermissionError):
        for connection in psutil.net_connections("tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,)
            if listens and connection.pid:
                name = psutil.Process(connection.pid).name()
                return f" by {name} (process {connection.pid})"
    return ""
