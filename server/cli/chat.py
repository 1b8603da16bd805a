"""`headwater chat`: ask in words, once or in a conversation."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.text import Text

from server.chat import ChatAnswer
from server.cli.client import NOTHING_FOUND, Catalog, RefusedError, catalog_of
from server.cli.options import AsJson, Port
from server.settings import load_settings


def register(app: typer.Typer) -> None:
    app.command("chat")(chat)


def chat(
    message: Annotated[
        list[str] | None, typer.Argument(help="What to ask; without it a conversation begins.")
    ] = None,
    thread: Annotated[str | None, typer.Option(help="Go on with an earlier conversation.")] = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Ask Headwater in words.

    Exit codes: 0 answered, 1 an error, 3 no agent could take the request.
    """
    catalog = catalog_of(load_settings(catalog_port=port))
    if message:
        answer = _ask(catalog, " ".join(message), thread, quiet=as_json)
        _show(answer, as_json)
        if answer.route.agent == "none":
            raise typer.Exit(NOTHING_FOUND)
    else:
        _talk(catalog, thread)


def _talk(catalog: Catalog, thread: str | None) -> None:
    """Until the end of the input; an error is told and the conversation goes on."""
    console = Console(stderr=True)
    if sys.stdin.isatty():
        console.print(Text("Ask about your topics; Ctrl-D ends.", style="dim"))
    while (line := _line(console)) is not None:
        if not line.strip():
            continue
        try:
            answer = _ask(catalog, line, thread, quiet=False)
        except RefusedError as error:
            console.print(Text(f"Error: {error}", style="red"))
            continue
        thread = answer.thread_id
        _show(answer, as_json=False)


def _line(console: Console) -> str | None:
    try:
        return console.input("[bold cyan]> [/]") if sys.stdin.isatty() else input()
    except EOFError:
        return None


def _ask(catalog: Catalog, message: str, thread: str | None, *, quiet: bool) -> ChatAnswer:
    console = Console(stderr=True, quiet=quiet)
    asked = {"message": message, "thread_id": thread}
    answer: dict[str, Any] = {}
    with console.status("thinking") as status:
        for name, data in catalog.events("/chat", asked):
            if name == "step":
                status.update(f"{data['tool']} {_arguments(data['arguments'])}")
            elif name == "done":
                answer = data
    return ChatAnswer.model_validate(answer)


def _arguments(given: dict[str, Any]) -> str:
    return Text(", ".join(f"{name}: {value}" for name, value in given.items())[:60]).markup


def _show(answer: ChatAnswer, as_json: bool) -> None:
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    console = Console()
    console.print(Markdown(answer.answer, hyperlinks=False))
    console.print(Text(f"\n{_signature(answer)}", style="dim"))


def _signature(answer: ChatAnswer) -> str:
    """Who wrote it, and how to go on."""
    wrote = f"written by {answer.written_by}"
    if answer.fallback:
        wrote += f", since {answer.fallback.model} failed: {answer.fallback.reason}"
    return f"{wrote}; go on with --thread {answer.thread_id}"
