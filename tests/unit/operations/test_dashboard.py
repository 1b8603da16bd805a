"""The dashboard and the rules ask for nothing that the code does not expose."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from server.metrics.catalog import FIGURES
from tests.unit.operations.promql import TARGET, Asked, asked, exposed, legend_labels

DEPLOY = Path(__file__).parents[3] / "deploy"
EXPOSED = exposed()


def panels() -> list[dict[str, Any]]:
    dashboard = json.loads((DEPLOY / "grafana" / "headwater.json").read_text())
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((DEPLOY / "prometheus" / "headwater.rules.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def queries() -> Iterator[tuple[str, str]]:
    for panel in panels():
        for target in panel["targets"]:
            yield f"panel {panel['title']}", target["expr"]
    for rule in rules():
        yield f"rule {rule['alert']}", rule["expr"]


def unknown(query: Asked) -> set[str]:
    names = query.samples - EXPOSED.keys()
    known = TARGET.union(*(EXPOSED[name] for name in query.samples & EXPOSED.keys()))
    return {*names, *(query.labels - known)}


@pytest.mark.parametrize("query", ["sum(headwater_nothing)", 'headwater_sources{colour="red"}'])
def test_a_metric_or_label_that_does_not_exist_is_found_out(query: str) -> None:
    assert unknown(asked(query))


def test_every_query_names_metrics_and_labels_that_the_code_exposes() -> None:
    wrong = {where: found for where, query in queries() if (found := unknown(asked(query)))}

    assert not wrong


def test_legends_and_annotations_name_labels_that_their_query_leaves() -> None:
    for panel in panels():
        for target in panel["targets"]:
            assert legend_labels(target["legendFormat"]) <= asked(target["expr"]).labels | TARGET
    for rule in rules():
        named = set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"])))
        assert named <= asked(rule["expr"]).labels | TARGET, rule["alert"]


def test_every_rule_says_what_happened_and_what_to_do() -> None:
    for rule in rules():
        assert {"summary", "action"} <= rule["annotations"].keys(), rule["alert"]
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}


def test_what_exists_once_in_postgres_is_never_summed_over_processes() -> None:
    """Each process tells the same: a sum would count it once for each of them."""
    told = {figure.name for figure in FIGURES}
    for where, query in queries():
        if "sum" in query:
            assert not asked(query).samples & told, where
