"""What the registry holds under a subject."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from core.decoding.registered import ReferencedSchema, SchemaKind

MAX_REFERENCES = 200


@dataclass(frozen=True, slots=True)
class Reference:
    """What a schema imports: `name` is its name there, registered as a version of `subject`."""

    name: str
    subject: str
    version: int


@dataclass(frozen=True, slots=True)
class RegisteredVersion:
    """One version of a subject."""

    subject: str
    version: int
    id: int
    kind: SchemaKind
    text: str
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Registration:
    """What names a registered schema: its id, its GUID where the registry tells one, and the
    address under which it is read."""

    id: int
    guid: str | None
    url: str


class TooManyReferencesError(ValueError):
    """A schema imports more schemas than can be sensible."""


async def closure(
    references: Sequence[Reference],
    fetch: Callable[[Reference], Awaitable[RegisteredVersion]],
) -> tuple[ReferencedSchema, ...]:
    """All that is imported, directly or not, each after what it needs itself.

    Cycles end where they close. Raises TooManyReferencesError.
    """
    found: dict[str, ReferencedSchema] = {}
    entered: set[str] = set()

    async def enter(reference: Reference) -> None:
        if reference.name in entered:
            return
        entered.add(reference.name)
        if len(entered) > MAX_REFERENCES:
            raise TooManyReferencesError(f"it imports more than {MAX_REFERENCES} schemas")
        version = await fetch(reference)
        for deeper in version.references:
            await enter(deeper)
        found[reference.name] = ReferencedSchema(
            reference.name, reference.subject, reference.version, version.text
        )

    for reference in references:
        await enter(reference)
    return tuple(found.values())
