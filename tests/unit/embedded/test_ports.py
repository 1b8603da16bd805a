from __future__ import annotations

import os
import socket
from dataclasses import asdict
from pathlib import Path

import pytest

from server.embedded.errors import PortTakenError
from server.embedded.port_claims import free_ports
from server.embedded.ports import Ports, kept_ports, require_free


def test_no_two_servers_get_the_same_port() -> None:
    assert len(set(asdict(Ports.near({"kafka": 5432})).values())) == 5
    assert len(set(asdict(free_ports()).values())) == 5


def test_the_ports_of_the_first_start_are_kept_unless_one_is_given(tmp_path: Path) -> None:
    first = kept_ports(tmp_path / "ports.json", {"kafka": 23_456})
    with socket.create_server(("127.0.0.1", first.registry)):
        assert kept_ports(tmp_path / "ports.json", {}) == first
    assert kept_ports(tmp_path / "ports.json", {"registry": 23_457}).registry == 23_457


def test_a_usual_port_that_is_taken_is_passed_over() -> None:
    ports = Ports.near({})
    with socket.create_server(("127.0.0.1", ports.postgres)):
        assert Ports.near({}).postgres > ports.postgres


def test_a_taken_port_is_named_with_its_holder_and_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"Port {port}.*process {os.getpid()}.*--port"):
            require_free(port, "the catalog", "--port")
