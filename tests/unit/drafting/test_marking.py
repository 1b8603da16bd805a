"""What is said of fields beside their names: limits, values, units, traits."""

from __future__ import annotations

import pytest

from core.drafting.marking import mark_all
from core.drafting.marks import Bound, Choice, Measured, Members, Said, Trait
from core.drafting.prose import sentences


def marks(text: str) -> list[object]:
    return list(mark_all(sentences(text)[0].text).marks)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("a score between 0 and 1", 0, 1),
        ("must lie within -40 and +15", -40, 15),
        ("anywhere from 0 to 300 bpm", 0, 300),
        ("fraction 0-1", 0, 1),
        ("price category 1 through 6", 1, 6),
        ("condition 1=new .. 5=scrap", 1, 5),
        ("from 1 (worst) to 10 (best)", 1, 10),
        ("0 = empty, 100 = overflowing", 0, 100),
        ("in the interval [0, 1]", 0, 1),
        ("within ±180 degrees", -180, 180),
        ("amounts above zero up to 100,000", 0, 100_000),
        ("cannot go below zero", 0, None),
        ("never negative", 0, None),
        ("Total >= 0", 0, None),
        ("attempt number begins at one", 1, None),
        ("at least 5 kg", 5, None),
        ("no more than 40 kg", None, 40),
        ("speed up to 250 km/h", None, 250),
        ("anything above 7200 is a broken camera", None, 7200),
        ("times under zero are obviously wrong", 0, None),
    ],
)
def test_limits_are_read(text: str, low: float | None, high: float | None) -> None:
    found = [mark for mark in marks(text) if isinstance(mark, Bound)]

    assert [(bound.minimum, bound.maximum) for bound in found] == [(low, high)]


@pytest.mark.parametrize("text", ["more than 5 depots report", "on 2024-05-01", "over the years"])
def test_other_numbers_limit_nothing(text: str) -> None:
    assert not [mark for mark in marks(text) if isinstance(mark, Bound)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a decision of approve, review or decline", "approve review decline"),
        ("a grade A to D", "A B C D"),
        ("quality flag is measured, estimated or missing", "measured estimated missing"),
        ("a state: opened, assessed, settled", "opened assessed settled"),
        ("currency one of EUR, USD or GBP", "EUR USD GBP"),
        ("lid open/closed", "open closed"),
        ("severity = low | medium | high", "low medium high"),
        ("mode heating/cooling/off", "heating cooling off"),
        ("the kind, voice or SMS", "voice SMS"),
        ("reason code [unknown_intent, policy]", "unknown_intent policy"),
        ("exchange is ICE or CME", "ICE CME"),
        ("kind of leave (vacation, sick, unpaid)", "vacation sick unpaid"),
    ],
)
def test_values_are_read(text: str, values: str) -> None:
    found = [mark for mark in marks(text) if isinstance(mark, Choice)]

    assert [" ".join(choice.values) for choice in found] == [values]


@pytest.mark.parametrize(
    "text",
    ["temperature, humidity or pressure may be missing", "names or dates of birth are here",
     "start time, end time and the fare", "wind speed in m/s"],
)  # fmt: skip
def test_lists_of_fields_are_no_values(text: str) -> None:
    assert not [mark for mark in marks(text) if isinstance(mark, Choice)]


@pytest.mark.parametrize(
    ("text", "trait", "over"),
    [
        ("battery voltage optional", Trait.OPTIONAL, 1),
        ("referrer if any", Trait.OPTIONAL, 1),
        ("cleared at (empty while it is active)", Trait.OPTIONAL, 1),
        ("debtor and creditor IBAN (both confidential)", Trait.SENSITIVE, 2),
        ("the phone number is obviously personal", Trait.SENSITIVE, 1),
        ("Claim numbers are unique", Trait.UNIQUE, 1),
        ("the id is never reused", Trait.UNIQUE, 1),
        ("the id must not be empty", Trait.REQUIRED, 1),
        ("whole pieces", Trait.INTEGER, 1),
        ("seal intact yes/no", Trait.BOOLEAN, 1),
        ("labels (any string to any string)", Trait.MAP, 1),
        ("2.5 rooms, halves allowed", Trait.FRACTION, 1),
    ],
)
def test_traits_are_read(text: str, trait: Trait, over: int) -> None:
    assert (trait, over) in [(m.trait, m.over) for m in marks(text) if isinstance(m, Said)]


@pytest.mark.parametrize("text", ["not unique", "nothing confidential", "not required"])
def test_a_denied_trait_is_none(text: str) -> None:
    denied = (Trait.UNIQUE, Trait.SENSITIVE, Trait.REQUIRED)

    assert not [mark for mark in marks(text) if isinstance(mark, Said) and mark.trait in denied]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("delivery in percent", "percent"),
        ("rate in parts per million", "ppm"),
        ("humidity is a percentage", "percent"),
        ("weight (kg)", "mass"),
        ("hemoglobin in g/dl", "g/dl"),
        ("battery %", "percent"),
        ("duration in seconds", "seconds"),
    ],
)
def test_units_are_read(text: str, unit: str) -> None:
    assert [mark.unit.name for mark in marks(text) if isinstance(mark, Measured)] == [unit]


def test_a_bracket_of_fields_names_members() -> None:
    assert any(isinstance(mark, Members) for mark in marks("address (street, city, postcode)"))
