"""The quality entries of a contract: which are rules, which are not watched, which are wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.contract.document import OdcsDocument
from core.contract.library import BadEntryError
from core.contract.properties import schema_of
from core.contract.quality import Entry, NotWatchedError, read_entry, slug
from core.contract.standard import Flaw, InvalidContractError
from core.quality.fit import misfit
from core.quality.pattern import weight
from core.quality.rule import QualityRule
from core.schema.model import ITEMS, child_path

_SHOWN, _TOLD = 20, 8
"""Wrong entries that are named, and that are named in the text as well."""


MOST_ENTRIES = 1_000
MOST_WEIGHT = 100_000
"""Of all patterns of a contract together; see core.quality.pattern.weight."""


class InvalidRulesError(InvalidContractError):
    """Entries of a contract that claim to be watched cannot be; `flaws` say which and why."""

    def __init__(self, flaws: tuple[Flaw, ...]) -> None:
        super().__init__(flaws)
        told = "; ".join(map(str, flaws[:_TOLD]))
        self.args = (
            f"{len(flaws)} of the contract's quality entries cannot be watched as they are: "
            f"{told}. Mend them; what is meant for people or for another engine is of "
            "`type: text`, or of `type: custom` with that engine's name.",
        )


@dataclass(frozen=True, slots=True)
class NotWatched:
    """An entry that stays in the document alone; `at` is its path in it."""

    at: str
    topic: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Read:
    """What the entries of a topic's schema object come to; those that are wrong are in neither."""

    rules: tuple[QualityRule, ...]
    not_watched: tuple[tuple[Entry, str], ...] = ()


def rules_of(topic_object: Mapping[str, Any]) -> tuple[QualityRule, ...]:
    """The entries that can be watched, as rules; the others stay in the document alone."""
    return read(topic_object).rules


def read(topic_object: Mapping[str, Any], at: str = "schema.0") -> Read:
    """Every entry of a topic. Of rules with the same name, each but the first gets its field before
    it, then a number behind."""
    rules: dict[str, QualityRule] = {}
    passed: list[tuple[Entry, str]] = []
    for entry in entries(topic_object, at):
        try:
            found = read_entry(entry)
        except NotWatchedError as error:
            passed.append((entry, str(error)))
        except BadEntryError:
            continue  # stored before such were refused
        else:
            for rule in found:
                rule_id = _free(rule, rules)
                rules[rule_id] = rule.model_copy(update={"id": rule_id})
    return Read(tuple(rules.values()), tuple(passed))


def entries(topic_object: Mapping[str, Any], at: str) -> Iterator[Entry]:
    """Those of the topic, then those of its properties, in their order."""
    yield from _entries(topic_object, at, "")


def _entries(holder: Mapping[str, Any], at: str, path: str) -> Iterator[Entry]:
    for number, said in enumerate(holder.get("quality", ())):
        yield Entry(f"{at}.quality.{number}", path or None, said)
    for number, each in enumerate(holder.get("properties", ())):
        here = child_path(path, str(each["name"]))
        yield from _entries(each, f"{at}.properties.{number}", here)
    if "items" in holder:
        yield from _entries(holder["items"], f"{at}.items", child_path(path, ITEMS))


def _free(rule: QualityRule, taken: Mapping[str, QualityRule]) -> str:
    if rule.id not in taken:
        return rule.id
    named = slug(f"{rule.field or 'topic'}-{rule.id}")
    numbered = (f"{named[:95]}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (named, *numbered) if each not in taken)


def refuse_bad_rules(contract: OdcsDocument) -> None:
    """Raises InvalidRulesError where an entry claims to be watched and cannot be."""
    _refuse_too_many(contract)
    flaws = [flaw for at, topic in _topics(contract) for flaw in _flaws(topic, at)]
    if flaws:
        raise InvalidRulesError(tuple(flaws[:_SHOWN]))


def _refuse_too_many(contract: OdcsDocument) -> None:
    """What would keep a server or a watcher busy for long is not even tried."""
    found = [entry for at, topic in _topics(contract) for entry in entries(topic, at)]
    weighty = sum(weight(pattern) for pattern in {*map(_pattern, found)})
    if len(found) > MOST_ENTRIES:
        why = f"{len(found)} quality entries are more than {MOST_ENTRIES}"
        raise InvalidRulesError((Flaw("schema", why),))
    if weighty > MOST_WEIGHT:
        why = "its patterns are too large together; repeat classes such as \\w fewer times"
        raise InvalidRulesError((Flaw("schema", why),))


def _pattern(entry: Entry) -> str:
    for holder in (entry.said.get("arguments"), entry.said.get("implementation")):
        if isinstance(holder, Mapping) and isinstance(holder.get("pattern"), str):
            return str(holder["pattern"])
    return ""


def not_watched(contract: OdcsDocument) -> tuple[NotWatched, ...]:
    """The entries that are text, SQL or for other engines, over all topics."""
    return tuple(
        NotWatched(entry.at, name, entry.name, why)
        for (at, topic), name in zip(_topics(contract), contract.topics, strict=True)
        for entry, why in read(topic, at).not_watched
    )


def _topics(contract: OdcsDocument) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The schema objects of topics, each with its path in the document."""
    topics = [topic for _, topic in contract.topic_objects()]
    for number, each in enumerate(contract.document.get("schema", ())):
        if any(each is topic for topic in topics):
            yield f"schema.{number}", each


def _flaws(topic_object: Mapping[str, Any], at: str) -> Sequence[Flaw]:
    """Wrong entries, and rules that do not fit the fields of the contract itself."""
    fields = dict(schema_of(topic_object).walk()) if topic_object.get("properties") else None
    found: list[Flaw] = []
    for entry in entries(topic_object, at):
        try:
            wrong = [misfit(rule, fields) for rule in read_entry(entry)]
        except NotWatchedError:
            continue
        except BadEntryError as error:
            wrong = [str(error)]
        found += [_flaw(entry, why) for why in wrong if why is not None]
    return found


def _flaw(entry: Entry, why: str) -> Flaw:
    return Flaw(entry.at, f"{entry.name}: {why}" if entry.name else why)
