"""`headwater rules`: listed, stated from a file, switched off and on, taken back."""

from __future__ import annotations

from pathlib import Path

import orjson

from tests.integration.catalog.test_command_line import headwater, port

__all__ = ["port"]

TOPIC = "web.clicks"


async def test_rules_are_stated_from_a_file_listed_switched_and_taken_back(
    port: int, tmp_path: Path
) -> None:
    at = ("--port", str(port))
    file = tmp_path / "rules.yaml"
    file.write_text(
        "- {id: page-there, metric: required, field: page, reason: a click is on a page}\n"
        "- {id: fresh, metric: freshness, max_delay_ms: 60000}\n"
    )
    none = await headwater("rules", TOPIC, *at)
    stated = await headwater("rules", "set", TOPIC, str(file), "--as", "user:default/jane", *at)
    listed = await headwater("rules", TOPIC, *at)
    off = await headwater("rules", "off", TOPIC, "page-there", *at)
    read = await headwater("rules", "list", TOPIC, "--json", *at)
    on = await headwater("rules", "on", TOPIC, "page-there", "--json", *at)
    for rule in ("page-there", "fresh"):
        gone = await headwater("rules", "remove", TOPIC, rule, *at)
        assert gone.exit_code == 0, gone.output

    assert none.exit_code == 3
    assert stated.exit_code == 0, stated.output
    assert "page-there  watched  page is always there" in stated.output
    assert "has a record every 1 minute" in listed.output
    assert max(len(line.rstrip()) for line in listed.output.splitlines()) <= 80
    assert "page-there  off" in off.output
    items = {each["id"]: each for each in orjson.loads(read.stdout)["items"]}
    assert (items["page-there"]["active"], items["page-there"]["stated_by"]) == (
        False,
        "user:default/jane",
    )
    assert orjson.loads(on.stdout)["active"] is True
    assert (await headwater("rules", TOPIC, *at)).exit_code == 3


async def test_what_is_wrong_with_a_file_or_a_rule_is_told(port: int, tmp_path: Path) -> None:
    at = ("--port", str(port))
    file = tmp_path / "rules.yaml"
    told = {}
    for text in ("- 5", "- {metric: required}", "a: [", "{id: x, metric: required, field: pagee}"):
        file.write_text(text)
        ran = await headwater("rules", "set", TOPIC, str(file), *at)
        assert ran.exit_code == 1
        told[text] = str(ran.exception)
    unknown = await headwater("rules", "off", TOPIC, "nothing", *at)

    assert "neither a rule nor a list" in told["- 5"]
    assert "1 of them have no id" in told["- {metric: required}"]
    assert "states no rules" in told["a: ["]
    assert (
        "'pagee', which is no field: the fields are page, session"
        in told["{id: x, metric: required, field: pagee}"]
    )
    assert (unknown.exit_code, "no rule 'nothing'" in str(unknown.exception)) == (1, True)
