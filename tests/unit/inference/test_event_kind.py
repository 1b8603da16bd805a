"""Several kinds of event on one topic."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.inference.claim import Claim, claim_of
from tests.unit.inference.builders import inferred

Record = dict[str, object]


def _events(discriminator: str) -> list[Record]:
    created: list[Record] = [
        {discriminator: "OrderCreated", "id": n, "lines": 2, "total": 1.5} for n in range(30)
    ]
    shipped: list[Record] = [
        {discriminator: "OrderShipped", "id": n, "carrier": "x", "eta": "y"} for n in range(10)
    ]
    return [*created, *shipped]


def _names(records: list[Record]) -> set[str]:
    return {kind.name for kind in inferred(records).kinds}


def test_a_field_that_says_which_shape_a_message_has_names_the_kinds() -> None:
    kinds = inferred(_events("eventType")).kinds

    assert [(kind.name, kind.discriminator, kind.count) for kind in kinds] == [
        ("OrderCreated", "eventType", 30), ("OrderShipped", "eventType", 10)
    ]  # fmt: skip
    assert kinds[0].share == 0.75
    assert set(kinds[1].fields) == {"eventType", "id", "carrier", "eta"}


@pytest.mark.parametrize("name", ["@type", "satzart", "order_type", "table", "op"])
def test_a_discriminator_that_explains_the_shapes_may_have_any_name(name: str) -> None:
    assert _names(_events(name)) == {"OrderCreated", "OrderShipped"}


@pytest.mark.parametrize(
    "name",
    [
        "country", "ctry", "status", "orderStatus", "category", "title", "Position_Title",
        "version", "modelVersion", "model_version", "currency", "name", "full_name", "created_at",
        "riskBand", "event_status_code", "language",
    ],
)  # fmt: skip
def test_an_attribute_is_never_a_discriminator(name: str) -> None:
    """Not even where it tells the shapes apart perfectly."""
    assert _names(_events(name)) == set()


def test_one_shape_is_one_kind_whatever_its_type_field_says() -> None:
    records = [{"type": ["a", "b"][n % 2], "id": n} for n in range(40)]

    assert inferred(records).kinds == ()


@pytest.mark.parametrize("name", ["eventType", "event", "event_name", "msgType", "__type"])
def test_a_field_named_for_events_needs_no_difference_of_shape(name: str) -> None:
    records: list[Record] = [
        {name: ["opened", "clicked"][n % 2], "id": n, "status": "ok"} for n in range(40)
    ]

    assert _names(records) == {"opened", "clicked"}


def test_a_type_is_one_of_events_in_an_envelope_and_where_its_values_read_so() -> None:
    changes: list[Record] = [
        {"op": "cud"[n % 3], "before": {"a": 1}, "after": {"a": 2}} for n in range(30)
    ]
    wrapped: list[Record] = [
        {"type": ["paid", "failed"][n % 2], "id": n, "data": {"a": n}} for n in range(30)
    ]
    dotted: list[Record] = [
        {"type": f"invoice.{['paid', 'sent'][n % 2]}", "id": n} for n in range(30)
    ]

    assert _names(changes) == {"c", "u", "d"}
    assert _names(wrapped) == {"paid", "failed"}
    assert _names(dotted) == {"invoice.paid", "invoice.sent"}


def test_a_webhooks_action_says_what_happened_to_the_objects_beside_it() -> None:
    records: list[Record] = [
        {"action": ["opened", "closed"][n % 2], "issue": {"id": n}, "sender": {"id": n}}
        for n in range(30)
    ]

    assert _names(records) == {"opened", "closed"}


def test_texts_that_are_no_symbols_name_no_kinds() -> None:
    unique: list[Record] = [{"event": f"e{n}x", "id": n} for n in range(40)]
    long: list[Record] = [
        {"type": ["Paid by card?", "Paid: in cash!"][n % 2], "data": {}} for n in range(40)
    ]

    assert _names(unique) == set()
    assert _names(long) == set()


def test_events_may_be_called_by_phrases_that_recur() -> None:
    """Few of them could be what somebody typed."""
    records: list[Record] = [
        {"event": ["Order Completed", "Order Refunded"][n % 2], "id": n} for n in range(60)
    ]

    assert _names(records) == {"Order Completed", "Order Refunded"}
    assert _names(records[:20]) == set()


def test_optional_fields_make_no_kinds() -> None:
    records = [{"type": ["a", "b"][n % 2], "id": n} | ({"x": 1} if n % 3 else {})
               for n in range(60)]  # fmt: skip

    assert inferred(records).kinds == ()


@pytest.mark.parametrize("name", ["type", "phase", "order_type"])
def test_a_value_that_brings_one_optional_field_is_no_kind_of_event(name: str) -> None:
    """With a coupon now and then, and few fields in all."""
    draw = random.Random(1)
    records = []
    for n in range(300):
        record: Record = {name: draw.choice(["open", "paid", "shipped"]), "id": n, "total": 1.5}
        record |= {"shipped_at": "2026-01-01"} if record[name] == "shipped" else {}
        records.append(record | ({"coupon": "x"} if draw.random() < 0.1 else {}))

    assert inferred(records).kinds == ()


def test_messages_that_lost_a_field_or_their_type_do_not_hide_the_kinds() -> None:
    draw = random.Random(2)
    records = [
        {name: value for name, value in record.items() if draw.random() > 0.02}
        for record in _events("type") * 10
    ]
    kinds = inferred(records).kinds

    assert {kind.name for kind in kinds} == {"OrderCreated", "OrderShipped"}
    assert 0.9 < sum(kind.share for kind in kinds) < 1


def test_a_field_that_most_messages_lack_names_no_kinds() -> None:
    assert _names([*_events("event"), *({"id": n, "note": "x"} for n in range(40))]) == set()


_LETTERS = "abcdefghijklmnop"


def _scattered(draw: random.Random, share: float) -> Iterator[Record]:
    """Records of three codes and of a dozen optional fields that have nothing to do with them."""
    for n in range(200):
        record: Record = {"code3": draw.choice(["red", "green", "blue"]), "number": n}
        yield record | {letter: 1 for letter in _LETTERS if draw.random() < share}


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from([0.2, 0.5, 0.9]))
def test_shapes_that_vary_by_themselves_are_explained_by_no_field(seed: int, share: float) -> None:
    assert inferred(list(_scattered(random.Random(seed), share))).kinds == ()


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(2, 6))
@example(0, 4)  # Two kinds with the same fields, in another order.
def test_kinds_with_fields_of_their_own_are_found_under_an_unknown_name(
    seed: int, many: int
) -> None:
    """Whatever the order of the messages, and though one field is optional in all of them."""
    draw = random.Random(seed)
    own = {f"kind{'xyzuvw'[k]}": draw.sample(_LETTERS, 3) for k in range(many)}
    records: list[Record] = []
    for n in range(300):
        symbol = draw.choice(list(own)) if n >= 2 * many else list(own)[n % many]
        record: Record = {"satzart": symbol, "number": n} | dict.fromkeys(own[symbol], 1)
        records.append(record | ({"note": "x"} if draw.random() < 0.3 else {}))
    kinds = inferred(records).kinds

    differ = len({frozenset(fields) for fields in own.values()}) == many
    assert not differ or {kind.name for kind in kinds} == set(own)
    assert inferred(draw.sample(records, len(records))).kinds == kinds


@pytest.mark.parametrize(
    ("name", "claim"),
    [
        ("eventType", Claim.EVENTS), ("@type", Claim.EVENTS), ("event_code", Claim.EVENTS),
        ("type", Claim.PAYLOAD), ("recordType", Claim.PAYLOAD), ("action", Claim.PAYLOAD),
        ("entity", Claim.NOTHING), ("error_code", Claim.NOTHING),
        ("event_id", Claim.ATTRIBUTE), ("event_time", Claim.ATTRIBUTE),
        ("message", Claim.ATTRIBUTE), ("eventVersion", Claim.ATTRIBUTE), ("", Claim.ATTRIBUTE),
    ],
)  # fmt: skip
def test_a_name_says_how_much_evidence_is_asked_for(name: str, claim: Claim) -> None:
    assert claim_of(name) is claim
