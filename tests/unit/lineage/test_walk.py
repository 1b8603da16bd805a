"""Walking upstream and downstream."""

from __future__ import annotations

import pytest

from core.lineage.edge import Certainty
from core.lineage.node import InvalidNodeError, Node, NodeKind
from core.lineage.walk import Direction
from tests.unit.lineage.graphs import edge, edges, names, node, walked

CHAIN = edges("a > g:one", "g:one > b", "b > g:two", "g:two > c", "x > g:one")


def test_downstream_leads_along_the_flow_and_upstream_against_it() -> None:
    down = walked(CHAIN, "b", Direction.DOWNSTREAM)
    up = walked(CHAIN, "b", Direction.UPSTREAM)

    assert names(down.distances) == ["b", "c", "two"]
    assert names(up.distances) == ["a", "b", "one", "x"]
    assert up.distances[node("a")] == 2


def test_a_cycle_is_walked_once() -> None:
    loop = edges("a > g:one", "g:one > b", "b > g:two", "g:two > a")

    walk = walked(loop, "a", Direction.DOWNSTREAM, depth=50)

    assert names(walk.distances) == ["a", "b", "one", "two"]
    assert len(walk.edges) == 4


def test_depth_ends_the_walk_and_says_where_there_is_more() -> None:
    walk = walked(CHAIN, "a", Direction.DOWNSTREAM, depth=2)

    assert names(walk.distances) == ["a", "b", "one"]
    assert walk.more == {node("b"): 1}
    assert not walk.cut


def test_a_guess_is_met_and_not_gone_beyond_unless_a_surer_way_leads_there() -> None:
    guess = edge("a > b", Certainty.GUESS)
    beyond = edges("b > g:two")

    assert names(walked([guess, *beyond], "a", Direction.DOWNSTREAM).distances) == ["a", "b"]

    surer = edges("a > g:one", "g:one > b")
    found = walked([guess, *beyond, *surer], "a", Direction.DOWNSTREAM)
    assert names(found.distances) == ["a", "b", "one", "two"]


def test_a_walk_that_meets_too_much_says_so() -> None:
    wide = edges(*(f"a > g:{number}" for number in range(30)))

    walk = walked(wide, "a", Direction.DOWNSTREAM, limit=10)

    assert len(walk.distances) == 10
    assert walk.cut


@pytest.mark.parametrize("name", ["orders", "a:b/c d", "ü%3A", "x" * 249])
def test_the_id_of_a_node_leads_back_to_it(name: str) -> None:
    known = Node(kind=NodeKind.JOB, namespace="kafka://h:9092", name=name)

    assert Node.of_id(known.id) == known


@pytest.mark.parametrize("text", ["", "orders", "dataset:x", "thing:a:b", "job::b", "job:a:b:c"])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(InvalidNodeError):
        Node.of_id(text)
