from core.ownership import OwnerRules
from tools.discovery.readers import readers_of
from tools.kafka.admin import GroupOffset

OFFSETS = {"orders": {0: (10, 50), 1: (0, 0)}}


def at(group: str, partition: int, committed: int, topic: str = "orders") -> GroupOffset:
    return GroupOffset(group, "stable", topic, partition, committed)


def test_lag_is_what_is_still_there_to_be_read() -> None:
    committed = [at("risk.app", 0, 45), at("risk.app", 1, 0), at("slow.app", 0, 3)]
    risk, slow = readers_of(committed, OFFSETS, OwnerRules())
    assert (risk.team, risk.lag, risk.state) == ("risk", 5, "stable")
    # What retention deleted unread is not waited for.
    assert slow.lag == 40


def test_a_group_ahead_of_a_topic_that_was_made_anew_lags_by_nothing() -> None:
    (reader,) = readers_of([at("a.b", 0, 900)], OFFSETS, OwnerRules())
    assert reader.lag == 0


def test_other_topics_and_missing_commits_are_left_out() -> None:
    committed = [at("a.b", 0, 5, "elsewhere"), at("a.b", 0, -1001)]
    assert readers_of(committed, OFFSETS, OwnerRules()) == ()


def test_an_unknown_partition_leaves_the_lag_unknown() -> None:
    (reader,) = readers_of([at("console-consumer-1", 7, 5)], OFFSETS, OwnerRules())
    assert (reader.team, reader.lag) == (None, None)
