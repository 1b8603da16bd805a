"""The options of `headwater demo --live` that plant a fault, and what the terminal says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from server.demo.faults.account import Phase, Planted, Span
from server.demo.faults.fault import Fault
from server.demo.faults.order import FaultOrder

Kind = Annotated[
    Fault | None, typer.Option("--fault", help="Plant this fault on one topic for a while.")
]
OnTopic = Annotated[
    str | None, typer.Option("--topic", help="The fault's topic (default: one that it suits).")
]
After = Annotated[
    float, typer.Option("--fault-after", min=0, help="Seconds of sound data before the fault.")
]
Lasts = Annotated[float, typer.Option("--fault-for", min=0.1, help="Seconds that it lasts.")]
Share = Annotated[
    float | None,
    typer.Option(min=0.001, max=1, help="Share of the records hit (default: by the fault)."),
]
OwnRate = Annotated[
    float | None,
    typer.Option(
        "--topic-rate",
        min=0.1,
        max=20_000,
        help="Messages a second on the fault's topic alone (default: its part of --rate).",
    ),
]
AsLines = Annotated[
    bool, typer.Option("--json", help="Print what is planted as a line of JSON for each phase.")
]

AFTER_SECONDS, LASTS_SECONDS = 30.0, 60.0


def order_of(
    fault: Fault | None,
    topic: str | None,
    after: float,
    lasts: float,
    share: float | None,
    rate: float | None,
    as_json: bool,
) -> FaultOrder | None:
    """None without a fault; options of one that is not named are wrong usage."""
    if fault is None:
        if topic or share or rate or as_json or (after, lasts) != (AFTER_SECONDS, LASTS_SECONDS):
            raise typer.BadParameter("name the fault that this is about with --fault")
        return None
    return FaultOrder(fault, _lines if as_json else _words, topic, after, lasts, share, rate)


def _lines(planted: Planted) -> None:
    typer.echo(planted.model_dump_json())


def _words(planted: Planted) -> None:
    typer.echo(said(planted))


def said(planted: Planted) -> str:
    """One phase in words."""
    where = f"{planted.fault.value} on {_place(planted)}"
    match planted.phase:
        case Phase.PLANNED:
            return (
                f"Planned: {where}, from {planted.begins:%H:%M:%S} to {planted.ends:%H:%M:%S} UTC, "
                f"{planted.share:.0%} of its records."
            )
        case Phase.BEGUN:
            brought = f" Its records have the new schema id {planted.schema_id}."
            known = "" if planted.schema_id is None else brought
            return f"{planted.begins:%H:%M:%S} UTC: {where} begins.{known}"
        case _:
            cut = "" if planted.phase is Phase.ENDED else ", cut short"
            return f"{planted.ends:%H:%M:%S} UTC: {where} ends{cut}. {_counted(planted)}"


def _place(planted: Planted) -> str:
    return planted.topic if planted.field is None else f"{planted.topic}, field {planted.field}"


def _counted(planted: Planted) -> str:
    if planted.withheld:
        told = f"{planted.withheld} messages were held back, {planted.messages} came."
    else:
        told = f"{planted.hit} of {planted.messages} messages were hit{_spans(planted.offsets)}."
    late = f" Kafka had not taken {planted.undelivered} more." if planted.undelivered else ""
    return f"{told}{late} Sound data goes on." if planted.phase is Phase.ENDED else told + late


def _spans(offsets: Mapping[int, Span]) -> str:
    parts = [f"{number}: {span.first}-{span.last}" for number, span in sorted(offsets.items())]
    return f" (offsets by partition {', '.join(parts)})" if parts else ""
