"""The AsyncAPI document of one topic, as an API of Backstage's catalog carries it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from core.backstage.facts import TopicFact
from core.contract.asyncapi import Application, asyncapi_from
from core.contract.port import Endpoint, PortView

LARGEST = 256 * 1024
"""Characters of a definition: Backstage keeps it several times, and browsers render it."""


def definition_of(fact: TopicFact, view: PortView, endpoint: Endpoint, home: str) -> str:
    """JSON, which is YAML too. A schema that makes it too large is left out, with a link to it."""
    document = asyncapi_from(_application(fact), [view], endpoint)
    text = _text(document)
    if len(text) <= LARGEST:
        return text
    where = f"{home}/sources/{quote(fact.name, safe='')}/schema"
    for message in document["components"]["messages"].values():
        message.pop("payload", None)
        message["externalDocs"] = {
            "url": where,
            "description": "The schema, which is too large to be shown here.",
        }
    return _text(document)


def _application(fact: TopicFact) -> Application:
    """Of a managed topic the product sends, of another one whoever produces to it."""
    place = "/".join(quote(part, safe="") for part in (fact.cluster, fact.name))
    kind = f"topic:{place}" if fact.product_id is None else f"product:{fact.product_id}"
    return Application(
        id=f"urn:headwater:{kind}",
        title=fact.product_name or fact.name,
        version=fact.product_version or str(fact.version),
        description=fact.description or "",
        contact=fact.owner,
        tags=fact.tags,
    )


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
