"""Snippets hold what a hostile or unusual product says as data, never as code."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

import pytest

from core.contract.odcs import contract_of
from core.contract.port import Endpoint, PortView, promised
from core.product import DataProduct, Lifecycle, OutputPort
from core.schema.model import Schema
from core.snippets import Language, Role, Snippet, snippets_of
from tests.unit.contract.plans import SCHEMA, TOPIC, field, plan

PORT = OutputPort(cluster="default", topic=TOPIC)
PRODUCT = DataProduct(
    id="fraud-scores",
    name='x"""\nimport os; os.abort()',
    description='"""; rm -rf',
    owner="group:default/fraud-team",
    domain="risk",
    lifecycle=Lifecycle.ACTIVE,
    ports=(PORT,),
)
ENDPOINT = Endpoint("default", "kafka-1:9092,kafka-2:9092", "http://registry:8081")


def view_of(**more: object) -> PortView:
    view = promised(contract_of(plan()), PORT)
    assert view is not None
    return replace(view, **more)  # type: ignore[arg-type]


def code_of(view: PortView, language: Language, endpoint: Endpoint = ENDPOINT) -> dict[Role, str]:
    found = [each for each in snippets_of(PRODUCT, view, endpoint) if each.language is language]
    return {each.role: each.code for each in found}


def all_of(view: PortView, endpoint: Endpoint = ENDPOINT) -> list[Snippet]:
    return snippets_of(PRODUCT, view, endpoint)


@pytest.mark.parametrize("data_format", ["avro", "json-schema", "json", "protobuf", "text"])
@pytest.mark.parametrize("subject", [f"{TOPIC}-value", "a.b.Record", None])
def test_python_snippets_are_python(data_format: str, subject: str | None) -> None:
    for code in code_of(view_of(format=data_format, subject=subject), Language.PYTHON).values():
        ast.parse(code)
        assert "$" not in code


def test_names_from_outside_stay_inside_their_quotes() -> None:
    hostile = 'a"); import os; os.abort(); ("'
    schema = Schema(field("", "object", children=(field(hostile, "string"),)))
    view = view_of(schema=schema, format="json", subject=None, key=hostile, rules=())

    code = code_of(view, Language.PYTHON)[Role.PRODUCER]
    shell = code_of(view, Language.SHELL)[Role.PRODUCER]

    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Attribute)]
    assert "abort" not in {node.attr for node in calls}
    assert re.search(r"^echo '.*' \|$", shell, re.MULTILINE)


def test_a_quote_in_an_example_does_not_end_the_shells() -> None:
    enum = field("say", "string", enum=("it's; rm -rf /",))
    view = view_of(
        schema=Schema(field("", "object", children=(enum,))), format="json", subject=None
    )

    code = code_of(view, Language.SHELL)[Role.PRODUCER]

    assert """it'"'"'s; rm""" in code


def test_javas_text_block_holds_backslashes_and_quotes() -> None:
    enum = field("say", "string", enum=('a"""b\\n',))
    view = view_of(
        schema=Schema(field("", "object", children=(enum,))), format="json", subject=None
    )

    code = code_of(view, Language.JAVA)[Role.PRODUCER]

    block = code.split('"""')[1]
    assert '\\\\"' in block
    assert code.count('"""') == 2


def test_a_secured_cluster_takes_its_secrets_from_the_environment() -> None:
    secured = replace(
        ENDPOINT, settings={"security.protocol": "SASL_SSL", "sasl.mechanism": "SCRAM-SHA-256"}
    )

    python = code_of(view_of(), Language.PYTHON, secured)[Role.CONSUMER]
    java = code_of(view_of(), Language.JAVA, secured)[Role.CONSUMER]
    shell = code_of(view_of(), Language.SHELL, secured)[Role.PRODUCER]

    assert 'os.environ["KAFKA_PASSWORD"]' in python
    assert "import os" in python
    assert 'System.getenv("KAFKA_JAAS_CONFIG")' in java
    assert "--producer-property security.protocol=SASL_SSL" in shell


def test_the_event_time_of_an_example_is_now() -> None:
    code = code_of(view_of(), Language.PYTHON)[Role.PRODUCER]

    assert '"scored_at": int(time.time() * 1000)' in code
    assert "import time" in code


def test_the_key_is_the_field_that_the_contract_names() -> None:
    nested = code_of(view_of(key="place.country"), Language.PYTHON)[Role.PRODUCER]
    none = code_of(view_of(key=None), Language.PYTHON)[Role.PRODUCER]
    listed = code_of(view_of(key="lines[].sku"), Language.PYTHON)[Role.PRODUCER]

    assert 'key=str(record["place"]["country"])' in nested
    assert "key=" not in none + listed


def test_avro_without_a_registry_is_only_consumed() -> None:
    view = view_of(format="avro")

    assert {s.role for s in all_of(view, replace(ENDPOINT, registry=None))} == {Role.CONSUMER}
    assert {s.role for s in all_of(replace(view, schema=None))} == {Role.CONSUMER}
    assert len(SCHEMA.root.children) > 1
