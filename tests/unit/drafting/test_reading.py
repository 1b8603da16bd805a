"""Which words of a sentence are fields, and what of it is said of which."""

from __future__ import annotations

import pytest

from core.drafting.marks import Trait
from core.drafting.reading import read
from core.drafting.typing_of import type_of


def names(text: str) -> list[str]:
    return [sketch.name for sketch in read(text).sketches.walk()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x. It has a tracking number, the depot code and its weight.",
         "tracking_number depot_code weight"),
        ("x. kind of leave, number of rooms, date of loss", "leave_kind room_count date_of_loss"),
        ("x. debtor and creditor IBAN", "debtor_iban creditor_iban"),
        ("x. departure and arrival airport", "departure_airport arrival_airport"),
        ("x. systolic/diastolic blood pressure",
         "systolic_blood_pressure diastolic_blood_pressure"),
        ("x. where it happened as latitude/longitude", "latitude longitude"),
        ("x. reference low/high, unit", "reference_low reference_high unit"),
        ("x. order no., qty, refund amt", "order_number quantity refund_amount"),
        ("x. temp + humidity", "temperature humidity"),
        ("x. raised at, acknowledged by", "raised_at acknowledged_by"),
        ("x. bytes delivered, price paid", "bytes_delivered price_paid"),
        ("x. listing id, store number, show id", "listing_id store_number show_id"),
        ("x. buyer's name & mail", "buyer_name buyer_email"),
        ("x. Position of each drone, GPS fix", "latitude longitude"),
    ],
)  # fmt: skip
def test_names_of_fields_are_read(text: str, expected: str) -> None:
    assert names(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("x. it has an id and when it was last counted", "last_counted_at", "timestamp"),
        ("x. it has an id and whether it was damaged", "is_damaged", "boolean"),
        ("x. it has an id and how many people were in it", "person_count", "integer"),
        ("x. it has an id and how full the tank is", "fill_level", "number"),
        ("x. it has an id and who approved it", "approved_by", "string"),
        ("x. it has an id and how long it took", "duration", "integer"),
    ],
)
def test_questions_ask_for_fields(text: str, name: str, kind: str) -> None:
    found = {sketch.name: type_of(sketch) for sketch in read(text).sketches.walk()}

    assert found[name] == kind


@pytest.mark.parametrize(
    "text",
    [
        "Hello team, as discussed nobody dares to touch the old mainframe.",
        "We want to do away with the nightly batch because people complain.",
        "Consumers are batch jobs and the dashboard is on a wall screen.",
        "Thanks a lot for your help, the deadline is not important to us.",
    ],
)
def test_talk_names_few_fields(text: str) -> None:
    assert len(names(f"x. {text}")) <= 1


def test_a_later_remark_is_of_the_field_that_it_names() -> None:
    found = {sketch.name: sketch for sketch in read(
        "x. It has an employee number, kind of leave and bin tag. Treat the kind as sensitive. "
        "Employee numbers are unique. The tag belongs to a household, so it is personal."
    ).sketches}  # fmt: skip

    assert Trait.SENSITIVE in found["leave_kind"].traits
    assert Trait.UNIQUE in found["employee_number"].traits
    assert Trait.SENSITIVE in found["bin_tag"].traits
    assert set(found) == {"employee_number", "leave_kind", "bin_tag"}


def test_lists_of_records_hold_their_members() -> None:
    reading = read("x. Order id and a list of items, each with sku, quantity and unit price.")
    items = next(sketch for sketch in reading.sketches if sketch.name == "items")

    assert items.many
    assert [member.name for member in items.members] == ["sku", "quantity", "unit_price"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "Page views, add-to-carts and checkouts with session id",
            "page view,add-to-cart,checkout",
        ),
        ("Seat sales and cancellations.", "sale,cancellation"),
        ("Each parcel is scanned (picked up, delivered).", "picked up,delivered"),
    ],
)
def test_kinds_of_events_are_read(text: str, values: str) -> None:
    reading = read(text)
    choices = [sketch.choice for sketch in reading.sketches] + [reading.events]

    assert values in [",".join(choice.values) for choice in choices if choice]


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("a reading per meter and day", "meter"),
        ("every transaction gets a score", "transaction"),
        ("stock per SKU and warehouse", "sku warehouse"),
        ("per kg, per second, per hour", ""),
    ],
)
def test_what_there_is_a_message_of_each_of_is_read(text: str, things: str) -> None:
    found = [" ".join(mention.words) for mention in read(text).every]

    assert " ".join(found) == things
