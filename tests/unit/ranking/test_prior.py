"""What is known of a source before it is asked for."""

import pytest

from core.ranking.prior import prior
from core.ranking.score import WORDS


def test_more_consuming_teams_count_for_more_up_to_a_bound():
    used = [prior("orders", teams, 10) for teams in (0, 1, 12, 16, 10_000)]

    assert used == sorted(used)
    assert used[0] == 0
    assert used[1] < used[2] < used[3] == used[4]


@pytest.mark.parametrize(
    "name", ["orders-dlq", "orders.DLT", "ordersDeadLetter", "orders-retry-5m", "orders.test"]
)
def test_dead_letters_retries_and_tests_come_after_the_real_topic(name):
    assert prior(name, 3, 10) < prior("orders", 3, 10)


def test_an_empty_topic_comes_after_one_with_messages():
    assert prior("orders", 3, 0) < prior("orders", 3, 1)


@pytest.mark.parametrize("name", ["contest-entries", "latest-prices", "retryable"])
def test_a_word_that_only_contains_test_or_retry_costs_nothing(name):
    assert prior(name, 0, 10) == 0


def test_it_never_outweighs_a_word_that_a_source_has_and_another_lacks():
    assert prior("orders", 10_000, 10) - prior("orders-dlq", 0, 0) < WORDS
