"""A data contract: an ODCS v3.1.0 document, kept whole, so that it goes out as it came in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

API_VERSION = "v3.1.0"

SUBJECT = "subject"
COMPATIBILITY = "compatibility"
FORMAT = "valueFormat"
MESSAGE_KEY = "messageKey"
EVENT_TIME = "eventTime"
INPUTS = "inputTopics"
COST = "platformCostMonthly"
"""Names of the custom properties that say what the standard has no member for."""


@dataclass(frozen=True, slots=True)
class OdcsDocument:
    """Valid by the standard's own JSON Schema; made by `contract_of` or read by `read_contract`."""

    document: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.document["id"])

    @property
    def version(self) -> str:
        return str(self.document["version"])

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that the contract is about, in its order."""
        return tuple(topic for topic, _ in self.topic_objects())

    def topic_objects(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The schema objects of topics, each with its topic's name."""
        for each in self.document.get("schema", ()):
            if str(each.get("physicalType", "topic")).lower() == "topic":
                yield str(each.get("physicalName") or each["name"]), each

    def topic_object(self, topic: str) -> Mapping[str, Any] | None:
        return next((each for name, each in self.topic_objects() if name == topic), None)

    def custom(self, name: str, topic: str | None = None) -> Any:
        """A custom property of the contract or of a topic's schema object, None without it."""
        holder = self.document if topic is None else self.topic_object(topic) or {}
        return custom_of(holder, name)

    def sla(self, name: str, topic: str | None = None) -> Mapping[str, Any] | None:
        """The first SLA property of that name, for the topic where it names an element."""
        told: Sequence[Mapping[str, Any]] = self.document.get("slaProperties", ())
        for each in told:
            element = str(each.get("element") or "")
            if each["property"] == name and (topic is None or element in self._names(topic)):
                return each
        return None

    def _names(self, topic: str) -> frozenset[str]:
        found = self.topic_object(topic) or {}
        return frozenset({"", topic, str(found.get("name", ""))})


def custom_of(holder: Mapping[str, Any], name: str) -> Any:
    """The value of a custom property, None where the holder has none of that name."""
    for each in holder.get("customProperties", ()):
        if each["property"] == name:
            return each["value"]
    return None
