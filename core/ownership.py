"""Who owns a topic and which team runs a consumer group, guessed by naming rules.

A product states its owner; everything here is a guess and says what it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.source import Owner

_TEAM = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,60}[a-z0-9])?")
_REFERENCE = re.compile(r"(group|user):[a-z0-9_-]+/[A-Za-z0-9._-]{1,63}")


class OwnerRulesError(ValueError):
    """The owner rules cannot be used; the text names the place and what is allowed there."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(
            f"The owner rules cannot be used: {cause}\nA rule needs a `pattern` with a group "
            "`(?P<team>...)`, or a `pattern` and an `owner` such as group:default/procurement."
        )


class NameRule(BaseModel):
    """A regular expression over a name: its group `team` is the team, or `owner` states it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    pattern: str
    owner: str | None = None
    says: str = "a naming rule"
    """What the guess rests on, in words that follow "guessed from"."""

    @model_validator(mode="after")
    def _names_a_team(self) -> NameRule:
        try:
            groups = re.compile(self.pattern).groupindex
        except re.error as error:
            raise ValueError(f"{self.pattern!r} is no regular expression: {error}") from error
        if self.owner is None and "team" not in groups:
            raise ValueError(f"{self.pattern!r} has no group (?P<team>...) and states no owner")
        return self


_TEAM_PREFIX = NameRule(
    pattern=r"^(?P<team>team[-_][a-z0-9]+)[._-]", says="the team at the start of the topic's name"
)
_TEAM_WORD = NameRule(
    pattern=r"^(?P<team>[a-z0-9]+(?:-[a-z0-9]+)*-team)[._]",
    says="the team at the start of the topic's name",
)
_TEAM_SUFFIX = NameRule(
    pattern=r"[._-](?P<team>team[-_][a-z0-9]+|[a-z0-9]+[-_]team)$",
    says="the team at the end of the topic's name",
)
_TEAM_DOT_APP = NameRule(
    # com.acme.billing is a reversed domain and names no team.
    pattern=r"^(?!(?:com|org|net|io|dev|app)\.)(?P<team>[a-z0-9][a-z0-9_-]*)\.[^.].*$",
    says="the consumer group's name",
)


class OwnerRules(BaseModel):
    """In force in this order: registry properties, topic configuration, the headers with which
    producers sign their messages, topic names, subjects."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    reference: str = "group:default/{team}"
    topics: tuple[NameRule, ...] = (_TEAM_PREFIX, _TEAM_WORD, _TEAM_SUFFIX)
    subjects: tuple[NameRule, ...] = ()
    groups: tuple[NameRule, ...] = (_TEAM_DOT_APP,)
    registry_properties: tuple[str, ...] = Field(
        default=("owner", "owner_team", "owning_team", "team", "x-owner", "x-team")
    )
    config_keys: tuple[str, ...] = ("owner", "team")
    team_headers: tuple[str, ...] = ("owner", "team", "x-team")
    producer_headers: tuple[str, ...] = ("producer", "x-producer")
    """Their values are named as consumer groups are: a team with its application."""

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers that may tell an owner."""
        return (*self.team_headers, *self.producer_headers)

    @classmethod
    def from_yaml(cls, text: str) -> OwnerRules:
        """Rules out of a YAML file's text; what it leaves out keeps its built-in value.

        Raises `OwnerRulesError`.
        """
        try:
            return cls.model_validate(yaml.safe_load(text) or {})
        except (yaml.YAMLError, ValidationError) as error:
            raise OwnerRulesError(error) from error


@dataclass(frozen=True, slots=True)
class OwnerEvidence:
    """What is known of a topic that may tell its owner; all of it is untrusted text."""

    topic: str
    subject: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    """Properties of the registered schema and its registry metadata."""
    config: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    """Values that (nearly) all messages carry in their headers."""


def guess_owner(evidence: OwnerEvidence, rules: OwnerRules) -> Owner | None:
    """The first rule that names a team wins; None where no rule does."""
    return next(_guesses(evidence, rules), None)


def team_of_group(group: str, rules: OwnerRules) -> str | None:
    """The team that runs a consumer group, by its name; None where no rule tells."""
    for rule in rules.groups:
        if team := _team(rule, group):
            return team
    return None


def _guesses(evidence: OwnerEvidence, rules: OwnerRules) -> Iterator[Owner]:
    yield from _stated(evidence.properties, rules.registry_properties, "registered schema", rules)
    yield from _stated(evidence.config, rules.config_keys, "topic's configuration", rules)
    yield from _signed(evidence.headers, rules)
    yield from _named(evidence.topic, rules.topics, rules)
    if evidence.subject:
        yield from _named(evidence.subject, rules.subjects, rules)


def _stated(
    properties: Mapping[str, str], keys: tuple[str, ...], where: str, rules: OwnerRules
) -> Iterator[Owner]:
    for key in keys:
        if ref := reference_of(properties.get(key, ""), rules):
            yield Owner(ref=ref, guessed_from=f"the property `{key}` of the {where}")


def _signed(headers: Mapping[str, str], rules: OwnerRules) -> Iterator[Owner]:
    teams = {name: headers.get(name, "") for name in rules.team_headers}
    for name in rules.producer_headers:
        teams[name] = team_of_group(headers.get(name, ""), rules) or ""
    for name, team in teams.items():
        if ref := reference_of(team, rules):
            yield Owner(ref=ref, guessed_from=f"the header `{name}` of its messages")


def _named(name: str, candidates: tuple[NameRule, ...], rules: OwnerRules) -> Iterator[Owner]:
    for rule in candidates:
        team = _team(rule, name)
        if team and (ref := reference_of(team, rules)):
            yield Owner(ref=ref, guessed_from=rule.says)


def _team(rule: NameRule, name: str) -> str | None:
    found = _compiled(rule.pattern).search(name)
    if found is None:
        return None
    return rule.owner or found.group("team")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def reference_of(text: str, rules: OwnerRules) -> str | None:
    """An entity reference as it stands, or one made of a team's name; None for anything else."""
    text = text.strip()
    if _REFERENCE.fullmatch(text):
        return text
    team = re.sub(r"[\s_]+", "-", text.lower())
    return rules.reference.format(team=team) if _TEAM.fullmatch(team) else None
