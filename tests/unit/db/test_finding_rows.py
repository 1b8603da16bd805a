import json

import pytest

from tools.db.finding_rows import json_text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\0b", "a\ufffdb"),
        ("\0\0", "\ufffd\ufffd"),
        (r"\u0000", r"\u0000"),
        ("\\\0", "\\\ufffd"),
        ("plain ü", "plain ü"),
        ("half \ud800", "half ?"),
    ],
)
def test_names_of_any_characters_become_text_that_postgres_takes(text: str, kept: str) -> None:
    assert json.loads(json_text([text])) == [kept]


def test_integers_of_any_size_are_kept() -> None:
    assert json.loads(json_text({"maximum": 10**40})) == {"maximum": 10**40}
