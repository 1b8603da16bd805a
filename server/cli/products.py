"""`headwater products`: data products, their versions, contracts and lifecycle."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console

from core.product import Lifecycle
from core.snippets import Language, Role, Snippet
from server.cli import product_sheet
from server.cli.client import NOTHING_FOUND
from server.cli.contract_command import contract
from server.cli.options import As, AsJson, OfDomain, OfOwner, ProductsPort, WithTag
from server.cli.product_service import path_of, put, service
from server.products.views import DiffView, ProductView, VersionSummary

_ANY = {"If-Match": "*"}

Id = Annotated[str, typer.Argument(help="The product's id.")]
Name = Annotated[str | None, typer.Option(help="What people call it.")]
Description = Annotated[str | None, typer.Option(help="What it is, in a sentence or two.")]
Owner = Annotated[str | None, typer.Option(help="group:<namespace>/<name> or user:...")]
Domain = Annotated[str | None, typer.Option(help="The business domain.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="A tag; may be repeated.")]
Topics = Annotated[list[str] | None, typer.Option("--topic", help="An output port; repeatable.")]
Docs = Annotated[
    typer.FileText | None, typer.Option("--documentation", help="A Markdown file, - for stdin.")
]


def register(app: typer.Typer) -> None:
    part = typer.Typer(no_args_is_help=True, help="Data products: see them, change them.")
    part.command("list")(list_products)
    for command in _COMMANDS:
        part.command(command.__name__)(command)
    app.add_typer(part, name="products")


def list_products(
    owner: OfOwner = None,
    domain: OfDomain = None,
    lifecycle: Annotated[Lifecycle | None, typer.Option(help="Only in this state.")] = None,
    tag: WithTag = None,
    topic: Annotated[str | None, typer.Option(help="Only with this topic.")] = None,
    text: Annotated[str | None, typer.Option(help="Part of id, name or description.")] = None,
    deleted: Annotated[bool, typer.Option("--deleted", help="Deleted ones too.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
    cursor: Annotated[str | None, typer.Option(help="The next page of a list.")] = None,
    port: ProductsPort = None,
    as_json: AsJson = False,
) -> None:
    """List products by id. Exit codes: 0 done, 1 an error, 3 there are none."""
    asked: dict[str, Any] = {"owner": owner, "domain": domain, "lifecycle": lifecycle, "tag": tag}
    asked |= {"topic": topic, "text": text, "limit": limit, "cursor": cursor}
    page = service(port).get("/products", {**asked, "deleted": deleted or None})
    found = [ProductView.model_validate(item) for item in page["items"]]
    if as_json:
        put(page)
    else:
        product_sheet.show_list(Console(), found, page["next_cursor"])
    if not found:
        raise typer.Exit(NOTHING_FOUND)


def show(product_id: Id, port: ProductsPort = None, as_json: AsJson = False) -> None:
    """Show one product. Exit codes: 0 done, 1 an error or no such product."""
    _end(service(port).get(path_of(product_id)), as_json)


def versions(
    product_id: Id,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
    cursor: Annotated[str | None, typer.Option(help="The next page of a list.")] = None,
    port: ProductsPort = None,
    as_json: AsJson = False,
) -> None:
    """List a product's versions, newest first, with what changed."""
    asked = {"limit": limit, "cursor": cursor}
    page = service(port).get(f"{path_of(product_id)}/versions", asked)
    if as_json:
        put(page)
    else:
        found = [VersionSummary.model_validate(item) for item in page["items"]]
        product_sheet.show_versions(Console(), found, page["next_cursor"])


def diff(
    product_id: Id,
    before: Annotated[str, typer.Argument(help="A version.")],
    after: Annotated[str | None, typer.Argument(help="Another one (default: in force).")] = None,
    port: ProductsPort = None,
    as_json: AsJson = False,
) -> None:
    """Compare two versions. Exit codes: 0 done, 1 an error, 3 there is no difference."""
    found, path = service(port), path_of(product_id)
    latest = after or found.get(f"{path}/versions", {"limit": 1})["items"][0]["version"]
    told = found.get(f"{path}/versions/{quote(before, safe='')}/diff/{quote(latest, safe='')}")
    if as_json:
        put(told)
    else:
        product_sheet.show_diff(Console(), DiffView.model_validate(told))
    if not told["changes"]:
        raise typer.Exit(NOTHING_FOUND)


def create(
    name: Annotated[str, typer.Option(help="What people call it.")],
    description: Annotated[str, typer.Option(help="What it is, in a sentence or two.")],
    owner: Annotated[str, typer.Option(help="group:<namespace>/<name> or user:...")],
    domain: Annotated[str, typer.Option(help="The business domain.")],
    tag: Tags = None,
    topic: Topics = None,
    documentation: Docs = None,
    product_id: Annotated[
        str | None, typer.Option("--id", help="Default: made from the name.")
    ] = None,
    who: As = None,
    port: ProductsPort = None,
    as_json: AsJson = False,
) -> None:
    """Draft a product of topics that exist; `headwater generate` makes new ones."""
    given = {"name": name, "description": description, "owner": owner, "domain": domain}
    body = _content(given, tag, topic, documentation) | ({"id": product_id} if product_id else {})
    _end(service(port, who).post("/products", body), as_json)


def update(
    product_id: Id,
    name: Name = None,
    description: Description = None,
    owner: Owner = None,
    domain: Domain = None,
    tag: Tags = None,
    topic: Topics = None,
    documentation: Docs = None,
    who: As = None,
    port: ProductsPort = None,
    as_json: AsJson = False,
) -> None:
    """Change what a product says; tags and topics that are given replace those that there are."""
    given = {"name": name, "description": description, "owner": owner, "domain": domain}
    body = _content(given, tag, topic, documentation)
    found, path = service(port, who), path_of(product_id)
    seen = {"If-Match": found.send("GET", path).headers["ETag"]}
    _end(found.send("PATCH", path, json=body, headers=seen).json(), as_json)


def submit(
    product_id: Id, who: As = None, port: ProductsPort = None, as_json: AsJson = False
) -> None:
    """Ask for a draft to become active."""
    _move("submit", product_id, who, port, as_json)


def activate(
    product_id: Id, who: As = None, port: ProductsPort = None, as_json: AsJson = False
) -> None:
    """Make a product active: it has topics that exist, and a contract."""
    _move("activate", product_id, who, port, as_json)


def deprecate(
    product_id: Id, who: As = None, port: ProductsPort = None, as_json: AsJson = False
) -> None:
    """Deprecate an active product: still served, to be moved away from."""
    _move("deprecate", product_id, who, port, as_json)


def retire(
    product_id: Id, who: As = None, port: ProductsPort = None, as_json: AsJson = False
) -> None:
    """Retire a deprecated product; refused while consumer groups read its topics."""
    _move("retire", product_id, who, port, as_json)


def restore(
    product_id: Id, who: As = None, port: ProductsPort = None, as_json: AsJson = False
) -> None:
    """Bring back a deleted product, or take a deprecated or retired one a step back."""
    _move("restore", product_id, who, port, as_json)


def delete(
    product_id: Id,
    reason: Annotated[str, typer.Option("--reason", "-m", help="Why, for the record.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    who: As = None,
    port: ProductsPort = None,
    as_json: AsJson = False,
) -> None:
    """Delete a product; its topics stay on Kafka, and `restore` brings it back.

    Refused while consumer groups read its topics. Exit codes: 0 done, 1 refused or not confirmed.
    """
    if not yes and sys.stdin.isatty():
        typer.confirm(f"Delete the product {product_id}?", abort=True)
    asked: dict[str, Any] = {"params": {"reason": reason}, "headers": _ANY}
    _end(service(port, who).send("DELETE", path_of(product_id), **asked).json(), as_json)


def snippets(
    product_id: Id,
    language: Annotated[Language | None, typer.Option(help="Only in this language.")] = None,
    role: Annotated[Role | None, typer.Option(help="Only of this role.")] = None,
    topic: Annotated[str | None, typer.Option(help="Only for this topic.")] = None,
    out: Annotated[
        Path | None, typer.Option(file_okay=False, help="Write them as files into this folder.")
    ] = None,
    port: ProductsPort = None,
    as_json: AsJson = False,
) -> None:
    """Print code that produces to a product and consumes it. Exit code 3: there is none."""
    asked = {"language": language, "role": role, "topic": topic}
    told = service(port).get(f"{path_of(product_id)}/snippets", asked)
    found = [Snippet.model_validate(item) for item in told["items"]]
    if out is not None:
        _write(out, found)
    elif as_json:
        put(told)
    else:
        product_sheet.show_snippets(Console(), found)
    if not found:
        raise typer.Exit(NOTHING_FOUND)


_COMMANDS: tuple[Callable[..., None], ...] = (
    *(show, versions, diff, contract, create, update),
    *(submit, activate, deprecate, retire, restore, delete, snippets),
)


def _write(folder: Path, found: list[Snippet]) -> None:
    """A folder for each topic where there are several: their files are called alike."""
    several = len({each.topic for each in found}) > 1
    for each in found:
        file = (folder / each.topic if several else folder) / each.filename
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(each.code, encoding="utf-8")
        typer.echo(f"{file}  ({each.requires})")


def _content(
    given: Mapping[str, str | None],
    tags: list[str] | None,
    topics: list[str] | None,
    documentation: Any,
) -> dict[str, Any]:
    body: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if tags is not None:
        body["tags"] = tags
    if topics is not None:
        body["ports"] = [{"topic": topic} for topic in topics]
    if documentation is not None:
        body["documentation"] = documentation.read()
    return body


def _move(step: str, product_id: str, who: str | None, port: int | None, as_json: bool) -> None:
    answer = service(port, who).send("POST", f"{path_of(product_id)}/{step}")
    _end(answer.json(), as_json)


def _end(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        put(answer)
    else:
        product_sheet.show_one(Console(), ProductView.model_validate(answer))
