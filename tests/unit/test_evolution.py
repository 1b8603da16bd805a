"""Samples of one topic are drawn by seeded generators and inferred as a scan would."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from core.evolution import settle
from core.inference.profile import Profile
from core.inference.render import infer
from core.schema.diff import diff
from core.schema.fingerprint import fingerprint
from core.schema.model import Kind, Schema

Record = Callable[[random.Random], dict[str, Any]]


def order(rng: random.Random) -> dict[str, Any]:
    record: dict[str, Any] = {
        "order_id": f"o-{rng.randrange(10**6)}",
        "amount": round(rng.random() * 100, 2),
        "status": rng.choice(["open", "paid", "sent", "lost"]),
        "note": rng.choice([None, "call first", "fragile", "x" * rng.randrange(1, 20)]),
        "lines": [{"sku": f"s{rng.randrange(99)}", "qty": rng.randrange(1, 9)}],
    }
    if rng.random() < 0.04:
        record["voucher"] = f"v{rng.randrange(10**4)}"
    if rng.random() < 0.6:
        record["discount"] = rng.randrange(50)
    return record


def sample(make: Record, seed: int, messages: int = 300) -> Schema:
    rng = random.Random(seed)
    return infer(Profile.of([make(rng) for _ in range(messages)]), "orders").schema


def changes(known: Schema, fresh: Schema) -> list[str]:
    return [change.line for change in diff(known, settle(known, fresh))]


def test_further_samples_of_the_same_topic_change_nothing() -> None:
    known = sample(order, 0)
    moved = 0
    for seed in range(1, 31):
        settled = settle(known, sample(order, seed))
        moved += fingerprint(settled) != fingerprint(known)
        known = settled
    assert moved == 0


def test_small_samples_of_the_same_topic_change_nothing() -> None:
    known = sample(order, 0)
    for seed in range(1, 31):
        assert changes(known, sample(order, seed, messages=5)) == []


def test_a_settled_schema_is_stable_against_its_own_sample() -> None:
    known, fresh = sample(order, 0), sample(order, 1)
    once = settle(known, fresh)
    assert fingerprint(settle(once, fresh)) == fingerprint(once)


def with_(change: Callable[[dict[str, Any], random.Random], None]) -> Record:
    def make(rng: random.Random) -> dict[str, Any]:
        record = order(rng)
        change(record, rng)
        return record

    return make


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (lambda r, _: r.update(channel="web"), ["channel: added (string"]),
        (lambda r, _: r.pop("amount"), ["amount: removed (was number)"]),
        (lambda r, _: r.pop("discount", None), ["discount: removed (was optional integer)"]),
        (lambda r, _: r.update(amount=f"about {r['amount']}"), ["amount: number became string"]),
        (
            lambda r, g: r.pop("order_id") if g.random() < 0.3 else None,
            ["order_id: became optional"],
        ),
        (lambda r, _: r.update(note=r["note"] or "-"), ["note: null or string became string"]),
        (
            lambda r, g: r.update(status="void") if g.random() < 0.2 else None,
            ["status: symbols changed: added void"],
        ),
    ],
)
def test_a_real_change_is_found_and_told(
    change: Callable[[dict[str, Any], random.Random], None], lines: list[str]
) -> None:
    told = changes(sample(order, 0), sample(with_(change), 1))
    assert len(told) == len(lines)
    for line, beginning in zip(told, lines, strict=True):
        assert line.startswith(beginning)


def test_a_rare_field_that_is_not_drawn_stays() -> None:
    known = sample(order, 0)
    without = sample(with_(lambda r, _: r.pop("voucher", None)), 1, messages=60)
    assert "voucher" in dict(known.walk())
    assert "voucher" in dict(settle(known, without).walk())


def test_an_empty_array_says_nothing_of_its_items() -> None:
    empty = sample(with_(lambda r, _: r.update(lines=[])), 1)
    settled = dict(settle(sample(order, 0), empty).walk())
    assert settled["lines[].sku"].kinds == {Kind.STRING}


def test_integers_in_one_sample_leave_a_number_a_number() -> None:
    whole = sample(with_(lambda r, _: r.update(amount=int(r["amount"]))), 1)
    assert changes(sample(order, 0), whole) == []
