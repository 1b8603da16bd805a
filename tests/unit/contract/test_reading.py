"""Contracts come from strangers: what is not one is refused with the place, never a crash."""

from __future__ import annotations

import json

import pytest

from core.contract.reading import as_json, as_yaml, read_contract
from core.contract.standard import InvalidContractError

HEAD = "apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\n"

FOREIGN = (
    HEAD
    + """
contractCreatedTs: 2026-01-02T03:04:05Z
description: {purpose: p, ourOwn: kept}
price: {priceAmount: 9.95, priceCurrency: EUR, priceUnit: megabyte}
roles:
- role: reader
  access: read
  customProperties: [{property: approvals, value: [yes, 010, 1e3, ~, {deep: [1]}]}]
support: [{channel: "#help", url: https://example.org/help, tool: slack}]
team: {name: fraud, members: [{username: jane, dateIn: 2024-05-06}]}
schema:
- name: orders
  physicalType: table
  properties:
  - name: id
    transformLogic: "a + b"
    encryptedName: id_enc
    examples: ["1", 2, null, true]
    relationships: [{to: other.id}]
customProperties: [{property: house, value: {a: {b: [1, 2.5, no]}}}]
"""
)


def test_members_that_we_do_not_know_are_kept() -> None:
    contract = read_contract(FOREIGN)

    for again in (read_contract(as_yaml(contract)), read_contract(as_json(contract))):
        assert again.document == contract.document
    assert contract.document["description"]["ourOwn"] == "kept"
    assert contract.document["schema"][0]["properties"][0]["relationships"] == [{"to": "other.id"}]
    assert contract.topics == ()


def test_yaml_has_jsons_values_and_no_others() -> None:
    contract = read_contract(FOREIGN)

    assert contract.document["contractCreatedTs"] == "2026-01-02T03:04:05Z"
    assert contract.document["team"]["members"][0]["dateIn"] == "2024-05-06"
    approvals = contract.document["roles"][0]["customProperties"][0]["value"]
    assert approvals == ["yes", 10, 1000.0, None, {"deep": [1]}]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "holds no members"),
        ("just text", "holds no members"),
        ("[1, 2]", "holds no members"),
        ("{", "neither YAML nor JSON"),
        ("a: [", "neither YAML nor JSON"),
        ("!!python/object/apply:os.system [ls]", "neither YAML nor JSON"),
        ("a: 1\na: 2", "twice"),
        ('{"a": 1, "a": 2}', "twice"),
        (HEAD + "owner: jane", "customProperties"),
        (HEAD + "schema: [{physicalType: topic}]", "schema.0"),
        (HEAD.replace("v3.1.0", "v9"), "apiVersion"),
        (HEAD + "slaProperties: [{property: x, value: !!float .inf}]", "neither YAML nor JSON"),
        ("{" + HEAD.replace("\n", ", ") + "price: {priceAmount: 1e999}}", "no number of JSON"),
        (HEAD + 'name: "a\\0b"', "characters"),
        (HEAD + 'name: "\\uD800"', "characters"),
        (HEAD + "? [a, b]\n: 1", "neither YAML nor JSON"),
        (HEAD + "? {a: b}\n: 1", "neither YAML nor JSON"),
        (HEAD + "<<: {a: 1}", "the document"),
        (HEAD + "<<: 1", "the document"),
        (HEAD + "tags: &a [*a]", "levels"),
        ("[" * 5000, "neither|levels"),
        ('{"a":' * 5000, "neither|levels"),
    ],
)
def test_what_is_no_contract_is_refused_with_the_reason(text: str, told: str) -> None:
    with pytest.raises(InvalidContractError, match=told):
        read_contract(text)


def test_aliases_that_explode_are_refused_at_once() -> None:
    bomb = HEAD + "customProperties:\n- property: a\n  value: &a0 [x, x]\n"
    for depth in range(1, 40):
        above = f"*a{depth - 1}"
        bomb += f"- {{property: p, value: &a{depth} [{above}, {above}]}}\n"

    with pytest.raises(InvalidContractError, match="more than"):
        read_contract(bomb)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(InvalidContractError, match="UTF-8"):
        read_contract(b"\xff\xfe")


def test_json_is_read_as_json() -> None:
    document = {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": "x",
        "version": "1",
        "status": "active",
        "name": "a\tb \U0001f600",
    }

    assert read_contract(json.dumps(document)).document == document
