"""Logical types: what the forms of a field's values and its name say together."""

from __future__ import annotations

from operator import attrgetter

from core.inference.form import Form
from core.inference.node import Node
from core.inference.numeric import Numeric
from core.inference.texts import Texts
from core.names import parts_of
from core.schema.model import Logical

_ENOUGH = 0.95
"""The share of non-empty texts that must have one form."""

_PLAIN: dict[Form, Logical] = {
    form: Logical(form.value)
    for form in (
        Form.DATE_TIME, Form.DATE, Form.TIME, Form.DURATION, Form.UUID, Form.EMAIL, Form.URI,
        Form.IP, Form.HASH, Form.DECIMAL, Form.PHONE,
    )
}  # fmt: skip

_BY_NAME: dict[Logical, tuple[Form, frozenset[str]]] = {
    Logical.CURRENCY: (Form.CURRENCY, frozenset({"currency", "ccy", "curr"})),
    Logical.COUNTRY: (Form.COUNTRY, frozenset({"country", "nation", "nationality", "cc"})),
    Logical.LANGUAGE: (
        Form.LANGUAGE, frozenset({"language", "lang", "locale", "culture"})
    ),
}  # fmt: skip

_CODES_WITHOUT_NAME = 5
"""So many different codes of one list speak for it even where the name does not."""

_TIME_TEXT = (
    "time timestamp ts at date datetime created updated modified deleted changed occurred started "
    "ended start end begin expires expiry expiration epoch when millis ms seconds micros us since "
    "until when last first ordertime registertime eventtime viewtime"
)
_TIME_WORDS = frozenset(_TIME_TEXT.split())

_EPOCHS = (
    (Logical.EPOCH_SECONDS, 1),
    (Logical.EPOCH_MILLIS, 1_000),
    (Logical.EPOCH_MICROS, 1_000_000),
)
_FROM, _TO = 631_152_000, 4_102_444_800
"""1990 and 2100 in epoch seconds."""


def logical_of(name: str, node: Node) -> Logical | None:
    """The logical type of a place, if its values are all texts or all numbers of one meaning."""
    if node.texts and not (node.integers or node.floats):
        return _of_texts(name, node.texts)
    if (node.integers or node.floats) and not node.texts:
        return _of_numbers(name, [part for part in (node.integers, node.floats) if part])
    return None


def form_shares(texts: Texts) -> dict[str, float]:
    """The share of each form among the texts that are not empty."""
    shares = dict(texts.sample.shares(attrgetter("form")))
    filled = 1.0 - shares.pop(Form.EMPTY, 0.0)
    return {form: share / filled for form, share in shares.items()} if filled > 0 else {}


def _of_texts(name: str, texts: Texts) -> Logical | None:
    shares = form_shares(texts)
    for form, logical in _PLAIN.items():
        if _share(form, shares) >= _ENOUGH:
            return logical
    for logical, (form, words) in _BY_NAME.items():
        named = bool(words & set(parts_of(name)))
        if shares.get(form, 0.0) >= _ENOUGH and (
            named or texts.sample.distinct >= _CODES_WITHOUT_NAME
        ):
            return logical
    return None


def _share(form: Form, shares: dict[str, float]) -> float:
    """Whole numbers count as decimals where some have a fraction; digits as hashes likewise."""
    share = shares.get(form, 0.0)
    if share > 0.2 and form in (Form.DECIMAL, Form.HASH):
        share += shares.get(Form.DIGITS, 0.0)
    return share


def _of_numbers(name: str, parts: list[Numeric]) -> Logical | None:
    low = min((p.minimum for p in parts if p.minimum is not None), default=None)
    high = max((p.maximum for p in parts if p.maximum is not None), default=None)
    if low is None or high is None or not _names_a_time(name):
        return None
    for logical, unit in _EPOCHS:
        if _FROM * unit <= low and high <= _TO * unit:
            return logical
    return None


def _names_a_time(name: str) -> bool:
    words = parts_of(name)
    return any(
        word in _TIME_WORDS or word.endswith(("time", "timestamp", "date")) for word in words
    )
