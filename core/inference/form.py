"""The form of a text, what a single string looks like, and its shape, redacted."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from enum import StrEnum
from string import ascii_lowercase, ascii_uppercase, digits, hexdigits

from core.inference.codes import COUNTRIES, CURRENCIES, LANGUAGES

MAX_SHAPE = 40
_READ = 256


class Form(StrEnum):
    """What one text looks like; a field's logical type is decided from the forms of many."""

    DATE_TIME = "date-time"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    UUID = "uuid"
    EMAIL = "email"
    URI = "uri"
    IP = "ip"
    HASH = "hash"
    DECIMAL = "decimal"
    DIGITS = "digits"
    BOOLEAN = "boolean"
    CURRENCY = "currency"
    COUNTRY = "country"
    LANGUAGE = "language"
    PHONE = "phone"
    CODE = "code"
    WORD = "word"
    PHRASE = "phrase"
    EMPTY = "empty"
    OTHER = "other"

    __hash__ = str.__hash__
    """In C: forms are counted by the hundred thousand."""


_DATE = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?"
_ZONE = r"(?:Z|z|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"

_PATTERNS: tuple[tuple[Form, str], ...] = (
    (Form.DATE_TIME, rf"{_DATE}[Tt ]{_CLOCK} ?{_ZONE}"),
    (Form.DATE, _DATE),
    (Form.TIME, rf"{_CLOCK}{_ZONE}"),
    (Form.DURATION, r"P(?=[\dT])(?:\d+[YMWD])*(?:T(?:\d+(?:\.\d+)?[HMS])+)?"),
    (Form.UUID, r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"),
    (Form.EMAIL, r"[^@\s<>\"]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"),
    (Form.URI, r"[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s]+|(?:mailto|urn|data):[^\s]+"),
    (Form.IP, rf"{_OCTET}(?:\.{_OCTET}){{3}}|(?=[^:]*:[^:]*:)[0-9a-fA-F:]{{3,39}}"),
    (Form.DECIMAL, r"[+-]?\d{1,30}\.\d{1,18}"),
    (Form.DIGITS, r"[+-]?\d{1,30}"),
    (Form.HASH, r"(?=.*\d)(?=.*[a-fA-F])(?:[0-9a-f]{16,128}|[0-9A-F]{16,128})"),
    (
        Form.PHONE,
        r"\+\d[\d ()./-]{6,20}\d|\(\d{2,4}\) ?\d{3}[ -]\d{3,5}|\d{3}[-.]\d{3}[-.]\d{4}",
    ),
    (Form.CODE, r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9_.:/#-]*"),
    (Form.WORD, r"[^\W\d_][\w&+'.:/-]*"),
)
_NO_MARKS = frozenset({Form.DURATION, Form.DIGITS, Form.HASH, Form.CODE, Form.WORD})
"""The forms that letters and digits alone may have; every other pattern wants some mark."""


def _compiled(forms: Container[Form]) -> re.Pattern[str]:
    wanted = ((form, pattern) for form, pattern in _PATTERNS if form in forms)
    return re.compile("|".join(f"(?P<{form.name}>{pattern})" for form, pattern in wanted))


_ANY = _compiled(frozenset(Form))
_ANY_PLAIN = _compiled(_NO_MARKS)
_URI = re.compile(dict(_PATTERNS)[Form.URI])

_SYMBOLS = bytes.maketrans(
    f"{digits}{ascii_uppercase}{ascii_lowercase}".encode(), b"9" * 10 + b"A" * 26 + b"a" * 26
)
_HEXADECIMAL = bytes.maketrans(hexdigits.encode(), b"h" * len(hexdigits))
_LOCALE = re.compile(r"[a-z]{2}([-_][A-Z]{2})?")
_BY_NAME = Form.__members__
_CODE = 5
_LONG_RUNS = re.compile(r"a{4,}|A{5,}|9{21,}|h{65,}")
_WORD, _PHRASE = Form.WORD, Form.PHRASE
_HEXADECIMAL_FORMS = frozenset({Form.UUID, Form.HASH})


def form_of(text: str) -> Form:
    """The most telling form of one text; texts longer than 256 characters are `OTHER` or `URI`."""
    if not text or text.isspace():
        return Form.EMPTY
    if len(text) > _READ:
        return Form.URI if _URI.fullmatch(text[:2048]) else Form.OTHER
    return (len(text) <= _CODE and _listed(text)) or _matched(text)


def _listed(text: str) -> Form | None:
    """Codes of published lists; upper-case codes of three letters are currencies."""
    if text in CURRENCIES:
        return Form.CURRENCY
    if text in COUNTRIES:
        return Form.COUNTRY
    if text[:2] in LANGUAGES and _LOCALE.fullmatch(text):
        return Form.LANGUAGE
    return Form.BOOLEAN if text.lower() in {"true", "false", "yes", "no"} else None


def _matched(text: str) -> Form:
    if text[0].isalpha():
        # Letters alone match no pattern but WORD, and none that begins with a letter has a blank.
        if text.isalpha():
            return _WORD
        if " " in text:
            return _PHRASE
    patterns = _ANY_PLAIN if text.isalnum() else _ANY
    if (found := patterns.fullmatch(text)) and found.lastgroup:
        return _BY_NAME[found.lastgroup]
    return Form.PHRASE if text[0].isalnum() and " " in text else Form.OTHER


def shape_of(text: str, form: Form) -> str:
    """The text with letters as `a` or `A`, digits as `9`; ids and hashes as `h`. Never a raw value.

    Long runs are written `a+`, so that names and sentences of one build share a shape.
    """
    head = text[:_READ]
    if not head.isascii():
        head = "".join(map(_redacted, head))
    return _cut(_patterned(head, form in _HEXADECIMAL_FORMS))


def shapes_of(texts: Sequence[str], forms: Sequence[Form]) -> list[str]:
    """The shape of each text, as `shape_of` tells it; plain texts of one build are read at once."""
    joined = "\n".join(texts)
    builds = {form in _HEXADECIMAL_FORMS for form in forms}
    plain = joined.isascii() and joined.count("\n") < len(texts)
    if not plain or len(builds) > 1 or max(map(len, texts)) > _READ:
        return list(map(shape_of, texts, forms))
    return list(map(_cut, _patterned(joined, builds.pop()).split("\n")))


def _patterned(text: str, hexadecimal: bool) -> str:
    table = _HEXADECIMAL if hexadecimal else _SYMBOLS
    return _LONG_RUNS.sub(_shortened, text.encode("ascii").translate(table).decode("ascii"))


def _cut(shape: str) -> str:
    return shape if len(shape) <= MAX_SHAPE else f"{shape[: MAX_SHAPE - 1]}…"


def _shortened(run: re.Match[str]) -> str:
    return f"{run[0][0]}+"


def _redacted(character: str) -> str:
    if character.isascii():
        return character
    if character.isalpha():
        return "A" if character.isupper() else "a"
    return "9" if character.isnumeric() else "?"
