"""The order of a page."""

from core.ranking.naming import NameMatch
from tools.search.naming import Named
from tools.search.ranking import Ranked, arranged


def hit(source_id: int, score: float, match: NameMatch, managed: bool = False) -> Ranked:
    return Ranked(source_id, "x", managed, score, score, Named(match), 0.5, ())


def test_managed_sources_come_first_where_names_match_equally_well():
    hits = [
        hit(1, 9, NameMatch.PREFIX),
        hit(2, 8, NameMatch.NONE),
        hit(3, 7, NameMatch.PREFIX),
        hit(4, 6, NameMatch.PREFIX, managed=True),
    ]

    assert [found.source_id for found in arranged(hits)] == [4, 2, 1, 3]


def test_scores_fall_along_the_order_and_are_only_shared_out():
    hits = [hit(n, n % 5, NameMatch.WORDS, managed=n % 2 == 0) for n in range(1, 9)]

    found = arranged(hits)

    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert sorted(scores) == sorted(each.score for each in hits)
    assert [each.place for each in found] == sorted(each.place for each in found)
    assert [each.managed for each in found] == [True] * 4 + [False] * 4


def test_a_weaker_match_of_a_managed_source_stays_behind():
    hits = [hit(1, 9, NameMatch.PREFIX), hit(2, 8, NameMatch.WORDS, managed=True)]

    assert [found.source_id for found in arranged(hits)] == [1, 2]


def test_without_a_name_match_the_score_decides():
    hits = [hit(1, 9, NameMatch.NONE), hit(2, 8, NameMatch.NONE, managed=True)]

    assert [found.source_id for found in arranged(hits)] == [1, 2]
