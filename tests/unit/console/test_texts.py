"""Texts that nobody vouches for, on a page: escaped, whatever they hold."""

from datetime import UTC, datetime, timedelta

import pytest

from core.search import Match, Reason
from core.source import Description, SourceKind, SourceStatus, SourceSummary
from server.console.address import at, own
from server.console.figures import ago, measured, size
from server.console.highlight import code, mark, words_of
from server.console.markdown import rendered
from server.console.rendering import templates

HOSTILE = '<img src=x onerror="alert(1)">'
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_words_of_a_query_are_marked_and_all_else_is_escaped() -> None:
    shown = mark(f"Supplier {HOSTILE} of suppliers", words_of("supplier <img"))

    assert shown.startswith("<mark>Supplier</mark> &lt;<mark>img</mark> src=x")
    assert "<img" not in shown


def test_backticks_become_code_and_nothing_else_does() -> None:
    assert code(f"`a<b` {HOSTILE}") == (
        "<code>a&lt;b</code> &lt;img src=x onerror=&#34;alert(1)&#34;&gt;"
    )


@pytest.mark.parametrize(
    ("text", "never"),
    [
        (HOSTILE, "<img"),
        ("[a](javascript:alert(1))", "href"),
        ("![a](https://example.org/track.png)", "<img"),
        ("<script>alert(1)</script>", "<script"),
    ],
)
def test_an_answer_brings_no_html_and_loads_nothing(text: str, never: str) -> None:
    assert never not in rendered(text)


def test_topics_and_approvals_of_an_answer_are_links() -> None:
    shown = rendered("see `orders` and `other`, then `apr-0123456789ab`", {"orders"})

    assert '<a href="/console/sources/orders"><code>orders</code></a>' in shown
    assert '<a href="/console/approvals/apr-0123456789ab">' in shown
    assert "<code>other</code>," in shown


def test_a_hit_shows_hostile_texts_as_text() -> None:
    source = SourceSummary(
        cluster="c",
        name=HOSTILE,
        kind=SourceKind.DISCOVERED,
        status=SourceStatus.PRESENT,
        description=Description(text=HOSTILE, by="registry"),
        owner=None,
        domain=HOSTILE,
        format="json",
        has_registered_schema=False,
        fields=1,
        messages=1,
        consuming_teams=(HOSTILE,),
        first_seen=NOW,
        scanned_at=NOW,
    )
    reasons = (Reason(match=Match.NAME, text=HOSTILE),)

    macros = vars(templates().get_template("parts/source_row.html").module)
    shown = macros["hit"](source, reasons, ("img",))

    assert "<img" not in shown
    assert 'href="/console/sources/%3Cimg%20src%3Dx' in shown


def test_addresses_quote_their_parts_and_leave_out_what_is_not_given() -> None:
    assert at("sources", "a/../b?c", tab=None, q="x&y", on=True) == (
        "/console/sources/a%2F..%2Fb%3Fc?q=x%26y&on=true"
    )


@pytest.mark.parametrize(
    "address",
    ["https://example.org", "//example.org", "/docs", "/console\\@example.org", "/consolex", None],
)
def test_nobody_is_sent_out_of_the_console(address: str | None) -> None:
    assert own(address) == "/console/"


def test_times_say_how_long_ago_and_when_exactly() -> None:
    assert ago(NOW - timedelta(hours=3, minutes=5), NOW) == (
        '<time datetime="2026-05-01T08:55:00+00:00" title="2026-05-01 08:55:00 UTC">'
        "3 hours ago</time>"
    )
    assert ">in 2 days<" in ago(NOW + timedelta(days=2, hours=1), NOW)
    assert ">just now<" in ago(NOW, NOW)


def test_sizes_are_told_in_binary_units() -> None:
    assert [size(n) for n in (0, 1023, 1536, 5 * 1024**5)] == [
        "0 B",
        "1023 B",
        "1.5 KiB",
        "5120.0 TiB",
    ]


def test_figures_of_a_finding_are_told_as_what_they_are() -> None:
    figures = {"records": 1_234_567.0, "usual_share": 0.466667, "silent_seconds": 12.3456}

    assert [measured(value, name) for name, value in figures.items()] == [
        "1,234,567",
        "46.7%",
        "12.35",
    ]
    assert [measured(value, "psi") for value in (1_234_567.8, 0.0, 0.0004)] == [
        "1,234,568",
        "0",
        "0.0004",
    ]
