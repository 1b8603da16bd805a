"""How far a breach is believed."""

from __future__ import annotations

from core.quality.learning.evidence import Evidence


def test_the_same_share_is_believed_more_where_more_was_seen() -> None:
    few, many = Evidence(broken=1, seen=30), Evidence(broken=100, seen=3000)

    assert few.trust(0.1) < 0.5 < many.trust(0.1)


def test_what_breaks_twice_as_often_as_is_tolerated_says_nothing() -> None:
    assert Evidence(broken=200, seen=1000).trust(0.1) == 0
    assert Evidence(broken=0, seen=0).trust(0.1) == 0


def test_a_rule_that_never_broke_is_not_certain_either() -> None:
    assert 0.9 < Evidence(broken=0, seen=1000).trust(0.1) < 1


def test_evidence_of_two_samples_adds_up_and_is_told_in_numbers() -> None:
    both = Evidence(broken=1, seen=1000) + Evidence(broken=2, seen=500)

    assert both == Evidence(broken=3, seen=1500)
    assert both.said() == "1,497 of 1,500 values"
