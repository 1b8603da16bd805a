"""When a share rose: found in the midst of what came before, and of how much came since."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from core.quality.anomaly.rise import Rise, Since

RANDOM = np.random.default_rng(8)


def rise(*looks: tuple[int, int]) -> Rise:
    """A look a second, each with its bad records and how many it is of."""
    made = Rise()
    for second, (bad, total) in enumerate(looks):
        made.note(second * 1_000, bad, total)
    return made


def test_a_bad_record_long_before_is_no_beginning() -> None:
    blip = [(1, 1), *[(0, 1)] * 400]

    assert rise(*blip, *[(1, 2)] * 20).beginning(0.001) == Since(401_000, 20, 40)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.9])
def test_it_is_found_among_looks_that_are_as_usual(share: float) -> None:
    early = late = 0
    for _ in range(200):
        usual = [(int(bad), 200) for bad in RANDOM.binomial(200, 0.01, 30)]
        risen = [(int(bad), 200) for bad in RANDOM.binomial(200, share, 10)]
        since = rise(*usual, *risen).beginning(0.012)
        early += since.first_ms < 30_000
        late += since.first_ms > 30_000
        assert since.total >= 200
        assert 0 < since.bad < since.total

    assert early + late <= (40 if share < 0.1 else 2)


def test_what_was_noted_long_ago_is_kept_in_sum() -> None:
    made = rise(*[(1, 10)] * 500)

    assert len(made.looks) <= 64
    assert made.beginning(0.01) == Since(0, 500, 5_000)


def test_the_records_kept_are_the_first_since_the_beginning() -> None:
    made = Rise()
    made.note(0, 1, 1, [(0, 3, "null")])
    for _ in range(400):
        made.note(0, 0, 1)
    for look in range(40):
        made.note(1_000 * look, 2, 4, [(0, 500 + 4 * look, "null"), (1, 4 * look, "null")])

    since = made.beginning(0.001)

    assert since.spots == (
        (0, 500, "null"), (1, 0, "null"), (0, 504, "null"), (1, 4, "null"), (0, 508, "null")
    )  # fmt: skip
    read = msgspec.msgpack.decode(msgspec.msgpack.encode(made), type=Rise)
    assert read.beginning(0.001) == since


def test_looks_that_were_kept_without_records_are_read() -> None:
    held = msgspec.msgpack.encode({"looks": [(5_000, 2, 3), (6_000, 3, 3)]})

    assert msgspec.msgpack.decode(held, type=Rise).beginning(0.01) == Since(5_000, 5, 6)


def test_of_looks_without_a_bad_record_there_is_no_beginning() -> None:
    with pytest.raises(ValueError, match="empty"):
        rise((0, 10), (0, 5)).beginning(0.01)
