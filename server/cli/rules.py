"""`headwater rules TOPIC`: which quality rules hold for a topic; state some, switch some off."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import orjson
import typer
import yaml
from rich.console import Console
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from server.catalog.rule_views import Rules, RuleView
from server.cli.client import NOTHING_FOUND, catalog_at
from server.cli.options import As, AsJson, Port

LIST = "list"

Topic = Annotated[str, typer.Argument(help="The topic's exact name.")]
RuleId = Annotated[str, typer.Argument(metavar="RULE", help="The rule's id.")]


class RulesFileError(Exception):
    """The file states no rules; the text says what it should hold."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(
            f"{name} states no rules: {why}. Write a list of rules, each with an id, such as "
            "`- {id: rating-range, metric: range, field: rating, minimum: 0}`."
        )


class RuleCommands(TyperGroup):
    """`rules TOPIC` is `rules list TOPIC`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = [LIST, *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    part = typer.Typer(
        cls=RuleCommands,
        no_args_is_help=True,
        help="See the quality rules of a topic (`headwater rules TOPIC`), and state some.",
    )
    part.command(LIST)(list_rules)
    part.command("set")(set_rules)
    part.command("remove")(remove)
    part.command("off")(off)
    part.command("on")(on)
    app.add_typer(part, name="rules")


def list_rules(topic: Topic, port: Port = None, as_json: AsJson = False) -> None:
    """List the rules of a topic. Exit codes: 0 done, 1 an error, 3 there are none."""
    answer = catalog_at(port).get(_path(topic))
    rules = Rules.model_validate(answer)
    if as_json:
        typer.echo(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode())
    else:
        _show(rules)
    if not rules.items:
        raise typer.Exit(NOTHING_FOUND)


def set_rules(
    topic: Topic,
    file: Annotated[
        typer.FileText, typer.Argument(help="Rules as YAML or JSON, each with an id; - for stdin.")
    ],
    who: As = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """State rules, in place of those of the same ids. Exit codes: 0 done, 1 one is refused."""
    catalog = catalog_at(port, who)
    for stated in _stated(file.name, file.read()):
        path = _path(topic, str(stated["id"]))
        _told(catalog.send("PUT", path, json=stated).json(), as_json)


def remove(topic: Topic, rule: RuleId, who: As = None, port: Port = None) -> None:
    """Take a stated rule back."""
    catalog_at(port, who).send("DELETE", _path(topic, rule))


def off(
    topic: Topic, rule: RuleId, who: As = None, port: Port = None, as_json: AsJson = False
) -> None:
    """Watch a rule no more. An inferred one stays off when it is learnt again."""
    _switch(topic, rule, who, port, as_json, active=False)


def on(
    topic: Topic, rule: RuleId, who: As = None, port: Port = None, as_json: AsJson = False
) -> None:
    """Watch a rule again."""
    _switch(topic, rule, who, port, as_json, active=True)


def _switch(
    topic: str, rule: str, who: str | None, port: int | None, as_json: bool, *, active: bool
) -> None:
    path = f"{_path(topic, rule)}/active"
    _told(catalog_at(port, who).send("PUT", path, json={"active": active}).json(), as_json)


def _path(topic: str, rule: str | None = None) -> str:
    path = f"/sources/{quote(topic, safe='')}/rules"
    return path if rule is None else f"{path}/{quote(rule, safe='')}"


def _stated(name: str, text: str) -> list[dict[str, Any]]:
    """Raises RulesFileError before anything is sent."""
    try:
        read = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RulesFileError(name, " ".join(str(error).split())[:200]) from error
    found = read if isinstance(read, list) else [read]
    if not found or not all(isinstance(each, dict) for each in found):
        raise RulesFileError(name, "it is neither a rule nor a list of rules")
    if nameless := sum("id" not in each for each in found):
        raise RulesFileError(name, f"{nameless} of them have no id")
    return found


def _told(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(orjson.dumps(answer).decode())
        return
    view = RuleView.model_validate(answer)
    state = "watched" if view.active else "off"
    Console().print(Text.assemble((view.id, "bold"), f"  {state}  {view.says}"), soft_wrap=True)


def _show(rules: Rules) -> None:
    console = Console()
    if not rules.items:
        console.print("No rule holds for it. `headwater rules set` states some.")
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("rule", overflow="fold", max_width=26)
    table.add_column("says", overflow="fold", ratio=1)
    table.add_column("from", no_wrap=True)
    table.add_column("since", no_wrap=True)
    for each in rules.items:
        since = "off" if not each.active else f"{each.since:%Y-%m-%d}" if each.since else ""
        table.add_row(Text(each.id), Text(each.says), Text(each.origin), since)
    console.print(table)
    for entry in rules.not_watched:
        console.print(Text(f"not watched: {entry.name or entry.at}, {entry.why}", style="dim"))
