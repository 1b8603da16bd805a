"""Turns what the vendor's client raises into our errors, once."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar
from urllib.parse import urlsplit

from confluent_kafka.schema_registry import SchemaRegistryError

# The very module that the vendor's client raises from: httpx or its successor.
from confluent_kafka.schema_registry.common._httpx_compat import httpx

from tools.registry.errors import (
    IncompatibleSchemaError,
    InvalidSchemaError,
    RegistryDeniedError,
    RegistryFailedError,
    RegistryUnreachableError,
    SubjectNotFoundError,
)

Answer = TypeVar("Answer")

_AWAY = frozenset({429, 502, 503, 504})
_NOT_FOUND = range(40400, 40500)
"""The API's own codes; any other 404 comes from something that is no registry."""


def safe_url(url: str) -> str:
    """The URL without the credentials that it may carry."""
    parts = urlsplit(url.split(",")[0])
    host = parts.hostname or ""
    return parts._replace(netloc=f"{host}:{parts.port}" if parts.port else host).geturl()


async def answered(call: Awaitable[Answer], url: str, subject: str) -> Answer:
    """The answer, or a RegistryFailedError; `subject` is what the call was about."""
    try:
        return await call
    except SchemaRegistryError as error:
        raise _translated(error, url, subject) from error
    except httpx.TransportError as error:
        raise RegistryUnreachableError(url, str(error) or type(error).__name__) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _no_registry(url) from error


def _translated(error: SchemaRegistryError, url: str, subject: str) -> RegistryFailedError:
    status, cause = error.http_status_code, str(error.error_message)[:300]
    if status in _AWAY:
        return RegistryUnreachableError(url, f"HTTP {status}")
    if status in (401, 403):
        return RegistryDeniedError(url)
    if status == 404:
        is_answer = error.error_code in _NOT_FOUND
        return SubjectNotFoundError(subject) if is_answer else _no_registry(url)
    if status == 409:
        return IncompatibleSchemaError(subject, cause)
    if status == 422:
        return InvalidSchemaError(subject, cause)
    return RegistryFailedError(f"The Schema Registry at {url} failed (HTTP {status}): {cause}")


def _no_registry(url: str) -> RegistryFailedError:
    return RegistryFailedError(
        f"What answers at {url} is no Confluent-compatible Schema Registry. Check the path of"
        " HEADWATER_SCHEMA_REGISTRY (Apicurio serves it under /apis/ccompat/v7)."
    )
