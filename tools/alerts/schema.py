"""The schema of what is on the topic of alerts, in the registry."""

from __future__ import annotations

import logging
from functools import cache
from uuid import UUID

import orjson

from core.alerts.data import AlertData
from core.decoding.framing import VALUE_HEADER
from core.decoding.registered import SchemaKind
from tools.registry.client import Registry
from tools.registry.errors import RegistryFailedError
from tools.registry.version import Registration

log = logging.getLogger(__name__)

Headers = list[tuple[str, str | bytes | None]]


@cache
def alert_schema() -> str:
    """JSON Schema, of the model that is written."""
    document = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        **AlertData.model_json_schema(mode="serialization", ref_template="#/definitions/{model}"),
    }
    document["definitions"] = document.pop("$defs", {})
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS).decode()


class AlertSchema:
    """Registered as the values' schema of the topic. A registry that is away, or refuses it, keeps
    no alert from being published: it is asked again with the next one."""

    def __init__(self, registry: Registry | None, topic: str) -> None:
        self._registry = registry
        self._subject = f"{topic}-value"
        self._made: Registration | None = None

    async def headers(self) -> Headers:
        """Where the schema is: for CloudEvents, and for Confluent's readers of framing by header,
        which leaves the value plain JSON."""
        made = await self._registration()
        if made is None:
            return []
        return [("ce_dataschema", made.url), (VALUE_HEADER, _framing(made))]

    async def _registration(self) -> Registration | None:
        if self._made is None and self._registry is not None:
            try:
                self._made = await self._registry.register(
                    self._subject, alert_schema(), SchemaKind.JSON_SCHEMA
                )
            except RegistryFailedError as error:
                log.warning("alerts are published without their schema: %s", error)
        return self._made


def _framing(made: Registration) -> bytes:
    """The GUID, and where the registry tells none the id."""
    if made.guid is not None:
        return b"\x01" + UUID(made.guid).bytes
    return b"\x00" + made.id.to_bytes(4, "big")
