"""Names of topics and fields as English words: abbreviations spelled out, acronyms in capitals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from core.names import words

MAX_NAME = 48
"""Characters of a name that are spoken; a title may have twice as many."""

_MEANINGS = {
    "ab": "A/B", "acct": "account", "addr": "address", "amt": "amount", "avg": "average",
    "cat": "category", "cfg": "configuration", "cnt": "count", "ctry": "country",
    "curr": "currency", "cust": "customer", "desc": "description", "dept": "department",
    "dlq": "dead letters", "dlt": "dead letters", "dob": "date of birth", "emp": "employee",
    "evt": "event", "evts": "events", "inv": "invoice", "loc": "location", "mgr": "manager",
    "msg": "message", "msgs": "messages", "nbr": "number", "num": "number", "ord": "order",
    "org": "organisation", "pct": "percent", "pmt": "payment", "po": "purchase order",
    "prd": "product", "prod": "product", "qty": "quantity", "ref": "reference",
    "shpmt": "shipment", "supp": "supplier", "tel": "telephone", "trx": "transaction",
    "ts": "timestamp", "tx": "transaction", "txn": "transaction", "usr": "user", "vnd": "vendor",
    "wh": "warehouse",
}  # fmt: skip
"""Abbreviations that fields and topics use, spelled out."""

_ACRONYMS_TEXT = (
    "AI AML API AWS B2B B2C BIC CDC CPU CRM CSAT CSV DNS EAN EDI ERP ETA ETL EUR FI FTE FTP GA4 "
    "GBP GDPR GPS GPU GTIN HR HTTP HTTPS IBAN ID IDs IMEI IoT IP JSON JWT KPI KYC LLM MAC ML "
    "MQTT MRP NFC NLP NPS OAuth OCR PDF PII PLC QR RAM RFID RPM S3 SAP SDK SEPA SFTP SKU SLA SLO "
    "SMS SQL SSL SSN SSO TCP TLS UDP URI URL URLs USD UTC UUID UX VAT VIN VPN WMS XML"
)
_ACRONYMS = {acronym.lower(): acronym for acronym in _ACRONYMS_TEXT.split()}
_NUMBERED = re.compile(r"([^\W\d]{4,})(\d+)")

_ENVIRONMENTS = frozenset(
    {
        "prod", "production", "stg", "staging", "dev", "uat", "qa", "tst", "test", "tmp",
        "sandbox", "preprod", "public",
    }
)  # fmt: skip
_NOISE = frozenset({"raw", "csv", "json", "avro", "proto", "protobuf", "xml", "topic", "stream"})
"""What topics are called after besides what they hold: their making and their format."""

_SERVICES = frozenset({"service", "svc", "app"})
_VERSION = re.compile(r"v\d{1,4}")
_VERSIONED = re.compile(r"(?<=[^\W_])[._-]v\d{1,4}(?:[._-]\d{1,4}){0,3}$", re.IGNORECASE)
_STATE_STORE = re.compile(r"-K?(?:TABLE|STREAM)[A-Z-]*-\d{10}")
"""What Kafka Streams puts between an application's name and `changelog` or `repartition`."""


def spell(name: str) -> str:
    """A name as words: `custAddr` -> `customer address`, `vatNo` -> `VAT number`."""
    spelled = words(name[: 4 * MAX_NAME])
    if len(spelled) > 1 and spelled[-1] == "no":
        spelled[-1] = "number"
    return _cut(" ".join(map(_spelled, spelled)), MAX_NAME)


def title_of(topic: str) -> str:
    """What a topic holds, in words, by its name: without environment, version and format."""
    name = _VERSIONED.sub("", _STATE_STORE.sub("", topic[: 4 * MAX_NAME]))
    parts = [words(part) for part in name.split(".")]
    told = _stripped([word for part in _without_services(parts) for word in part])
    if len(told) > 1 and told[-1] in ("dlq", "dlt"):
        told = ["dead letters of", *told[:-1]]
    spelled = _cut(" ".join(_once(map(_spelled, told))), 2 * MAX_NAME)
    return spelled[:1].upper() + spelled[1:] if _is_plain(spelled) else spelled or "A topic"


def _without_services(parts: Sequence[list[str]]) -> list[list[str]]:
    """`orderService.orderCreated` is about orders created, not about the service."""
    before = [part[:-1] if len(part) > 1 and part[-1] in _SERVICES else part for part in parts[:-1]]
    return [*before, *parts[-1:]]


def _stripped(told: list[str]) -> list[str]:
    while len(told) > 1 and told[0] in _ENVIRONMENTS:
        told = told[1:]
    while len(told) > 1 and (told[-1] in _ENVIRONMENTS | _NOISE or _VERSION.fullmatch(told[-1])):
        told = told[:-1]
    return told


def _once(spelled: Iterable[str]) -> list[str]:
    """Words that say again what the one before said are left out: `order orders` is `orders`."""
    kept: list[str] = []
    for word in spelled:
        if kept and kept[-1].removesuffix("s") == word.removesuffix("s"):
            kept.pop()
        kept.append(word)
    return kept


def _spelled(word: str) -> str:
    numbered = _NUMBERED.fullmatch(word)
    if numbered:
        return f"{_spelled(numbered[1])} {numbered[2]}"
    return _ACRONYMS.get(word) or _MEANINGS.get(word, word)


def _is_plain(spelled: str) -> bool:
    """Whether the first word may take a capital: `IoT` has its own."""
    return spelled[:1].islower()


def _cut(text: str, most: int) -> str:
    """Whole words only, unless there is but one."""
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].strip()
