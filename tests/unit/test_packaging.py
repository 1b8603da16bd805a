"""The top-level folders carry everyday names, so nobody else may install the same ones."""

from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PACKAGES = ["core", "graph", "tools", "prompts", "server", "evals", "benchmarks"]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_top_level_package_is_credited_to_nobody_but_headwater(package: str) -> None:
    # An editable install credits nobody; a wheel credits its distribution.
    assert set(packages_distributions().get(package, [])) <= {"headwater"}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_top_level_package_is_imported_from_this_project(package: str) -> None:
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin).parent == PROJECT / package
