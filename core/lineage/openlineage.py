"""Events of OpenLineage 2-0-2 as they come in: what is taken of them, and what is refused.

Source of the format: https://openlineage.io/spec/2-0-2/OpenLineage.json and the facets
columnLineage and symlinks. Other facets may be there and are not read.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

MOST_EVENTS = 1_000
"""In one request."""

_MOST_DATASETS = 2_000
_MOST_FIELDS = 5_000

Name = Annotated[str, Field(min_length=1, max_length=1_000, pattern=r"^[^\x00]+$")]
Path = Name


class RunState(StrEnum):
    """`eventType` of a run event."""

    START = "START"
    RUNNING = "RUNNING"
    COMPLETE = "COMPLETE"
    ABORT = "ABORT"
    FAIL = "FAIL"
    OTHER = "OTHER"

    @property
    def ended(self) -> bool:
        return self in (self.COMPLETE, self.ABORT, self.FAIL)


class _Part(BaseModel):
    """A part of an event; facets that nobody here reads are left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Transformation(_Part):
    type: Annotated[str, Field(max_length=100)] = ""
    subtype: Annotated[str, Field(max_length=100)] = ""

    @property
    def said(self) -> str:
        return " ".join(part.lower() for part in (self.type, self.subtype) if part)


class InputField(_Part):
    """A field of a dataset, with how it is used."""

    namespace: Name
    name: Name
    field: Path
    transformations: Annotated[tuple[Transformation, ...], Field(max_length=50)] = ()

    @property
    def how(self) -> str:
        return ", ".join(dict.fromkeys(each.said for each in self.transformations if each.said))


class OutputField(_Part):
    input_fields: tuple[InputField, ...] = Field(alias="inputFields", max_length=_MOST_FIELDS)


class ColumnLineage(_Part):
    """`fields` by the output's field; `dataset` are those on which all of its fields hang."""

    fields: dict[Path, OutputField] = Field(default_factory=dict, max_length=_MOST_FIELDS)
    dataset: tuple[InputField, ...] = Field(default=(), max_length=_MOST_FIELDS)


class Identifier(_Part):
    namespace: Name
    name: Name


class Symlinks(_Part):
    """Other names of a dataset, such as the topic behind a table of Flink's."""

    identifiers: tuple[Identifier, ...] = Field(default=(), max_length=100)


class DatasetFacets(_Part):
    symlinks: Symlinks = Symlinks()
    column_lineage: ColumnLineage | None = Field(default=None, alias="columnLineage")


class Dataset(_Part):
    namespace: Name = Field(examples=["kafka://broker.example.com:9092"])
    name: Name = Field(examples=["supplier-events"])
    facets: DatasetFacets = DatasetFacets()


class Job(_Part):
    namespace: Name = Field(examples=["flink-production"])
    name: Name = Field(examples=["score-suppliers"])


class Run(_Part):
    run_id: UUID = Field(alias="runId", examples=["3f5e83fa-3480-44ff-99c5-ff943904e5e8"])


class LineageEvent(_Part):
    """A run event, or a job event: the same without `run`, which tells what a job is made for.

    Fields and facets beside these are taken and not read.
    """

    event_time: AwareDatetime = Field(alias="eventTime", examples=["2026-01-02T03:04:05.678Z"])
    event_type: RunState | None = Field(default=None, alias="eventType")
    producer: Annotated[str, Field(min_length=1, max_length=1_000, pattern=r"^[^\x00]+$")]
    schema_url: str = Field(
        alias="schemaURL",
        max_length=1_000,
        pattern=r"/2-\d+-\d+/OpenLineage\.json",
        examples=["https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"],
    )
    run: Run | None = None
    job: Job
    inputs: tuple[Dataset, ...] = Field(default=(), max_length=_MOST_DATASETS)
    outputs: tuple[Dataset, ...] = Field(default=(), max_length=_MOST_DATASETS)

    @model_validator(mode="before")
    @classmethod
    def _of_a_job(cls, given: Any) -> Any:
        if isinstance(given, dict):
            if "dataset" in given and "job" not in given:
                raise ValueError(
                    "a dataset event tells of no flow; send run events or job events, which do"
                )
            # The standard's own clients write out what they have nothing for.
            return {name: value for name, value in given.items() if value is not None}
        return given

    @property
    def at(self) -> datetime:
        return self.event_time
