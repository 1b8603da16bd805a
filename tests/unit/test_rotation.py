"""Whose settings a scan looks at."""

from tools.discovery.rotation import due

TOPICS = [f"sales.orders-{at}.v1" for at in range(4_300)]


def test_few_topics_are_all_looked_at_in_every_scan():
    assert due(TOPICS[:1_000], 17) == TOPICS[:1_000]


def test_every_topic_has_its_turn_in_a_bounded_number_of_scans():
    turns = [due(TOPICS, turn) for turn in range(12, 17)]

    assert sorted(name for turn in turns for name in turn) == sorted(TOPICS)
    assert max(map(len, turns)) < 1_200


def test_a_topic_that_comes_does_not_move_the_turns_of_the_others():
    assert set(due([*TOPICS, "new"], 3)) - {"new"} == set(due(TOPICS, 3))


def test_no_topics_are_no_questions():
    assert due([], 3) == []
