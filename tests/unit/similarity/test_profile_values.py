"""Values of a profile's fields, by path."""

from core.inference.profile import Profile
from core.inference.render import infer
from core.similarity.aligner import align
from core.similarity.comparable import Comparable
from core.similarity.profile_values import values_by_path
from core.similarity.values import Look


def profile(*messages: dict[str, object]) -> Profile:
    return Profile.of(list(messages))


def test_nested_fields_and_items_have_their_own_values():
    found = values_by_path(
        profile({"at": "2024-01-05T10:00:00Z", "who": {"mail": "a@b.de"}, "tags": ["new", "paid"]})
    )

    assert found["at"].looks == {Look.MOMENT: 1.0}
    assert found["who.mail"].looks == {Look.ADDRESS: 1.0}
    assert found["tags"].looks == {Look.WORD: 1.0}
    assert "who" not in found


def test_two_topics_are_aligned_by_their_messages_alone():
    left = profile({"κάτι": "2024-01-05 10:00", "όνομα": "Ada Byron"})
    right = profile({"вещь": "Alan Kay", "когда": "2024-02-05 11:30"})
    sides = [
        Comparable.of(name, infer(known).schema, values=values_by_path(known))
        for name, known in (("a", left), ("b", right))
    ]

    found = {(match.left, match.right) for match in align(sides[0], sides[1], {}).matches}

    assert found == {("κάτι", "когда"), ("όνομα", "вещь")}
