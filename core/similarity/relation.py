"""What two sources can be to each other."""

from __future__ import annotations

from enum import StrEnum


class Relation(StrEnum):
    DUPLICATE = "duplicate"
    """The same thing twice."""
    OVERLAP = "overlap"
    """Some of it is in the other as well."""
    SAME_FORM = "same_form"
    """Alike in form, but of other records: no identifier was seen in both."""
    KIN = "kin"
    """They belong together: versions, environments, dead letters; `Kinship` says how."""
    DIFFERENT = "different"


class Kinship(StrEnum):
    """Topics that are alike on purpose."""

    DEAD_LETTER = "dead_letter"
    RETRY = "retry"
    CHANGELOG = "changelog"
    ENVIRONMENTS = "environments"
    REGIONS = "regions"
    VERSIONS = "versions"
