"""The Schema Registry: schemas by the id or GUID that a message names, subjects and versions."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from confluent_kafka.schema_registry import AsyncSchemaRegistryClient, Schema, SchemaReference
from opentelemetry.trace import SpanKind

from core.decoding.decoded import SchemaRef
from core.decoding.registered import ReferencedSchema, RegisteredSchema, SchemaKind, SubjectVersion
from tools.registry.errors import (
    RegistryFailedError,
    RegistryUnreachableError,
    SubjectNotFoundError,
)
from tools.registry.proto_compiler import ProtoCompiler, ProtoNotCompiledError
from tools.registry.translation import answered, safe_url
from tools.registry.version import (
    Reference,
    RegisteredVersion,
    Registration,
    TooManyReferencesError,
    closure,
)
from tools.tracing import span

Answer = TypeVar("Answer")

_AT_ONCE = 16
_UNKNOWN_SECONDS = 60.0

_KINDS = {
    "AVRO": SchemaKind.AVRO,
    "JSON": SchemaKind.JSON_SCHEMA,
    "PROTOBUF": SchemaKind.PROTOBUF,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


class Registry:
    """A Confluent-compatible registry at `url` (Confluent's own, or Apicurio's /apis/ccompat/v7).

    `extra` are settings of confluent-kafka's client (basic.auth.user.info, ssl.ca.location ...).
    Schemas are kept for good, since an id never changes its schema; that one is unknown or unusable
    is kept for a minute. After a failure to connect, calls fail at once for `pause` seconds, then
    try again.
    Every method raises RegistryFailedError, above all RegistryUnreachableError.
    """

    def __init__(
        self,
        url: str,
        extra: Mapping[str, Any] | None = None,
        *,
        timeout: float = 10.0,
        pause: float = 5.0,
    ) -> None:
        self._url = safe_url(url)
        settings = {"url": url, "timeout": timeout, "max.retries": 1, "retries.wait.ms": 200}
        self._client = AsyncSchemaRegistryClient({**settings, **(extra or {})})
        self._compiler = ProtoCompiler()
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._kept: dict[SchemaRef, tuple[float, RegisteredSchema | None]] = {}
        self._asked: dict[SchemaRef, asyncio.Task[RegisteredSchema | None]] = {}
        self._pause = pause
        self._down_until = 0.0

    async def close(self) -> None:
        for task in self._asked.values():
            task.cancel()
        await self._client.aclose()

    async def schema_by_ref(self, ref: SchemaRef) -> RegisteredSchema | None:
        """The schema with its references, or None where the registry does not know it."""
        until, known = self._kept.get(ref, (0.0, None))
        if until > time.monotonic():
            return known
        if ref not in self._asked:
            self._asked[ref] = asyncio.create_task(self._remember(ref))
        return await asyncio.shield(self._asked[ref])

    async def schemas(self, refs: Iterable[SchemaRef]) -> dict[SchemaRef, RegisteredSchema | None]:
        """What `decode` asks for: None for unknown schemas, nothing for those of a silent registry.

        Raises RegistryFailedError only for what is not a matter of reaching the registry.
        """
        answers: dict[SchemaRef, RegisteredSchema | None] = {}

        async def answer(ref: SchemaRef) -> None:
            try:
                answers[ref] = await self.schema_by_ref(ref)
            except RegistryUnreachableError:
                return

        await asyncio.gather(*map(answer, refs))
        return answers

    async def subjects(self) -> tuple[str, ...]:
        return tuple(sorted(await self._ask(self._client.get_subjects)))

    async def versions(self, subject: str) -> tuple[int, ...]:
        """The subject's version numbers, oldest first. Raises SubjectNotFoundError."""
        return tuple(sorted(await self._ask(self._client.get_versions, subject)))

    async def version(self, subject: str, version: int | None = None) -> RegisteredVersion:
        """That version, or the newest. Raises SubjectNotFoundError."""
        wanted = "latest" if version is None else version
        found = await self._ask(self._client.get_version, subject, wanted)
        return RegisteredVersion(
            subject,
            found.version,
            found.schema_id,
            _KINDS[found.schema.schema_type or "AVRO"],
            found.schema.schema_str,
            _references(found.schema),
        )

    async def latest_version(self, subject: str) -> RegisteredVersion | None:
        """The newest version, or None where there is no such subject."""
        try:
            return await self.version(subject)
        except SubjectNotFoundError:
            return None

    async def register_schema(
        self,
        subject: str,
        text: str,
        kind: SchemaKind = SchemaKind.AVRO,
        references: Sequence[Reference] = (),
    ) -> int:
        """Register a new version and return the schema's id; the same schema keeps its id.

        Raises IncompatibleSchemaError or InvalidSchemaError.
        """
        return (await self.register(subject, text, kind, references)).id

    async def register(
        self,
        subject: str,
        text: str,
        kind: SchemaKind = SchemaKind.AVRO,
        references: Sequence[Reference] = (),
    ) -> Registration:
        """As `register_schema`, with all that the registry says of it."""
        definition = _definition_of(text, kind, references)
        await self._forget()
        made = await self._ask(self._client.register_schema_full_response, subject, definition)
        self._kept = {ref: kept for ref, kept in self._kept.items() if kept[1] is not None}
        schema_id = int(made.schema_id)
        return Registration(schema_id, made.guid, f"{self._url}/schemas/ids/{schema_id}")

    async def version_of(
        self,
        subject: str,
        text: str,
        kind: SchemaKind = SchemaKind.AVRO,
        references: Sequence[Reference] = (),
    ) -> RegisteredVersion | None:
        """The version of the subject that is this schema, or None where none is.

        The registry judges what is the same: to Apicurio, schemas that differ in docs alone are.
        """
        definition = _definition_of(text, kind, references)
        await self._forget()
        try:
            found = await self._ask(self._client.lookup_schema, subject, definition)
        except SubjectNotFoundError:
            return None
        held = tuple(references)
        return RegisteredVersion(subject, found.version, found.schema_id, kind, text, held)

    async def delete_version(self, subject: str, version: int) -> None:
        """Delete one version for good; one that is gone, or was hidden before, is no error."""
        for permanent in (False, True):
            delete = partial(self._client.delete_version, version=version, permanent=permanent)
            with suppress(SubjectNotFoundError):
                await self._ask(delete, subject)

    async def delete_subject(self, subject: str) -> None:
        """Delete the subject for good. Raises SubjectNotFoundError."""
        await self._ask(self._client.delete_subject, subject)
        await self._ask(lambda name: self._client.delete_subject(name, permanent=True), subject)

    async def compatibility(self, subject: str | None = None) -> str:
        """The level that is in force for the subject, or for all (BACKWARD, FULL, NONE ...)."""
        try:
            return str(await self._ask(self._client.get_compatibility, subject))
        except SubjectNotFoundError:
            return str(await self._ask(self._client.get_compatibility, None))

    async def compatible(
        self,
        subject: str,
        text: str,
        kind: SchemaKind = SchemaKind.AVRO,
        references: Sequence[Reference] = (),
    ) -> bool:
        """Whether the schema could follow the subject's latest version, by its level."""
        definition = _definition_of(text, kind, references)
        return bool(await self._ask(self._client.test_compatibility, subject, definition))

    async def set_compatibility(self, level: str, subject: str | None = None) -> None:
        await self._ask(self._client.set_compatibility, subject, level)

    async def reset_compatibility(self, subject: str) -> None:
        """From now on the level for all holds for the subject too; without an own one it did."""
        with suppress(SubjectNotFoundError):
            await self._ask(self._client.delete_config, subject)

    async def _forget(self) -> None:
        """The vendor's client believes for good that what it registered is still there."""
        await self._client.clear_caches()  # type: ignore[no-untyped-call]

    async def _ask(self, call: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
        if time.monotonic() < self._down_until:
            raise RegistryUnreachableError(self._url, "it did not answer some seconds ago")
        subject = str(arguments[0]) if arguments else ""
        try:
            # A call with arguments set beforehand has no name of its own.
            name = getattr(call, "func", call).__name__
            with span(f"registry {name}", SpanKind.CLIENT):
                async with self._places:
                    return await answered(call(*arguments), self._url, subject)
        except RegistryUnreachableError:
            self._down_until = time.monotonic() + self._pause
            raise

    async def _remember(self, ref: SchemaRef) -> RegisteredSchema | None:
        try:
            found = await self._fetch(ref)
        finally:
            self._asked.pop(ref, None)
        for_good = found is not None and found.problem is None
        until = math.inf if for_good else time.monotonic() + _UNKNOWN_SECONDS
        self._kept[ref] = (until, found)
        return found

    async def _fetch(self, ref: SchemaRef) -> RegisteredSchema | None:
        try:
            definition = await self._definition(ref)
        except SubjectNotFoundError:
            return None
        kind = _KINDS.get(definition.schema_type or "AVRO")
        if kind is None or definition.schema_str is None:
            return None
        return await self._complete(ref, kind, definition)

    async def _definition(self, ref: SchemaRef) -> Schema:
        if ref.id is not None:
            found: Schema = await self._ask(self._client.get_schema, ref.id)
            return found
        try:
            found = await self._ask(self._client.get_schema_by_guid, ref.guid)
        except RegistryUnreachableError:
            raise
        except RegistryFailedError as error:
            # A registry that knows no GUIDs has no schema under one.
            raise SubjectNotFoundError(str(ref.guid)) from error
        return found

    async def _complete(
        self, ref: SchemaRef, kind: SchemaKind, definition: Schema
    ) -> RegisteredSchema:
        text = definition.schema_str or ""
        places = await self._places_of(ref)
        try:
            references = await closure(_references(definition), self._referenced)
            compiled = await self._compiled(kind, text, references)
        except (TooManyReferencesError, ProtoNotCompiledError, SubjectNotFoundError) as error:
            return RegisteredSchema(ref, kind, text, (), places, problem=str(error))
        return RegisteredSchema(ref, kind, text, references, places, compiled)

    async def _referenced(self, reference: Reference) -> RegisteredVersion:
        return await self.version(reference.subject, reference.version)

    async def _compiled(
        self, kind: SchemaKind, text: str, references: Sequence[ReferencedSchema]
    ) -> bytes | None:
        if kind is not SchemaKind.PROTOBUF:
            return None
        return await self._compiler.compile(text, {r.name: r.text for r in references})

    async def _places_of(self, ref: SchemaRef) -> tuple[SubjectVersion, ...]:
        """Where the schema is registered, as a hint: a registry that cannot tell is no failure."""
        if ref.id is None:
            return ()
        try:
            places = await self._ask(self._client.get_schema_versions, ref.id)
        except RegistryUnreachableError:
            raise
        except RegistryFailedError:
            return ()
        return tuple(SubjectVersion(place.subject, place.version) for place in places)


def _definition_of(text: str, kind: SchemaKind, references: Sequence[Reference]) -> Schema:
    named = [SchemaReference(r.name, r.subject, r.version) for r in references]
    return Schema(text, _NAMES[kind], named)


def _references(definition: Schema) -> tuple[Reference, ...]:
    return tuple(
        Reference(str(r.name), str(r.subject), int(r.version or 0))
        for r in definition.references or ()
    )
