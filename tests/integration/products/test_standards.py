"""ODPS and AsyncAPI documents are valid by their standards' own JSON Schemas.

These are in packages that nothing else needs: they are downloaded, and without them it is skipped.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from core.contract.asyncapi import asyncapi_of
from core.contract.odcs import contract_of
from core.contract.odps import odps_of
from core.contract.port import Endpoint, PortView, promised
from core.product import DataProduct, Lifecycle, OutputPort
from core.schema.model import Schema
from tests.unit.contract.plans import TOPIC, field, plan

PORT = OutputPort(cluster="default", topic=TOPIC)
CONTRACT = contract_of(plan(), "kafka:9092")
PRODUCT = DataProduct(
    id="fraud-scores",
    name="Fraud Scores",
    description="Scores.",
    owner="group:default/fraud-team",
    domain="risk",
    tags=("fraud", "fraud"),
    lifecycle=Lifecycle.ACTIVE,
    ports=(PORT,),
    documentation="# Read me",
)
SECURED = {"security.protocol": "SASL_SSL"}


def _download(folder: Path, *command: str) -> Path:
    """The one file that a package manager's own client puts into the folder."""
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=90)
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"the standard's package cannot be had here: {type(error).__name__}")
    return next(path for path in folder.iterdir() if path.suffix in {".whl", ".tgz"})


@pytest.fixture(scope="module")
def odps(tmp_path_factory: pytest.TempPathFactory) -> jsonschema_rs.Draft201909Validator:
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps")
    wheel = _download(tmp_path_factory.mktemp("odps"), *pip, "dataproduct-cli==0.3.2")
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read("dataproduct/schemas/odps-1.0.0.schema.json")
    return jsonschema_rs.Draft201909Validator(json.loads(text))


@pytest.fixture(scope="module")
def asyncapi(tmp_path_factory: pytest.TempPathFactory) -> jsonschema_rs.Draft7Validator:
    npm = shutil.which("npm") or "npm"
    folder = tmp_path_factory.mktemp("asyncapi")
    with tarfile.open(_download(folder, npm, "pack", "@asyncapi/specs@6.11.1")) as archive:
        member = archive.extractfile("package/schemas/3.1.0.json")
        assert member is not None
        return jsonschema_rs.Draft7Validator(json.loads(member.read()))


@pytest.mark.parametrize("lifecycle", list(Lifecycle))
def test_odps(odps: jsonschema_rs.Draft201909Validator, lifecycle: Lifecycle) -> None:
    product = PRODUCT.model_copy(update={"lifecycle": lifecycle})

    for contract, inputs in ((CONTRACT, [(PRODUCT, CONTRACT)]), (None, [])):
        document = odps_of(product, contract, inputs)
        assert [error.message for error in odps.iter_errors(document)] == []
    assert not odps.is_valid({**document, "unknown": 1})


def views() -> list[PortView]:
    view = promised(CONTRACT, PORT)
    assert view is not None
    listed = Schema(field("", "array", children=(field("[]", "string"),)))
    return [
        view,
        replace(view, format="json-schema"),
        replace(view, format="json", subject=None, key=None, schema=listed),
        PortView(PORT),
    ]


@pytest.mark.parametrize("view", views(), ids=["avro", "json-schema", "json", "unknown"])
@pytest.mark.parametrize("settings", [{}, SECURED], ids=["plain", "secured"])
def test_asyncapi(
    asyncapi: jsonschema_rs.Draft7Validator, view: PortView, settings: dict[str, str]
) -> None:
    endpoint = Endpoint("default", "kafka-1:9092,kafka-2:9092", "http://registry", settings)

    document: dict[str, Any] = asyncapi_of(PRODUCT, [view], endpoint)

    assert [error.message[:300] for error in asyncapi.iter_errors(document)] == []
    wrong = {**document["channels"][TOPIC], "bindings": {"kafka": {"partitions": "many"}}}
    assert not asyncapi.is_valid({**document, "channels": {TOPIC: wrong}})
