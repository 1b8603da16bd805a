from __future__ import annotations

import pytest

from core.decoding.registered import SchemaKind
from tools.registry.version import (
    MAX_REFERENCES,
    Reference,
    RegisteredVersion,
    TooManyReferencesError,
    closure,
)


class Shelf:
    """A registry of imports: each schema's name with the names that it imports."""

    def __init__(self, **imports: str) -> None:
        self.imports = imports
        self.fetched: list[str] = []

    async def fetch(self, reference: Reference) -> RegisteredVersion:
        self.fetched.append(reference.name)
        names = self.imports.get(reference.name, "").split()
        return RegisteredVersion(
            reference.subject, 1, 1, SchemaKind.PROTOBUF, reference.name, references_to(*names)
        )


def references_to(*names: str) -> tuple[Reference, ...]:
    return tuple(Reference(name, f"subject-{name}", 1) for name in names)


async def test_what_is_imported_comes_before_what_imports_it_and_is_fetched_once():
    shelf = Shelf(top="left right", left="base", right="base")

    found = await closure(references_to("top"), shelf.fetch)

    assert [schema.name for schema in found] == ["base", "left", "right", "top"]
    assert sorted(shelf.fetched) == ["base", "left", "right", "top"]


async def test_a_cycle_ends_where_it_closes():
    found = await closure(references_to("a"), Shelf(a="b", b="a").fetch)

    assert [schema.name for schema in found] == ["b", "a"]


async def test_imports_without_end_are_refused():
    chain = {f"n{i}": f"n{i + 1}" for i in range(MAX_REFERENCES + 1)}

    with pytest.raises(TooManyReferencesError):
        await closure(references_to("n0"), Shelf(**chain).fetch)
