"""`headwater lineage` and `headwater impact` against a served catalog."""

from __future__ import annotations

import orjson

from tests.integration.catalog.test_command_line import headwater, port

__all__ = ["port"]


async def test_lineage_and_impact_are_shown_as_trees_and_lines_or_as_json(port: int) -> None:
    at = ("--port", str(port))
    tree = await headwater("lineage", "supplier-events", *at)
    read = await headwater("lineage", "supplier-events", "--depth", "1", "--json", *at)
    impact = await headwater("impact", "supplier-events", *at)
    field = await headwater("impact", "supplier-events", "--field", "rating", "--json", *at)
    alone = await headwater("impact", "weather", *at)
    unknown = await headwater("impact", "supplier-events", "--field", "ratin", *at)

    assert tree.exit_code == 0, tree.output
    assert "billing-sync" in tree.output
    assert "nothing is known" in tree.output
    assert {node["name"] for node in orjson.loads(read.stdout)["nodes"]} == {
        "supplier-events",
        "billing-sync",
        "risk-scoring",
    }
    assert "2 consumer groups" in impact.output
    assert {each["effect"] for each in orjson.loads(field.stdout)["affected"]} == {"perhaps"}
    assert alone.exit_code == 3
    assert "Nobody is known to depend on weather." in alone.output
    assert unknown.exit_code == 1
    assert "Did you mean rating?" in str(unknown.exception)
