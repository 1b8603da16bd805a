"""`headwater generate`: a data product from a description."""

from __future__ import annotations

import secrets
import time
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.text import Text

from core.generation import GenerationStatus
from graph.plan_words import plan_markdown
from server.cli.address import generator_address
from server.cli.client import Catalog, RefusedError, ServerNotRunningError, identity_of
from server.cli.options import As, AsJson, GeneratorPort
from server.cli.terminal import progress_on
from server.embedded.progress import Step
from server.generator.views import GenerationView
from server.settings import load_settings

_FAILED = 1
_INTERRUPTED = 130
_ANSWER_SECONDS = 30.0
_LOOK_SECONDS = 0.3
_PATIENCE_SECONDS = 60.0
_DRAFTING = (GenerationStatus.QUEUED, GenerationStatus.DRAFTING)


class GeneratorSilentError(Exception):
    """The server stopped answering while a draft was watched."""

    def __init__(self, generation_id: str) -> None:
        super().__init__(
            f"The server has not answered for {_PATIENCE_SECONDS:g} s. {generation_id} goes on "
            "when it is back; look at the server's log."
        )


def register(app: typer.Typer) -> None:
    app.command("generate")(generate)


def generate(
    description: Annotated[list[str], typer.Argument(help="What the data is, in words.")],
    name: Annotated[str, typer.Option(help="What the product is called.")],
    owner: Annotated[str, typer.Option(help="The owning team: fraud-team or group:...")],
    auto_provision: Annotated[
        bool, typer.Option("--auto-provision", help="Let the policy decide, where it has a rule.")
    ] = False,
    approve_wait: Annotated[
        bool, typer.Option("--approve-wait", help="Wait until it is decided on and carried out.")
    ] = False,
    who: As = None,
    generator_port: GeneratorPort = None,
    as_json: AsJson = False,
) -> None:
    """Draft a data product: what exists already, and a complete plan that waits for approval.

    Nothing is made before an approver decides. Exit codes: 0 drafted, or active with
    --approve-wait; 1 failed, rejected or expired; 130 stopped by Ctrl-C (the draft goes on).
    """
    settings = load_settings(generator_port=generator_port, principal=who)
    client = Catalog(generator_address(settings), _ANSWER_SECONDS, identity_of(settings))
    asked = {
        "product_name": name,
        "owner": owner,
        "description": " ".join(description),
        "auto_provision": auto_provision,
    }
    view = _watched(client, _asked(client, asked), approve_wait, Console(stderr=True))
    _show(view, as_json)
    status = view.generation.status
    if status.ended and status is not GenerationStatus.ACTIVE:
        raise typer.Exit(_FAILED)


def _asked(client: Catalog, asked: dict[str, Any]) -> GenerationView:
    """Asked once more where the server was away for a moment: one key, one generation."""
    key = secrets.token_hex(16)
    try:
        return GenerationView.model_validate(client.post("/generate", asked, key=key))
    except ServerNotRunningError:
        time.sleep(_LOOK_SECONDS)
        return GenerationView.model_validate(client.post("/generate", asked, key=key))


def _watched(
    client: Catalog, view: GenerationView, approve_wait: bool, console: Console
) -> GenerationView:
    """Until it is drafted, or with `approve_wait` until it has ended."""
    path = f"/generations/{view.generation.id}"
    try:
        with progress_on(console).step(f"Drafting {view.generation.request.product_name}") as step:
            view = _until_drafted(client, path, view, step)
        if approve_wait and not view.generation.status.ended:
            with progress_on(console).step(f"Waiting for {view.generation.approval_id}") as step:
                view = _until_ended(client, path, view, step)
    except KeyboardInterrupt:
        said = (
            f"{view.generation.id} goes on at the server: {client.url}{path} tells how far it is."
        )
        console.print(said, markup=False, soft_wrap=True)
        raise typer.Exit(_INTERRUPTED) from None
    return view


def _until_drafted(client: Catalog, path: str, view: GenerationView, step: Step) -> GenerationView:
    while view.generation.status in _DRAFTING:
        view = _looked(client, path, view, step)
    return view


def _until_ended(client: Catalog, path: str, view: GenerationView, step: Step) -> GenerationView:
    while not view.generation.status.ended:
        view = _looked(client, path, view, step)
    return view


def _looked(client: Catalog, path: str, view: GenerationView, step: Step) -> GenerationView:
    """A server that restarts, or one below it, is waited for."""
    until = time.monotonic() + _PATIENCE_SECONDS
    step.note(view.generation.stage)
    while time.monotonic() < until:
        time.sleep(_LOOK_SECONDS)
        try:
            return GenerationView.model_validate(client.get(path))
        except ServerNotRunningError:
            step.note("the server does not answer; waiting")
        except RefusedError as error:
            if error.status != 503:
                raise
            step.note("a server below does not answer; waiting")
    raise GeneratorSilentError(view.generation.id)


def _show(view: GenerationView, as_json: bool) -> None:
    if as_json:
        typer.echo(view.model_dump_json(indent=2))
        return
    console, generation = Console(), view.generation
    if view.plan is not None:
        console.print(Markdown(generation.summary, hyperlinks=False))
        console.print()
        console.print(Markdown(plan_markdown(view.plan), hyperlinks=False))
        console.print()
    console.print(Text(f"{generation.id}: {generation.status.value}, {generation.stage}"))
    if generation.error:
        console.print(Text(generation.error, style="red"))
    if generation.status is GenerationStatus.WAITING and generation.approval_id:
        console.print(Text(f"Approve with: headwater approvals approve {generation.approval_id}"))
