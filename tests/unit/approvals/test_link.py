from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.approvals.link import Link, LinkExpiredError, LinkInvalidError, read_token

NOW = datetime(2026, 1, 2, tzinfo=UTC)
SECRET = b"k" * 32
LINK = Link("apr-1", "a" * 64, int((NOW + timedelta(hours=1)).timestamp()), "n" * 24)


def test_a_token_is_read_back_by_whoever_has_the_secret() -> None:
    assert read_token(LINK.token(SECRET), SECRET, NOW) == LINK
    with pytest.raises(LinkInvalidError):
        read_token(LINK.token(SECRET), b"x" * 32, NOW)


def test_a_token_ends_with_its_last_second() -> None:
    read_token(LINK.token(SECRET), SECRET, LINK.expires_at - timedelta(seconds=1))
    with pytest.raises(LinkExpiredError, match="expired at 2026-01-02T01:00:00Z"):
        read_token(LINK.token(SECRET), SECRET, LINK.expires_at)


@pytest.mark.parametrize(
    "other",
    [
        replace(LINK, approval_id="apr-2"),
        replace(LINK, plan_hash="b" * 64),
        replace(LINK, expires=LINK.expires + 1),
        replace(LINK, nonce="m" * 24),
    ],
)
def test_each_part_is_signed(other: Link) -> None:
    mac = LINK.token(SECRET).rpartition(".")[2]
    forged = f"{other.token(SECRET).rpartition('.')[0]}.{mac}"

    with pytest.raises(LinkInvalidError):
        read_token(forged, SECRET, NOW)


@given(st.text() | st.from_regex(r"[a-z-]{1,9}\.[0-9a-f]{64}\.[0-9]{1,12}\.[a-z]{16}\.[a-z]{43}"))
def test_nothing_else_is_a_token(text: str) -> None:
    with pytest.raises(LinkInvalidError):
        read_token(text, SECRET, NOW)
