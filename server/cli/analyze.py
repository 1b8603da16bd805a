"""`headwater analyze`: find now which topics are the same twice."""

from __future__ import annotations

import time
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from core.analysis import AnalysisRun, AnalysisStatus
from server.cli.client import catalog_of
from server.cli.options import AsJson, Port
from server.cli.terminal import progress_on
from server.settings import load_settings

_FAILED = 1
_INTERRUPTED = 130
_POLL_SECONDS = 0.3


def register(app: typer.Typer) -> None:
    app.command("analyze")(analyze)


def analyze(
    whole: Annotated[
        bool, typer.Option("--whole", help="Compare every topic anew, not only changed ones.")
    ] = False,
    port: Port = None,
    wait: Annotated[bool, typer.Option(help="Wait for the end of the analysis.")] = True,
    as_json: AsJson = False,
) -> None:
    """Compare the topics that changed since the last analysis with all others.

    Each scan is followed by an analysis; this one is for now. Exit codes: 0 done, 1 it failed, 130
    stopped by Ctrl-C (the server's analysis goes on).
    """
    catalog = catalog_of(load_settings(catalog_port=port))
    run = AnalysisRun.model_validate(catalog.post("/analyses", {"whole": whole}))
    try:
        with progress_on(Console(stderr=True)).step(f"Analysis {run.id}") as step:
            while wait and not run.ended:
                time.sleep(_POLL_SECONDS)
                run = AnalysisRun.model_validate(catalog.get(f"/analyses/{run.id}"))
                if run.progress.total:
                    step.advance_to(run.progress.done, run.progress.total)
    except KeyboardInterrupt:
        raise typer.Exit(_INTERRUPTED) from None
    if as_json:
        typer.echo(run.model_dump_json(indent=2))
    else:
        Console().print(Text(_said(run)), soft_wrap=True)
    if run.status is AnalysisStatus.FAILED:
        raise typer.Exit(_FAILED)


def _said(run: AnalysisRun) -> str:
    if run.status is AnalysisStatus.FAILED:
        return f"Analysis {run.id} failed: {run.error}"
    if not run.ended:
        return f"Analysis {run.id} is {run.status.value}: GET /analyses/{run.id} tells how far."
    progress = run.progress
    advice = (
        f" {progress.recommended} new recommendations: `headwater recommendations list` shows them."
        if progress.recommended
        else ""
    )
    if not progress.total:
        return f"Nothing changed: the {progress.sources} topics are compared as they are.{advice}"
    return (
        f"Compared {progress.total} of {progress.sources} topics with their likeliest partners: "
        f"{progress.candidates:,} pairs scored, {progress.aligned:,} aligned field by field, "
        f"{progress.duplicates} found to be the same twice, in {progress.seconds:.1f} s.{advice}"
    )
