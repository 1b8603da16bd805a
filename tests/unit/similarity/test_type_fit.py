"""Whether values of one field could stand in another."""

import pytest

from core.schema.model import Field, Kind, Logical
from core.similarity.type_fit import type_fit


def field(*kinds: Kind, **more: object) -> Field:
    return Field("f", frozenset(kinds), **more)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (field(Kind.INTEGER), field(Kind.NUMBER, Kind.NULL)),
        (field(Kind.STRING), field(Kind.STRING, Kind.NULL)),
        (field(), field(Kind.BOOLEAN)),
        (
            field(Kind.STRING, logical=Logical.DATE_TIME),
            field(Kind.INTEGER, logical=Logical.EPOCH_MILLIS),
        ),
    ],
)
def test_nothing_is_taken_off_where_nothing_is_lost(one: Field, other: Field):
    assert type_fit(one, other).factor == type_fit(other, one).factor == 1.0


def test_the_less_one_can_stand_for_the_other_the_more_is_taken_off():
    text, number = field(Kind.STRING), field(Kind.INTEGER)
    record = field(Kind.OBJECT)

    assert 1.0 > type_fit(text, number).factor > type_fit(text, record).factor


def test_two_logical_types_are_two_meanings():
    mail, place = (field(Kind.STRING, logical=x) for x in (Logical.EMAIL, Logical.COUNTRY))

    assert type_fit(mail, place).factor < type_fit(mail, mail).factor == 1.0


def test_symbols_in_common_are_told_and_their_lack_counts():
    one = field(Kind.STRING, enum=("NEW", "PAID"))
    near = field(Kind.STRING, enum=("new", "paid", "sent"))
    far = field(Kind.STRING, enum=("red", "blue"))

    assert type_fit(one, near).says == "100% of the symbols"
    assert type_fit(one, far).factor < type_fit(one, near).factor == 1.0
