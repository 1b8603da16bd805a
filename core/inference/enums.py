"""Enums: a few symbols, seen often enough, or under such a name, that they are all there is.

Three ways lead to an enum. Evidence: many different records, few symbols, none of them rare. A
name that asks for one (`status`, `order_type`) over values that look like symbols. And company: the
members of a record that all take the same few symbols. Values that may be personal, identify
something or are free text are never symbols, whatever the counts say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.inference.form import Form
from core.inference.node import Node
from core.inference.sample import Entry
from core.inference.texts import Texts
from core.names import last_part, parts_of

ENOUGH = 40
"""Different records that speak for themselves."""

_REPEATS = 5
_MAX_BY_EVIDENCE = 20
_MAX_BY_NAME = 40
_MAX_LENGTH = 32
_COMPANY = 4
"""So many members with no more symbols than this between them make each other enums."""

_SYMBOL_FORMS = frozenset(
    {Form.WORD, Form.CODE, Form.COUNTRY, Form.CURRENCY, Form.LANGUAGE, Form.BOOLEAN}
)
_EVIDENT_FORMS = _SYMBOL_FORMS | {Form.PHRASE}

_NAMES_TEXT = (
    "type types kind kinds status statuses state states action actions level severity "
    "priority mode method visibility conclusion reason role roles side gender sex channel "
    "stage phase result outcome direction tier class category association relation "
    "relationship operation op frequency unit units scope scopes protocol format platform "
    "permission permissions event_type events currency verdict decision disposition "
    "classification grade rank "
)
_ENUM_NAMES = frozenset(_NAMES_TEXT.split())

_NEVER_TEXT = (
    "id ids key keys name names username login user author owner email mail phone mobile fax "
    "address street zip zipcode postcode iban bic ssn card number token secret password hash sha "
    "digest signature url uri href link path file filename ip host hostname message text body "
    "comment comments note notes description summary title label subject content query version "
    "uuid guid ref branch date time timestamp at on"
)
_NEVER = frozenset(_NEVER_TEXT.split())


@dataclass(frozen=True, slots=True)
class Symbols:
    """An enum's symbols in order; `evident` where many records say that there are no more."""

    symbols: tuple[str, ...]
    evident: bool


def enum_of(name: str, texts: Texts, records: float) -> Symbols | None:
    """The symbols of a field that is an enum, or None.

    `records` is the number of different records in which the field was seen.
    """
    symbols = texts.sample.symbols()
    if symbols is None or may_be_personal(name):
        return None
    entries = [e for e in texts.sample.entries.values() if e.form is not Form.EMPTY]
    if not entries or max(map(len, symbols)) > _MAX_LENGTH:
        return None
    evident = _is_evident(entries, min(records, texts.count))
    named = evident or _is_named(name, entries, texts.count)
    return Symbols(symbols, evident) if named else None


def shared_symbols(members: Iterable[Node]) -> frozenset[str]:
    """The few symbols that all texts of a record's members take; empty where they do not."""
    known = [_words(node.texts) for node in members if node.texts is not None]
    union = frozenset[str]().union(*known)
    alike = len(known) >= _COMPANY and all(known) and len(union) <= _COMPANY
    return union if alike else frozenset()


def variety(node: Node) -> float:
    """A lower bound of how many different values, or records, were seen at a place."""
    parts = (node.integers, node.floats, node.texts, node.bytes)
    most = max((part.sample.distinct for part in parts if part is not None), default=1.0)
    if node.objects is not None:
        most = max(most, *map(variety, node.objects.fields.values()), 1.0)
    if node.arrays is not None and node.arrays.items is not None:
        most = max(most, variety(node.arrays.items))
    return most


def may_be_personal(name: str) -> bool:
    """Whether a name says that values identify someone or something, or are free text."""
    return last_part(name.removesuffix("[]")) in _NEVER


def _words(texts: Texts) -> frozenset[str]:
    symbols = texts.sample.symbols()
    if symbols is None or any(e.form is not Form.WORD for e in texts.sample.entries.values()):
        return frozenset()
    return frozenset(symbols)


def _is_evident(entries: list[Entry], records: float) -> bool:
    """Whether many different records show few symbols and hardly any that is rare."""
    if records < max(ENOUGH, _REPEATS * len(entries)) or len(entries) > _MAX_BY_EVIDENCE:
        return False
    rare = sum(entry.seen == 1 for entry in entries)
    return len(entries) > 1 and rare <= 0.02 * records and _all(entries, _EVIDENT_FORMS)


def _is_named(name: str, entries: list[Entry], count: int) -> bool:
    """Whether the name asks for an enum and the values do not contradict it."""
    words = parts_of(name.removesuffix("[]"))
    if not words or words[-1] not in _ENUM_NAMES or not _all(entries, _SYMBOL_FORMS):
        return False
    return len(entries) <= _MAX_BY_NAME and count >= 2 * len(entries)


def _all(entries: list[Entry], forms: frozenset[Form]) -> bool:
    return all(entry.form in forms for entry in entries)
