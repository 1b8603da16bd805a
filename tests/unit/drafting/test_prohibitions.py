"""What a description rules out."""

from __future__ import annotations

import pytest

from core.drafting.prohibitions import forbidden


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Card numbers must never appear, only a token", "card number"),
        ("No IP addresses please", "ip address"),
        ("names and dates of birth are not allowed on the stream", "name, date of birth"),
        ("do NOT store the message itself", "message"),
        ("Please leave out the driver's name", "driver name"),
        ("store the hash, not the password", "password"),
        ("keep the message id, never the text", "text"),
        ("Passport numbers are off limits", "passport number"),
        ("events without GPS coordinates", "gps coordinate"),
        ("We must not publish email addresses or phone numbers", "email address, phone number"),
        ("Salaries have to stay in the HR system", "salary"),
        ("must not carry: e-mail, IP", "email, ip"),
        ("Date of birth and licence plate may not be transferred", "date of birth, licence plate"),
        ("The body must not be kept, nor its attachments", "body, attachment"),
        ("the national insurance number has no place here", "national insurance number"),
    ],
)
def test_names_that_are_ruled_out_are_found(text: str, names: str) -> None:
    found, _ = forbidden(text)

    assert ", ".join(" ".join(no.words) for no in found) == names


@pytest.mark.parametrize(
    "text",
    ["No more than 5 things", "no duplicates", "never negative", "rate > 0, bid not above ask",
     "A seat can be sold only once", "no retention wish", "Sale must show on the seat map",
     "it must not be exceeded", "not earlier than noon", "payment (credit card, cash, no charge)"],
)  # fmt: skip
def test_other_negations_rule_out_nothing(text: str) -> None:
    found, rest = forbidden(text)

    assert found == []
    assert rest == text
