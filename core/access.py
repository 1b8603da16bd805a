"""Access to a plan's topic: which of Kafka's principals may do what with it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from string import Formatter

from pydantic import BaseModel, ConfigDict, Field

_TYPE = "User:"
"""The only kind of principal that Kafka itself knows."""

_TEAM = "team"


class Operation(StrEnum):
    """What a team does with its topic, as Kafka's ACLs call it."""

    READ = "read"
    WRITE = "write"
    DESCRIBE = "describe"


class Access(BaseModel):
    """`principal` is Kafka's name of it, such as `User:fraud-team`; never `User:*`, everybody."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    principal: str = Field(pattern=r"^User:[^*\x00-\x1f]{1,300}$")
    operations: tuple[Operation, ...] = Field(min_length=1)

    @property
    def line(self) -> str:
        return f"{self.principal}: {', '.join(self.operations)}"


def owner_access(owner: str, template: str) -> Access:
    """What the owner of a topic may do with it."""
    return Access(principal=principal_of(owner, template), operations=tuple(Operation))


def principal_of(team: str, template: str) -> str:
    """What a team is called in Kafka; the last part of its reference is the `{team}`."""
    return template.format(team=team.rpartition("/")[2])


def checked_template(template: str) -> str:
    """The template of principals' names as it is. Raises ValueError, which says what is wrong."""
    if problem := next(_problems(template), None):
        raise ValueError(f"{problem}; write it like User:{{team}} or User:CN={{team}},O=Acme")
    return template


def _problems(template: str) -> Iterator[str]:
    if not template.startswith(_TYPE):
        yield f"a principal of Kafka begins with {_TYPE}"
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        yield f"its braces are wrong ({error})"
        return
    placeholders = [(name, form, kind) for _, name, form, kind in parts if name is not None]
    for name, form, kind in placeholders:
        if (name, form, kind) != (_TEAM, "", None):
            yield f"{{{name}}} is no placeholder, only {{{_TEAM}}} is"
    if not placeholders:
        yield f"without {{{_TEAM}}} all teams would be one principal"
    if any(not letter.isprintable() for letter in template):
        yield "it has characters that cannot be printed"
