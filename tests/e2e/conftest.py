"""One `headwater up --demo` for all journeys; a file's tests leave the fleet as they found it or
come after those that count it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.headwater_process import HeadwaterProcess


@pytest.fixture(scope="session")
def demo(new_data_dir: Callable[[], Path]) -> Iterator[HeadwaterProcess]:
    headwater = HeadwaterProcess(new_data_dir(), "--demo")
    headwater.ensure_started()
    yield headwater
    headwater.end(signal.SIGTERM)
