"""Which field says what kind of event a message is, and whether the shapes bear it out.

A name decides how much evidence is asked for: see `core.inference.claim`. `eventType` is believed.
A bare `type` or `action` is in an envelope, where it says what the payload is, or where its values
read like `invoice.paid`; elsewhere it may as well be the type of an account. Every other field must
explain the shapes of the messages.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.arrays import Numbers
from core.inference.claim import Claim, claim_of
from core.inference.enums import ENOUGH
from core.inference.form import Form
from core.inference.node import Node

_MAX_SYMBOLS = 50
_REPEATS = 2
_PHRASE_REPEATS = 5
_COVERED = 0.95
"""So many of the messages carry a discriminator; producers forget it now and then."""

_DIFFERENT = 2.0
_APART = 0.25
_DOUBT = 0.25
"""Messages of two kinds differ in so many fields, and in such a share of all fields of both; those
of one kind in no more than this part of that."""

_PAYLOADS = frozenset({"data", "payload", "body", "detail", "object", "before", "after"})
_DOTTED = re.compile(r"[^\W\d]\w*(?:[.:][^\W\d][\w-]*)+")
_LISTED = frozenset({Form.COUNTRY, Form.CURRENCY, Form.LANGUAGE, Form.BOOLEAN})
_NAMING = frozenset({Form.WORD, Form.CODE})


@dataclass(frozen=True, slots=True)
class Difference:
    """In how many fields two messages differ on average: of one symbol, and of two; and how many
    fields two messages of different symbols have between them."""

    within: float
    between: float
    together: float

    @property
    def explains(self) -> bool:
        """Whether the symbols' shapes really differ and each symbol's own hardly do."""
        apart = self.between >= max(_DIFFERENT, _APART * self.together)
        return apart and self.within <= _DOUBT * self.between

    @property
    def gap(self) -> float:
        return round((self.between - self.within) / max(1.0, self.together), 6)


@dataclass(frozen=True, eq=False)
class Shapes:
    """The shapes of the messages as a table: how often each shape (row) has each field."""

    nodes: Sequence[Node]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The fields' names by their mean position in the messages, whichever came first."""
        places, seen = Counter[str](), Counter[str]()
        for node in self.nodes:
            for name, field in fields_of(node).items():
                seen[name] += field.count
            places.update(node.objects.places if node.objects else {})
        return tuple(sorted(seen, key=lambda name: (places[name] / seen[name], name)))

    @cached_property
    def counts(self) -> Numbers:
        return np.array([node.count for node in self.nodes], dtype=np.float64)

    @cached_property
    def fields(self) -> Numbers:
        rows = ([_count(node, name) for name in self.names] for node in self.nodes)
        return np.array(list(rows), dtype=np.float64)

    @cached_property
    def envelope(self) -> bool:
        """Whether messages wrap what they are about: an object of a payload's name, or mostly
        objects where attributes would be."""
        rows = ([_objects(node, name) for name in self.names] for node in self.nodes)
        seen, objects = self.fields.sum(0), np.array(list(rows)).sum(0)
        nested = {name for name, many in zip(self.names, 2 * objects > seen, strict=True) if many}
        common = 2 * seen > self.counts.sum()
        usual = {name for name, often in zip(self.names, common, strict=True) if often}
        return bool(nested & _PAYLOADS) or 2 * len(nested & usual) > len(usual)

    @cached_property
    def differ(self) -> bool:
        return len({frozenset(fields_of(node)) for node in self.nodes}) > 1


@dataclass(frozen=True, eq=False)
class Discriminator:
    """A field that may tell kinds apart; `seen` is how often each symbol (row) was seen in each
    shape, `plain` whether all symbols are words or codes rather than phrases."""

    name: str
    claim: Claim
    symbols: tuple[str, ...]
    seen: Numbers
    plain: bool
    shapes: Shapes

    @cached_property
    def presence(self) -> Numbers:
        """How often each symbol came with each field; an estimate where shapes were merged."""
        return (self.seen / self.shapes.counts) @ self.shapes.fields

    @cached_property
    def difference(self) -> Difference:
        """By the shares of messages that have a field: over all pairs at once, not pair by pair."""
        counts = self.seen.sum(1)
        weights = counts / counts.sum()
        shares = self.presence / counts[:, None]
        mean = weights @ shares
        varied, some = (2 * shares * (1 - shares)).sum(1), (1 - (1 - shares) ** 2).sum(1)
        differ = (2 * mean * (1 - mean)).sum() - (weights**2) @ varied
        together = (1 - (1 - mean) ** 2).sum() - (weights**2) @ some
        others = 1 - (weights**2).sum()
        return Difference(float(weights @ varied), float(differ / others), float(together / others))

    @property
    def is_one(self) -> bool:
        if self.claim is Claim.EVENTS:
            return True
        named = self.shapes.envelope or all(map(_DOTTED.fullmatch, self.symbols))
        sure = (self.claim is Claim.PAYLOAD and named) or self.difference.explains
        return self.plain and sure

    def kinds(self) -> list[tuple[str, int, tuple[str, ...]]]:
        """Each symbol, how often it was seen and the fields it came with."""
        names = self.shapes.names
        return [
            (symbol, int(seen), tuple(name for name, n in zip(names, row, strict=True) if n > 0))
            for symbol, seen, row in zip(self.symbols, self.seen.sum(1), self.presence, strict=True)
        ]


def discriminator_of(shapes: Shapes) -> Discriminator | None:
    """The field that tells kinds apart, if there is one: the best named first, then the one that
    explains most."""
    claims = {name: claim_of(name) for name in shapes.names}
    found = (
        _candidate(name, claim, shapes)
        for name, claim in claims.items()
        if claim < Claim.NOTHING or (claim is Claim.NOTHING and shapes.differ)
    )
    ones = [one for one in found if one is not None and one.is_one]
    return min(ones, key=lambda one: (one.claim, -one.difference.gap, one.name), default=None)


def _candidate(name: str, claim: Claim, shapes: Shapes) -> Discriminator | None:
    """The field as a discriminator, if nearly all messages have one of a few repeated symbols."""
    seen: dict[str, dict[int, int]] = defaultdict(dict)
    forms: Counter[Form] = Counter()
    for place, node in enumerate(shapes.nodes):
        field = fields_of(node).get(name)
        if field is None or field.texts is None:
            continue
        if field.texts.sample.symbols() is None:
            return None
        for entry in field.texts.sample.entries.values():
            if entry.form is not Form.EMPTY:
                seen[str(entry.symbol)][place] = entry.seen
                forms[entry.form] += entry.seen
    few = 2 <= len(seen) <= _MAX_SYMBOLS and forms.total() >= _REPEATS * len(seen)
    if not few or forms.total() < _COVERED * shapes.counts.sum():
        return None
    if not _are_symbols(forms, len(seen), claim):
        return None
    table = np.zeros((len(seen), len(shapes.nodes)))
    for row, symbol in enumerate(sorted(seen)):
        for place, count in seen[symbol].items():
            table[row, place] = count
    return Discriminator(name, claim, tuple(sorted(seen)), table, Form.PHRASE not in forms, shapes)


def _are_symbols(forms: Counter[Form], many: int, claim: Claim) -> bool:
    """Words and codes, of which a few may look like a country's; where the name says that they are
    events, phrases too ("Order Completed"), if they recur so often that nobody typed them."""
    recur = forms.total() >= max(ENOUGH, _PHRASE_REPEATS * many)
    naming = _NAMING | ({Form.PHRASE} if claim is Claim.EVENTS and recur else set())
    return forms.keys() <= naming | _LISTED and bool(forms.keys() & naming)


def _count(node: Node, name: str) -> int:
    field = fields_of(node).get(name)
    return field.count if field else 0


def _objects(node: Node, name: str) -> int:
    field = fields_of(node).get(name)
    return field.objects.count if field and field.objects else 0


def fields_of(node: Node) -> dict[str, Node]:
    return node.objects.fields if node.objects else {}
