"""Two sources side by side: what they have in common, field by field, and what each has alone."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from core.similarity.relation import Kinship, Relation


class FieldMatch(BaseModel):
    """Two fields that are the same, by path; `sureness` is how often such a match was right."""

    model_config = ConfigDict(frozen=True)
    left: str
    right: str
    sureness: float = Field(ge=0, le=1)
    why: tuple[str, ...]


class SharedIdentifiers(BaseModel):
    """The identifiers by which records of both could be the same, and how many both have.

    `shared` is the estimated share of the rarer side's identifiers, of those that were sampled.
    """

    model_config = ConfigDict(frozen=True)
    left: str
    right: str
    left_seen: int
    right_seen: int
    shared: float


class FieldAlignment(BaseModel):
    """Matches best first; a field stands in one of the three lists at most once."""

    model_config = ConfigDict(frozen=True)
    matches: tuple[FieldMatch, ...]
    left_only: tuple[str, ...]
    right_only: tuple[str, ...]
    identifiers: SharedIdentifiers | None = None


class Comparison(BaseModel):
    """`similarity = weight of the matched fields / weight of all fields`, and `left_in_right` the
    share of left's weight that right has too; a field weighs by how rare it is in the fleet.

    `probability` is how likely both say the same thing, by their names and descriptions: of pairs
    at about p, about p were the same on labelled pairs.
    """

    model_config = ConfigDict(frozen=True)
    left: str
    right: str
    relation: Relation
    kinship: Kinship | None
    similarity: float
    probability: float
    left_in_right: float
    right_in_left: float
    alignment: FieldAlignment

    @property
    def turned(self) -> Comparison:
        """The same with its sides exchanged."""
        there = self.alignment
        matches = tuple(
            match.model_copy(update={"left": match.right, "right": match.left})
            for match in there.matches
        )
        identifiers = there.identifiers and SharedIdentifiers(
            left=there.identifiers.right,
            right=there.identifiers.left,
            left_seen=there.identifiers.right_seen,
            right_seen=there.identifiers.left_seen,
            shared=there.identifiers.shared,
        )
        return self.model_copy(
            update={
                "left": self.right,
                "right": self.left,
                "left_in_right": self.right_in_left,
                "right_in_left": self.left_in_right,
                "alignment": FieldAlignment(
                    matches=matches,
                    left_only=there.right_only,
                    right_only=there.left_only,
                    identifiers=identifiers,
                ),
            }
        )
